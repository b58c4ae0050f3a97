// Package session knows when U.S. options trade: sessions, holidays and early
// closes in New York, which day's data a closed market shows, and the last day
// on which a contract trades. What a server states about today or about coming
// days goes before the computed calendar.
package session

import (
	"maps"
	"time"

	"optflow/model"
)

// Calendar tells trading days and their hours. It is immutable; With returns
// another one. The zero value and nil are the regular calendar.
type Calendar struct {
	overrides map[model.Date]Override
}

// Override is what a server says about a day, for closures and early closes
// that no rule knows.
type Override struct {
	Date   model.Date
	Closed bool
	Open   int64 // ms, 0 as computed
	Close  int64 // ms, 0 as computed
}

// Hours are the trading hours of one day in Unix milliseconds.
type Hours struct {
	Open  int64
	Close int64 // of most options
	Late  int64 // of index options and some ETFs', a quarter of an hour later
	Early bool  // the day closes before 16:00
}

// lateBy is how much longer index options and some ETFs' trade.
const lateBy = int64(15 * time.Minute / time.Millisecond)

// With returns a calendar in which the given days go before the computed ones
// and before earlier overrides of the same day.
func (c *Calendar) With(overrides ...Override) *Calendar {
	next := &Calendar{overrides: make(map[model.Date]Override)}
	if c != nil {
		maps.Copy(next.overrides, c.overrides)
	}
	for _, o := range overrides {
		next.overrides[o.Date] = o
	}
	return next
}

func (c *Calendar) override(d model.Date) (Override, bool) {
	if c == nil {
		return Override{}, false
	}
	o, found := c.overrides[d]
	return o, found
}

// TradingDay reports whether options trade on that day.
func (c *Calendar) TradingDay(d model.Date) bool {
	if o, found := c.override(d); found {
		return !o.Closed && !weekend(d)
	}
	return !weekend(d) && exceptions()[d] != closedDay
}

// Next is the first trading day after d.
func (c *Calendar) Next(d model.Date) model.Date { return c.walk(d, 1) }

// Previous is the last trading day before d.
func (c *Calendar) Previous(d model.Date) model.Date { return c.walk(d, -1) }

// walk looks at most a month far, so that a calendar of nothing but overrides
// cannot keep it.
func (c *Calendar) walk(d model.Date, step model.Date) model.Date {
	d += step
	for range 31 {
		if c.TradingDay(d) {
			return d
		}
		d += step
	}
	return d
}

// Hours are the day's trading hours; ok is false when nothing trades.
func (c *Calendar) Hours(d model.Date) (h Hours, ok bool) {
	if !c.TradingDay(d) {
		return Hours{}, false
	}
	usual := d.At(16, 0).UnixMilli()
	h = Hours{Open: d.At(9, 30).UnixMilli(), Close: usual}
	if exceptions()[d] == earlyDay {
		h.Close = d.At(13, 0).UnixMilli()
	}
	o, _ := c.override(d)
	if o.Open != 0 && model.TradingDate(o.Open) == d {
		h.Open = o.Open
	}
	if o.Close > h.Open && model.TradingDate(o.Close) == d {
		h.Close = o.Close
	}
	h.Late, h.Early = h.Close+lateBy, h.Close < usual
	return h, true
}
