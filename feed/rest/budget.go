package rest

import (
	"math/rand/v2"
	"slices"
	"time"

	"optflow/feed/link"
)

// REST figures (docs/faults.md#rest).
const (
	Rate      = 10       // requests in any second at most, whatever wants them
	restFloor = 5.0 / 60 // a second: the slowest that refusals can make us, the free plan's rate
	// Requests under way at once. At 10 a second and 0.14 s each 2 are the
	// rule; a slow server must not collect goroutines.
	restFlights = 8
	restTries   = 4                      // of one idempotent GET
	retryBase   = 500 * time.Millisecond // doubled from try to try
	// share of the budget that filling gaps may take while others wait, or the
	// quotes and spots of a live tape would stand still after every outage.
	backfillRate = 6.0

	refusalPause = 15 * time.Second // after a 429 without Retry-After, then doubled
	refusalMost  = 5 * time.Minute
	paceWithin   = 3 * time.Minute // of a 429, another one means that the pace is wrong
	breakerAfter = 5               // failures in a row: then one try at a time, ever more seldom
	breakerBase  = 2 * time.Second
	breakerMost  = 15 * time.Second
)

// Class orders REST work; a smaller class goes first.
type Class uint8

// The classes, in the order of the budget.
const (
	ForUser Class = iota
	ForBackfill
	ForSpots
	ForQuotes
	ForFollowups // few, and worth nothing when late
	ForPolling
	ForLookups
	ForSweep
	ForHistory
	classes
)

// Budget hands out REST requests in order of priority within the permitted
// rate. It belongs to the engine's goroutine.
type Budget struct {
	rand    *rand.Rand
	queue   []*Job // some hundreds at most: it is searched, not sorted
	keys    map[string]*Job
	flights int
	seq     uint64

	rate     float64 // a second; below Rate once the server has refused
	tokens   float64 // used only then
	backfill float64 // tokens of backfill's own
	filled   time.Time
	hold     time.Time   // nothing goes before
	refusals int         // 429s in a row
	failures int         // in a row
	recent   []time.Time // when the requests of the last minute went out
	refused  time.Time   // when the last 429 that counted came
	off      bool        // the key is refused
}

func newBudget(r *rand.Rand) *Budget {
	return &Budget{rand: r, keys: map[string]*Job{}, rate: Rate, tokens: 1, backfill: backfillRate}
}

// Add queues a job, and says no when one of the same key is queued or under
// way; a queued one then takes the better class of the two.
func (b *Budget) Add(j *Job) bool {
	if held := b.keys[j.Key]; held != nil && !held.dropped {
		if j.Class < held.Class {
			held.Class, held.Rank = j.Class, j.Rank
		}
		return false
	}
	b.seq++
	j.seq = b.seq
	b.keys[j.Key] = j
	b.queue = append(b.queue, j)
	return true
}

// Next takes the job to send now, nil when none may go.
func (b *Budget) Next(now time.Time) *Job {
	b.refill(now)
	if b.off || now.Before(b.hold) || b.flights >= restFlights {
		return nil
	}
	if b.rate < Rate && b.tokens < 1 || len(b.recent) >= Rate && now.Sub(b.recent[len(b.recent)-Rate]) < time.Second {
		return nil
	}
	if b.failures >= breakerAfter && b.flights > 0 {
		return nil
	}
	best, spare := -1, -1 // spare: backfill beyond its share, if nothing else wants to go
	for i, j := range b.queue {
		switch {
		case now.Before(j.after):
		case j.Class == ForBackfill && b.backfill < 1:
			if spare < 0 || j.before(b.queue[spare]) {
				spare = i
			}
		case best < 0 || j.before(b.queue[best]):
			best = i
		}
	}
	if best < 0 {
		best = spare
	}
	if best < 0 {
		return nil
	}
	j := b.queue[best]
	b.queue = slices.Delete(b.queue, best, best+1)
	b.tokens--
	if len(b.recent) >= 60*Rate {
		b.lastMinute(now)
	}
	b.recent = append(b.recent, now)
	if j.Class == ForBackfill {
		b.backfill = max(b.backfill-1, 0)
	}
	b.flights++
	return j
}

// queued counts the queued jobs of a class.
func (b *Budget) queued(c Class) (n int) {
	for _, j := range b.queue {
		if j.Class == c {
			n++
		}
	}
	return n
}

// hurry gives the queued sweeps for an owner a better place.
func (b *Budget) hurry(owner *Chain, c Class) {
	for _, j := range b.queue {
		if j.Owner == owner && j.Class == ForSweep {
			j.Class = c
		}
	}
}

// Idle reports whether nothing is queued or under way.
func (b *Budget) Idle() bool { return b.flights == 0 && len(b.queue) == 0 }

// scarce says that the permitted pace is so slow that what is merely good to
// have must not be asked for at its usual pace.
func (b *Budget) scarce() bool { return b.rate < 1 }

// share is how often something may be asked for that is to take one request in
// n.
func (b *Budget) share(n float64) time.Duration {
	return time.Duration(n / b.rate * float64(time.Second))
}

// lastMinute counts the requests of the minute before now.
func (b *Budget) lastMinute(now time.Time) int {
	b.recent = slices.DeleteFunc(b.recent, func(t time.Time) bool { return now.Sub(t) >= time.Minute })
	return len(b.recent)
}

func (b *Budget) refill(now time.Time) {
	if !b.filled.IsZero() {
		passed := now.Sub(b.filled).Seconds()
		b.tokens = min(1, b.tokens+passed*b.rate)
		b.backfill = min(backfillRate, b.backfill+passed*backfillRate)
	}
	b.filled = now
}

// served books a good answer, or one that is bad for this request but proves that
// the server works, such as 404.
func (b *Budget) served(j *Job) {
	b.flights--
	b.done(j)
	b.failures, b.refusals = 0, 0
}

// limited books a 429: nothing goes before wait is over, and from now on half
// as often, since the pace was evidently not ours to have. The request itself
// was not tried and is queued again.
func (b *Budget) limited(j *Job, now time.Time, wait time.Duration) {
	b.flights--
	if wait <= 0 {
		wait = min(refusalPause<<min(b.refusals, 5), refusalMost)
	}
	if !now.Before(b.hold) { // several may have been under way: slow down once
		b.rate = max(b.rate/2, restFloor)
		if !b.refused.IsZero() && now.Sub(b.refused) < paceWithin {
			// A pause did not do: the pace itself is not ours. What a minute
			// held when it was refused is what a minute may hold.
			b.rate = max(min(b.rate, float64(b.lastMinute(now)-1)/60), restFloor)
		}
		b.refused = now
		b.refusals++
	}
	b.tokens = 0
	b.later(now.Add(min(max(wait, time.Second), refusalMost)))
	b.again(j, time.Time{})
}

// failed books a timeout, a broken connection or a 5xx, and says whether the
// job was queued again.
func (b *Budget) failed(j *Job, now time.Time, wait time.Duration) bool {
	b.flights--
	b.failures++
	if b.failures >= breakerAfter {
		pause := min(breakerBase<<min(b.failures-breakerAfter, 4), breakerMost)
		b.later(now.Add(pause/2 + link.Spread(b.rand, 0, pause/2)))
	}
	if wait > 0 {
		b.later(now.Add(min(max(wait, time.Second), refusalMost)))
	}
	if j.tries++; j.tries >= restTries || j.dropped {
		b.done(j)
		return false
	}
	b.again(j, now.Add(link.Spread(b.rand, 0, retryBase<<j.tries)))
	return true
}

func (b *Budget) later(t time.Time) {
	if t.After(b.hold) {
		b.hold = t
	}
}

func (b *Budget) again(j *Job, after time.Time) {
	if j.dropped {
		b.done(j)
		return
	}
	j.after = after
	b.queue = append(b.queue, j)
}

func (b *Budget) done(j *Job) {
	if b.keys[j.Key] == j {
		delete(b.keys, j.Key)
	}
}

// Drop forgets the queued jobs that match, and the answers of those under way.
func (b *Budget) Drop(m Moment, match func(*Job) bool) {
	b.Cancel(m, match)
	for _, j := range b.keys {
		if match(j) && !j.dropped {
			j.drop(m)
		}
	}
}

// Cancel forgets the queued jobs that match; what is under way goes on.
func (b *Budget) Cancel(m Moment, match func(*Job) bool) {
	var dropped []*Job
	b.queue = slices.DeleteFunc(b.queue, func(j *Job) bool {
		gone := match(j)
		if gone {
			dropped = append(dropped, j)
		}
		return gone
	})
	for _, j := range dropped {
		b.done(j)
		j.drop(m)
	}
}
