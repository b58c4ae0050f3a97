package model

import (
	"fmt"
	"sync/atomic"
	"time"
	_ "time/tzdata" // exchange time must be right on machines without zone data
)

// Date is a calendar day without a zone, counted in days since 1970-01-01, so
// that days to expiry are a subtraction.
type Date int32

// NewYork is exchange time: sessions, expiries and trading dates are told in it.
var NewYork = mustLoad("America/New_York")

func mustLoad(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // cannot happen: the zone data is embedded
	}
	return loc
}

// MakeDate is the day y-m-d; out-of-range values are normalised as in time.Date.
func MakeDate(y int, m time.Month, d int) Date {
	return Date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDate reads the form 2006-01-02.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("date %q: want the form 2006-01-02", s)
	}
	return MakeDate(t.Date()), nil
}

// DateOf is the calendar day that t shows in its own location.
func DateOf(t time.Time) Date { return MakeDate(t.Date()) }

// UTC is the day's midnight in UTC, for arithmetic and formatting only.
func (d Date) UTC() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// At is the instant of the given New York wall-clock time on that day.
func (d Date) At(hour, minute int) time.Time {
	y, m, day := d.UTC().Date()
	return time.Date(y, m, day, hour, minute, 0, 0, NewYork)
}

// Weekday of the day.
func (d Date) Weekday() time.Weekday { return d.UTC().Weekday() }

// String prints 2006-01-02.
func (d Date) String() string { return d.UTC().Format(time.DateOnly) }

// Short prints 18Dec26, the way traders write an expiry.
func (d Date) Short() string { return d.UTC().Format("02Jan06") }

// day is one day in New York.
type day struct {
	from, noon, to int64
	date           Date
}

// lastDay is the one asked for last: nearly every call is about the same one.
var lastDay atomic.Pointer[day]

// dayOf is safe for concurrent use and cheap for times of one day.
func dayOf(ms int64) *day {
	if d := lastDay.Load(); d != nil && ms >= d.from && ms < d.to {
		return d
	}
	date := DateOf(time.UnixMilli(ms).In(NewYork))
	d := &day{from: date.At(0, 0).UnixMilli(), noon: date.At(12, 0).UnixMilli(), to: (date + 1).At(0, 0).UnixMilli(), date: date}
	lastDay.Store(d)
	return d
}

// TradingDate is the New York calendar day of a market time in milliseconds.
func TradingDate(ms int64) Date { return dayOf(ms).date }

// TimeOfDay is what New York's clock shows at a market time in ms, in ms since
// midnight. Reckoned from noon, it is right on the days on which the clocks change,
// too, once they have.
func TimeOfDay(ms int64) int64 { return ms - dayOf(ms).noon + 12*3_600_000 }
