package filter

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"optflow/model"
)

// dateUse is a date after = or !=, to be looked for among the expiries.
type dateUse struct {
	clause
	from, to model.Date
}

var (
	monthNames   = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
	weekdayNames = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
)

// date reads 18dec, 18dec26, 18dec2026, dec, dec2026, fri, today or 2026-12-18.
// Without a year it is the next one, today included.
func (p *parser) date(c clause, text string) Value {
	if d, err := model.ParseDate(text); err == nil {
		return dates(text, d, d)
	}
	today := model.Date(0)
	if p.env.Now != nil {
		today = model.TradingDate(p.env.Now())
	}
	needNow := func() {
		if p.env.Now == nil {
			p.failValue(c, "%q needs a year here (18dec2026)", short(text))
		}
	}
	if text == "today" {
		needNow()
		return dates(text, today, today)
	}
	if k := slices.Index(weekdayNames, text); k >= 0 {
		needNow()
		d := today + model.Date((k-int(today.Weekday())+7)%7)
		return dates(text, d, d)
	}
	day, rest := leadingNumber(text)
	if len(rest) < 3 || !slices.Contains(monthNames, rest[:3]) {
		p.failValue(c, "%q is not a date (try 18dec, dec, fri or 2026-12-18)", short(text))
	}
	month := time.Month(slices.Index(monthNames, rest[:3]) + 1)
	year, tail := leadingNumber(rest[3:])
	switch digits := len(rest) - 3; {
	case tail != "" || digits != 0 && digits != 4 && (digits != 2 || day < 0):
		p.failValue(c, "%q is not a date (try 18dec or %s2026)", short(text), rest[:3])
	case digits == 2:
		year += 2000
	}
	switch {
	case year >= 0 && (year < 1970 || year > 2200):
		p.failValue(c, "no options of the year %d", year)
	case year < 0:
		needNow()
	}
	if day < 0 {
		return dates(text, monthOf(year, month, today)...)
	}
	if most := model.MakeDate(2024, month+1, 1) - model.MakeDate(2024, month, 1); day < 1 || day > int(most) {
		p.failValue(c, "%s has %d days", month, most)
	}
	d, ok := dayOf(year, month, day, today)
	if !ok {
		p.failValue(c, "there is no 29 Feb in %d", year)
	}
	return dates(text, d, d)
}

func dates(text string, d ...model.Date) Value {
	return Value{Text: text, Lo: float64(d[0]), Hi: float64(d[1])}
}

// leadingNumber is the number of up to four digits that text begins with, -1
// when there is none.
func leadingNumber(text string) (n int, rest string) {
	i := 0
	for i < len(text) && i < 4 && text[i] >= '0' && text[i] <= '9' {
		i++
	}
	if i == 0 {
		return -1, text
	}
	n, _ = strconv.Atoi(text[:i]) // at most four digits
	return n, text[i:]
}

// monthOf is the first and last day of a month; without a year (-1) of the one
// that runs or comes next.
func monthOf(year int, month time.Month, today model.Date) []model.Date {
	if year < 0 {
		year = today.UTC().Year()
		if month < today.UTC().Month() {
			year++
		}
	}
	return []model.Date{model.MakeDate(year, month, 1), model.MakeDate(year, month+1, 1) - 1}
}

// dayOf is a day of the year, without a year (-1) the next one from today on.
// Only 29 February may not be there.
func dayOf(year int, month time.Month, day int, today model.Date) (model.Date, bool) {
	if year >= 0 {
		d := model.MakeDate(year, month, day)
		return d, d.UTC().Day() == day
	}
	for year = today.UTC().Year(); ; year++ { // a leap year comes within eight
		if d := model.MakeDate(year, month, day); d >= today && d.UTC().Day() == day {
			return d, true
		}
	}
}

// checkDates refuses weekends and warns of days on which nothing expires.
func (p *parser) checkDates() {
	if len(p.dates) == 0 {
		return
	}
	expiries := p.expiries()
	for _, use := range p.dates {
		if use.from != use.to {
			continue // a month
		}
		name := use.from.UTC().Format("2 Jan 2006")
		near := expiriesNear(use.from, expiries)
		switch weekday := use.from.Weekday(); {
		case weekday == time.Saturday || weekday == time.Sunday:
			if near == "" {
				near = "; options expire on weekdays"
			}
			p.failValue(use.clause, "%s is a %s%s", name, weekday, near)
		case len(expiries) > 0 && !slices.Contains(expiries, use.from):
			p.warn(use.tok.pos, use.tok.end, "%s is no listed expiry%s", name, near)
		}
	}
}

// expiries are those of the tickers in the line, else of all followed.
func (p *parser) expiries() (all []model.Date) {
	if p.env.Expiries == nil {
		return nil
	}
	for _, t := range p.tickers {
		all = append(all, p.env.Expiries(t.name)...)
	}
	if len(all) == 0 {
		for _, name := range p.env.Followed {
			all = append(all, p.env.Expiries(name)...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// expiriesNear names the listed expiries on both sides of a day.
func expiriesNear(day model.Date, all []model.Date) string {
	i, _ := slices.BinarySearch(all, day)
	var near []string
	for _, k := range []int{i - 1, i} {
		if k < 0 || k >= len(all) {
			continue
		}
		form := "2 Jan"
		if all[k].UTC().Year() != day.UTC().Year() {
			form = "2 Jan 2006"
		}
		near = append(near, all[k].UTC().Format(form))
	}
	if len(near) == 0 {
		return ""
	}
	return "; expiries near: " + strings.Join(near, ", ")
}
