package session

import (
	"sync"
	"time"

	"optflow/model"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/aa"
	"github.com/rickar/cal/v2/us"
)

// The years for which the exchange's rules are computed. The published days of
// 2024 to 2028 are checked; before and after it is the same rules.
const (
	firstYear = 2015
	lastYear  = 2060
)

// exchangeHolidays are the days on which NYSE Rule 7.2 closes the market. They
// are the federal ones without Columbus and Veterans Day, with Good Friday. A
// holiday on a Saturday is kept on the Friday before, one on a Sunday on the
// Monday after; New Year's Day on a Saturday is not kept at all, since that
// Friday closes an accounting year.
var exchangeHolidays = []*cal.Holiday{
	aa.NewYear.Clone(&cal.Holiday{Observed: []cal.AltDay{{Day: time.Sunday, Offset: 1}}}),
	us.MlkDay,
	us.PresidentsDay,
	aa.GoodFriday,
	us.MemorialDay,
	us.Juneteenth.Clone(&cal.Holiday{StartYear: 2022}), // the exchange followed a year after Congress
	us.IndependenceDay,
	us.LaborDay,
	us.ThanksgivingDay,
	us.ChristmasDay,
}

type day uint8

const (
	fullDay day = iota
	closedDay
	earlyDay // closes at 13:00
)

// exceptions holds every weekday of the covered years that is not a full one.
var exceptions = sync.OnceValue(func() map[model.Date]day {
	days := make(map[model.Date]day)
	for year := firstYear; year <= lastYear; year++ {
		// Early closes, from the footnotes of the exchange's yearly announcements.
		// Where one of them is a holiday itself, the loop below says so.
		_, thanksgiving := us.ThanksgivingDay.Calc(year)
		days[model.DateOf(thanksgiving)+1] = earlyDay
		days[model.MakeDate(year, time.July, 3)] = earlyDay
		days[model.MakeDate(year, time.December, 24)] = earlyDay
		for _, holiday := range exchangeHolidays {
			if _, kept := holiday.Calc(year); !kept.IsZero() {
				days[model.DateOf(kept)] = closedDay
			}
		}
	}
	for d := range days {
		if weekend(d) {
			delete(days, d)
		}
	}
	return days
})

func weekend(d model.Date) bool {
	return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
}
