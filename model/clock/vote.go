package clock

import (
	"slices"
	"time"
)

const (
	// jump is the difference in ms, at a rate of 1, that is more than
	// progress and rounding: to make it, the clock asks for agreement.
	jump = 60_000
	// StreamBehind is how far, in ms, behind market time a stream can be: a delayed
	// one is 15 minutes late. What is further behind is another time.
	StreamBehind = 20 * 60_000

	restKept   = 8
	restNeeded = 3                // answers that a server's word alone stands on
	restOver   = 30 * time.Second // the time that they have to lie apart, of market or wall
	restFresh  = 2 * time.Minute
	restGone   = 5 * time.Minute // without an answer: the stream's word alone will do
	heardFresh = 30 * time.Second
	heardOver  = 30 * time.Second // that the stream has to say the same, if nobody else speaks
)

// witnesses keep what the sources said of market time. One odd statement must
// not move the clock: what is further off than jump needs a second source,
// and a server alone, against a silent stream and this machine's clock, needs
// three answers over half a minute and stays provisional.
type witnesses struct {
	server []statement // the last ones, oldest first
	stream hearing
}

// hearing is what the stream said last.
type hearing struct {
	statement
	since time.Duration // from when on it has said about the same
	delay int64         // ms, -1 unknown
	told  bool
}

// serverSaid notes an answer's time.
func (w *witnesses) serverSaid(s statement) {
	if len(w.server) == restKept {
		w.server = slices.Delete(w.server, 0, 1)
	}
	w.server = append(w.server, s)
}

// streamSaid notes the newest window of several contracts.
func (w *witnesses) streamSaid(s statement, delay int64, rate float64) {
	h := hearing{statement: s, since: s.elapsed, delay: delay, told: true}
	if last := &w.stream; last.told && s.elapsed-last.elapsed <= heardFresh && sameTime(last.by(s.elapsed, rate), s.market, rate) {
		h.since = last.since
	}
	w.stream = h
}

// by is the market time that a statement amounts to by now.
func (s statement) by(elapsed time.Duration, rate float64) int64 {
	return s.market + int64(rate*float64(elapsed-s.elapsed)/float64(time.Millisecond))
}

func sameTime(a, b int64, rate float64) bool { return max(a-b, b-a) <= int64(jump*max(1, rate)) }

// testimony is what the sources say at one time.
type testimony struct {
	rate   float64
	server int64
	serves bool // a server has spoken lately
	solid  bool // and often enough to be believed alone
	silent bool // no server has spoken for long
	stream int64
	hears  bool
	steady bool // the stream has said so for a while
	delay  int64
	wall   int64
}

func (w *witnesses) testify(elapsed time.Duration, rate float64, wall int64) testimony {
	t := testimony{rate: rate, wall: wall, silent: true}
	if n := len(w.server); n > 0 {
		last := w.server[n-1]
		t.server = last.by(elapsed, rate)
		t.serves = elapsed-last.elapsed <= restFresh
		t.silent = elapsed-last.elapsed > restGone
		t.solid = t.serves && w.agreed(t.server, elapsed, rate)
	}
	if h := &w.stream; h.told && elapsed-h.elapsed <= heardFresh {
		t.hears, t.stream, t.delay = true, h.by(elapsed, rate), h.delay
		t.steady = elapsed-h.since >= heardOver
	}
	return t
}

// agreed reports whether the newest answers say one time, for long enough.
func (w *witnesses) agreed(market int64, elapsed time.Duration, rate float64) bool {
	last := w.server[len(w.server)-1]
	for i := len(w.server) - 1; i >= 0; i-- {
		s := w.server[i]
		if !sameTime(s.by(elapsed, rate), market, rate) {
			return false
		}
		apart := max(last.elapsed-s.elapsed, time.Duration(last.market-s.market)*time.Millisecond)
		if len(w.server)-i >= restNeeded && apart >= restOver {
			return true
		}
	}
	return false
}

// votes is how many sources agree with a market time.
func (t *testimony) votes(market int64) (n int) {
	if t.serves && sameTime(t.server, market, t.rate) {
		n++
	}
	if t.hears && t.follows(market) {
		n++
	}
	if sameTime(t.wall, market, t.rate) {
		n++
	}
	return n
}

// follows reports whether the stream's windows fit a market time.
func (t *testimony) follows(market int64) bool {
	slack := int64(jump * max(1, t.rate))
	if t.delay >= 0 {
		return sameTime(t.stream+t.delay, market, t.rate)
	}
	return market >= t.stream-slack && market <= t.stream+StreamBehind+slack
}

// verdict is the market time to go to from the present one. It is provisional
// when one source alone says so.
func (t *testimony) verdict(present int64) (to int64, move, provisional bool) {
	heard := t.stream + max(t.delay, 0)
	have := t.votes(present)
	for _, s := range []struct {
		market int64
		speaks bool
	}{{t.server, t.serves}, {heard, t.hears}, {t.wall, true}} {
		if s.speaks && !sameTime(s.market, present, t.rate) {
			if votes := t.votes(s.market); votes >= 2 && votes > have {
				return s.market, true, false
			}
		}
	}
	switch {
	case t.solid && !sameTime(t.server, present, t.rate) && t.votes(t.server) >= have:
		return t.server, true, true
	case t.silent && t.steady && !t.follows(present) && have <= 1:
		return heard, true, true
	}
	return present, false, have < 2
}
