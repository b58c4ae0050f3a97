package burst

import (
	"fmt"
	"strings"

	"optflow/model"
)

// Interval says which windows of a contract a burst joins.
type Interval uint8

// Intervals. The last three are fixed buckets of market time: New York's
// offset from UTC is whole hours, so a bucket of UTC is one of exchange time.
const (
	IntervalOff Interval = iota // single windows
	Interval10s                 // windows that start at most 10 s after the one before, 60 s in all
	Interval1m
	Interval5m
	Interval30m
)

// Bounds of the 10 s interval in ms (docs/words.md#the-row).
const (
	Pause   = 10_000 // from the start of one window to that of the next, at most
	Longest = 60_000 // of a burst
)

var intervals = [...]struct {
	name   string
	bucket int64 // ms; 0: no buckets
}{{"off", 0}, {"10s", 0}, {"1m", 60_000}, {"5m", 300_000}, {"30m", 1_800_000}}

// String is "off", "10s", "1m", "5m" or "30m".
func (i Interval) String() string { return intervals[i%Interval(len(intervals))].name }

// ParseInterval reads what String prints.
func ParseInterval(text string) (Interval, error) {
	for i := range intervals {
		if strings.EqualFold(strings.TrimSpace(text), intervals[i].name) {
			return Interval(i), nil
		}
	}
	return IntervalOff, fmt.Errorf("interval %q: want off, 10s, 1m, 5m or 30m", text)
}

// Next is the interval after this one, going round.
func (i Interval) Next() Interval { return (i + 1) % Interval(len(intervals)) }

// kind of row that the interval makes.
func (i Interval) kind() model.Kind {
	if i == IntervalOff {
		return model.KindBar
	}
	return model.KindBurst
}

// joins reports whether the burst that starts at first and ends with the window
// last goes on with next, the window after it. A window of a minute or more
// stands alone in the 10 s interval: nobody knows where in it the trades were.
func (i Interval) joins(first int64, last, next *window) bool {
	switch {
	case i == IntervalOff:
		return false
	case i == Interval10s:
		return next.start-last.start <= Pause && next.end()-first <= Longest &&
			last.span() < model.Minute && next.span() < model.Minute
	}
	bucket := intervals[i].bucket
	return first/bucket == next.start/bucket
}
