package sim

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

// lastTradingDay is d, or the last trading day before it.
func lastTradingDay(d model.Date) model.Date {
	if exchange.TradingDay(d) {
		return d
	}
	return exchange.Previous(d)
}

// monthly is the day on which a month's standard contracts expire: the third
// Friday, or the trading day before it.
func monthly(year int, m time.Month) model.Date {
	return lastTradingDay(nthWeekday(year, m, time.Friday, 3))
}

// volatilityMonthly is when a month's standard contracts on the volatility index
// expire: 30 days before those on the S&P 500 of the month after.
func volatilityMonthly(year int, m time.Month) model.Date {
	return lastTradingDay(monthly(year, m+1) - 30)
}

// expiries lists the days on which contracts of an underlying expire, seen from
// a day: the near ones by its listing, Fridays for six weeks, monthlies for six
// months, quarterlies for fourteen, and the next two Januaries (LEAPS).
func expiries(kind listing, today model.Date) []model.Date {
	var list []model.Date
	for _, d := range tradingDays(today, today+14) {
		switch kind {
		case daily:
			if d <= today+11 {
				list = append(list, d)
			}
		case few:
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
	case few:
		for i := range 4 {
			list = append(list, monthly(year, month+time.Month(i)))
		}
		return listed(list, today)
	case volatility:
		for d := today; d <= today+21; d++ {
			if d.Weekday() == time.Wednesday {
				list = append(list, lastTradingDay(d))
			}
		}
		for i := range 4 {
			list = append(list, volatilityMonthly(year, month+time.Month(i)))
		}
		return listed(list, today)
	}
	for d := today; d <= today+42; d++ {
		if d.Weekday() == time.Friday {
			list = append(list, lastTradingDay(d))
		}
	}
	for i := range 6 {
		list = append(list, monthly(year, month+time.Month(i)))
	}
	for i := range 14 {
		if m := (int(month)-1+i)%12 + 1; m%3 == 0 {
			list = append(list, monthly(year, month+time.Month(i)))
		}
	}
	list = append(list, monthly(year+1, time.January), monthly(year+2, time.January))
	return listed(list, today)
}

// listed are the days of a list from today on, each once, in order.
func listed(list []model.Date, today model.Date) []model.Date {
	slices.Sort(list)
	list = slices.Compact(list)
	return slices.DeleteFunc(list, func(d model.Date) bool { return d < today })
}

// dayCount counts trading days, so that the time to an expiry is a subtraction.
type dayCount struct {
	from  model.Date
	count []int32 // trading days up to and including from+i
}

// newDayCount covers the month before a day and six years after.
func newDayCount(day model.Date) dayCount {
	d := dayCount{from: day - 31}
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

// between is the number of trading days after a, up to and including b.
func (d *dayCount) between(a, b model.Date) int { return int(d.at(b) - d.at(a)) }

func (d *dayCount) at(x model.Date) int32 {
	return d.count[max(0, min(int(x-d.from), len(d.count)-1))]
}
