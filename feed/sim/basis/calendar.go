package basis

import (
	"slices"
	"time"

	"optflow/model"
	"optflow/model/session"
)

// nthWeekday is the n-th given weekday of a month.
func nthWeekday(year int, m time.Month, day time.Weekday, n int) model.Date {
	first := model.MakeDate(year, m, 1)
	return first + model.Date((int(day)-int(first.Weekday())+7)%7+7*(n-1))
}

// exchange is the regular calendar. The simulated market trades every day all
// the same; the calendar decides which days are expiries.
var exchange session.Calendar

// tradingDays lists the trading days from..to, both included.
func tradingDays(from, to model.Date) []model.Date {
	var days []model.Date
	for d := from; d <= to; d++ {
		if exchange.TradingDay(d) {
			days = append(days, d)
		}
	}
	return days
}

// LastTradingDay is d, or the last trading day before it.
func LastTradingDay(d model.Date) model.Date {
	if exchange.TradingDay(d) {
		return d
	}
	return exchange.Previous(d)
}

// Monthly is the day on which a month's standard contracts expire: the third
// Friday, or the trading day before it.
func Monthly(year int, m time.Month) model.Date {
	return LastTradingDay(nthWeekday(year, m, time.Friday, 3))
}

// VolatilityMonthly is when a month's standard contracts on the volatility index
// expire: 30 days before those on the S&P 500 of the month after.
func VolatilityMonthly(year int, m time.Month) model.Date {
	return LastTradingDay(Monthly(year, m+1) - 30)
}

// Expiries lists the days on which contracts of an underlying expire, seen from
// a day: the near ones by its listing, Fridays for six weeks, monthlies for six
// months, quarterlies for fourteen, and the next two Januaries (LEAPS).
func Expiries(kind listing, today model.Date) []model.Date {
	var list []model.Date
	for _, d := range tradingDays(today, today+14) {
		switch kind {
		case daily:
			if d <= today+11 {
				list = append(list, d)
			}
		case Few:
			if d.Weekday() == time.Friday {
				list = append(list, d)
			}
		case threeAWeek:
			if w := d.Weekday(); w == time.Monday || w == time.Wednesday {
				list = append(list, d)
			}
		}
	}
	year, month, _ := today.UTC().Date()
	switch kind {
	case Few:
		for i := range 4 {
			list = append(list, Monthly(year, month+time.Month(i)))
		}
		return listed(list, today)
	case Volatility:
		for d := today; d <= today+21; d++ {
			if d.Weekday() == time.Wednesday {
				list = append(list, LastTradingDay(d))
			}
		}
		for i := range 4 {
			list = append(list, VolatilityMonthly(year, month+time.Month(i)))
		}
		return listed(list, today)
	}
	for d := today; d <= today+42; d++ {
		if d.Weekday() == time.Friday {
			list = append(list, LastTradingDay(d))
		}
	}
	for i := range 6 {
		list = append(list, Monthly(year, month+time.Month(i)))
	}
	for i := range 14 {
		if m := (int(month)-1+i)%12 + 1; m%3 == 0 {
			list = append(list, Monthly(year, month+time.Month(i)))
		}
	}
	list = append(list, Monthly(year+1, time.January), Monthly(year+2, time.January))
	return listed(list, today)
}

// listed are the days of a list from today on, each once, in order.
func listed(list []model.Date, today model.Date) []model.Date {
	slices.Sort(list)
	list = slices.Compact(list)
	return slices.DeleteFunc(list, func(d model.Date) bool { return d < today })
}

// DayCount counts trading days, so that the time to an expiry is a subtraction.
type DayCount struct {
	from  model.Date
	count []int32 // trading days up to and including from+i
}

// NewDayCount covers the month before a day and six years after.
func NewDayCount(day model.Date) DayCount {
	d := DayCount{from: day - 31}
	n := int32(0)
	for i := range 7 * 366 {
		date := d.from + model.Date(i)
		if exchange.TradingDay(date) {
			n++
		}
		d.count = append(d.count, n)
	}
	return d
}

// Between is the number of trading days after a, up to and including b.
func (d *DayCount) Between(a, b model.Date) int { return int(d.at(b) - d.at(a)) }

func (d *DayCount) at(x model.Date) int32 {
	return d.count[max(0, min(int(x-d.from), len(d.count)-1))]
}
