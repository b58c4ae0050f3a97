package api

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"optflow/feed/massive/scan"
	"optflow/feed/massive/wire"
	"optflow/model"
)

// Values of REST answers, each tolerant of its own: a value that is missing,
// null or of another type is unknown and costs nothing around it.

// optional is a number that may be missing; any JSON form of it is taken.
type optional struct {
	value float64
	known bool
}

// UnmarshalJSON never fails.
func (o *optional) UnmarshalJSON(b []byte) error {
	f, next, ok := scan.Number(b, 0)
	*o = optional{f, ok && next == len(b)}
	return nil
}

// within is the value if it is known and between the bounds, else NaN.
func (o optional) within(least, most float64) float64 {
	if !o.known || o.value < least || o.value > most {
		return model.Unknown
	}
	return o.value + 0 // there is a negative zero
}

// price is a price in dollars, NaN unknown.
func (o optional) price() float64 { return o.within(0, wire.MaxPrice) }

// or is the value if it is within bounds, else other.
func (o optional) or(other, least, most float64) float64 {
	if f := o.within(least, most); !math.IsNaN(f) {
		return f
	}
	return other
}

// volume is a number of contracts.
func (o optional) volume() (int64, bool) {
	if !o.known || !wire.Whole(o.value, 0, wire.MaxVolume) {
		return 0, false
	}
	return int64(o.value), true
}

// nanos is a time that the vendor states in nanoseconds, kept in ms; 0 unknown.
type nanos int64

// UnmarshalJSON never fails.
func (n *nanos) UnmarshalJSON(b []byte) error {
	*n = 0
	ns, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil { // 1.7e18
		f, next, ok := scan.Number(b, 0)
		if !ok || next != len(b) || !wire.Whole(f, 0, math.MaxInt64/2) {
			return nil
		}
		ns = int64(f) + 256 // a float64 of that size may be a step of 256 ns too low
	}
	if ms := ns / 1e6; ms >= wire.MinTime && ms <= wire.MaxTime {
		*n = nanos(ms)
	}
	return nil
}

// elements says whether a list that may be missing holds anything.
type elements bool

// UnmarshalJSON never fails.
func (e *elements) UnmarshalJSON(b []byte) error {
	i := 0
	if len(b) > 0 && b[0] == '[' {
		i = scan.Space(b, 1)
	}
	*e = i > 0 && scan.At(b, i) != ']'
	return nil
}

// longURL is a text of which no more is kept than it takes to know that it is
// too long for a URL.
type longURL string

// UnmarshalJSON fails where there is no text: such a list would seem to end.
func (u *longURL) UnmarshalJSON(b []byte) error {
	s := wire.TextOf(b)
	if s == "" && string(b) != `""` && string(b) != "null" {
		return errors.New("next_url is no text")
	}
	*u = longURL(strings.Clone(s[:min(len(s), longestURL+1)]))
	return nil
}
