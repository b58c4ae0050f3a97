package feed

import (
	"optflow/model"
	"optflow/model/book"
	"optflow/model/clock"
)

const (
	lagShare    = 0.05              // of a new measurement in the mean
	lagNews     = 500               // ms by which it changes before that is told
	delayedHost = 15 * minuteMillis // until it was measured
	// lateFrom is the lag, in ms, of a feed that is a delayed one.
	lateFrom = 10 * minuteMillis
)

// lag is how long, in ms, after its window's end a bar arrives.
type lag struct {
	mean  float64
	known bool
	told  int64
	late  bool // told to be a delayed feed's
}

// measure takes the arrival of a window that ended at end.
func (l *lag) measure(end, now int64) {
	lag := float64(max(now-end, 0))
	if lag > clock.StreamBehind {
		return // no delay is as long: one of the clocks is wrong
	}
	if !l.known {
		l.mean, l.known = lag, true
	}
	l.mean += (lag - l.mean) * lagShare
}

// or is the lag, or a guess before there is one.
func (l *lag) or(guess int64) int64 {
	if l.known {
		return int64(l.mean)
	}
	return guess
}

// news says whether the lag, or whether the feed is late, has changed enough to
// be told, and takes it for told.
func (l *lag) news(late bool) (lag, kind bool) {
	now := l.or(0)
	if diff := now - l.told; l.known && (diff > lagNews || diff < -lagNews) {
		l.told, lag = now, true
	}
	kind = late != l.late
	l.late = late
	return lag, kind
}

// tellDelay passes the measured delay on when it has changed enough to matter.
func (e *Engine) tellDelay() {
	l, late := &e.stream.lag, e.lateFeed()
	delay, kind := l.news(late)
	if delay || kind {
		e.book.Apply(&book.Delay{Delay: l.or(0), Delayed: late})
	}
	if kind {
		e.book.Apply(&book.Flags{Flags: e.flags()})
	}
	e.plan.Delayed = 0
	if late {
		e.plan.Delayed = max((l.or(delayedHost)+minuteMillis/2)/minuteMillis*minuteMillis, minuteMillis)
	}
}

// lateFeed says whether the whole feed is a delayed one.
func (e *Engine) lateFeed() bool {
	return e.line.Delayed || e.stream.lag.known && e.stream.lag.mean > lateFrom || e.line.Late
}

// flags are those that every row carries now.
func (e *Engine) flags() model.Flags {
	var f model.Flags
	if e.sim {
		f |= model.FlagSim
	}
	if e.stream.lag.late {
		f |= model.FlagDelayed
	}
	return f
}
