package model

import (
	"sync"
	"sync/atomic"
	"time"
)

const (
	// heldBack is the largest step backwards, in wall ms at the clock's rate,
	// that Now hides by standing still.
	heldBack = 5_000
	// noLatency is further back than any HTTP answer can be late: a statement
	// that says so is believed at once.
	noLatency = 60_000
	// travel is how long, in wall ms, a statement may have been on its way
	// without a word about the clock.
	travel = 1_000
	// agreeing is how many statements in a row must call the clock fast before
	// it is set back: one alone may just have travelled slowly.
	agreeing = 3
	// eventAhead is how far ahead an event may be and still move the clock.
	eventAhead = 60_000
	// eventsAgreeing is how many events further ahead must tell about the same
	// time before they are believed.
	eventsAgreeing = 5
)

// Clock is the one market clock: exchange time as the servers state it, never
// this machine's wall time once a server has spoken. Between statements it runs
// on the monotonic clock, at the rate that the statements show, which is not 1
// for a simulated market that is sped up. It starts as wall time. All methods
// are safe from any goroutine; Now is lock-free.
type Clock struct {
	line  atomic.Pointer[timeLine]
	start time.Time

	mu       sync.Mutex // guards what follows and every change of line
	stated   bool       // a server has spoken
	pace     pace
	fast     int   // statements in a row that called the clock fast
	excess   int64 // the least of what they said, ms
	strayLow int64 // ms by which strays were ahead of the clock, the least
	strayTop int64 // and the most

	strays atomic.Int32 // events in a row further ahead than eventAhead
}

// timeLine is market time as a straight line over elapsed wall time. Lines that
// follow each other without a visible step share the high-water mark that keeps
// Now from running backwards.
type timeLine struct {
	since  time.Duration // elapsed, where the line starts
	market int64         // ms there
	rate   float64       // market ms per wall ms
	shown  *atomic.Int64 // the latest time given out
}

func (l *timeLine) at(elapsed time.Duration) int64 {
	return l.market + int64(l.rate*float64(elapsed-l.since)/float64(time.Millisecond))
}

// NewClock returns a clock that shows wall time until it is told better.
func NewClock() *Clock {
	c := &Clock{start: time.Now(), pace: pace{rate: 1}}
	c.line.Store(&timeLine{market: c.start.UnixMilli(), rate: 1, shown: new(atomic.Int64)})
	return c
}

// Now is market time in Unix milliseconds. A correction backwards of up to five
// seconds makes it stand still; a larger one shows.
func (c *Clock) Now() int64 {
	line := c.line.Load()
	now := line.at(time.Since(c.start))
	for {
		shown := line.shown.Load()
		if now <= shown {
			return shown
		}
		if line.shown.CompareAndSwap(shown, now) {
			return now
		}
	}
}

// Skew is market time minus this machine's wall time.
func (c *Clock) Skew() time.Duration {
	return time.Duration(c.Now()-time.Now().UnixMilli()) * time.Millisecond
}

// Set takes a server's statement of its time, market in Unix milliseconds, that
// was received at wall. A statement of whole seconds says no more than that the
// second had begun, so anything within it leaves the clock alone; and it is old
// by its travel time, so it may push the clock ahead at once, but back only when
// several in a row agree or the step is larger than any travel time.
func (c *Clock) Set(market int64, wall time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	elapsed := wall.Sub(c.start)
	if rate := c.pace.learn(market, elapsed); rate != c.line.Load().rate {
		c.turn(rate, elapsed)
	}
	first := !c.stated
	c.stated = true
	latest := market + resolution(market)
	if !first {
		latest += int64(travel * max(1, c.line.Load().rate))
	}
	shown := c.line.Load().at(elapsed)
	switch early := shown - latest; {
	case shown < market:
		c.fast = 0
		c.shift(market - shown)
	case early <= 0:
		c.fast = 0
	default:
		if c.fast == 0 || early < c.excess {
			c.excess = early
		}
		c.fast++
		if first || early > noLatency || c.fast >= agreeing {
			c.shift(-c.excess)
			c.fast = 0
		}
	}
}

// Event tells the clock that something of that market time, in Unix
// milliseconds, was received: now is not before it. An event more than a minute
// ahead is a malformed one, unless several in a row agree. It costs three
// atomic reads when the time is past, as nearly always.
func (c *Clock) Event(market int64) {
	if market <= c.line.Load().shown.Load() || market <= c.Now() {
		if c.strays.Load() != 0 {
			c.strays.Store(0)
		}
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	ahead := market - c.line.Load().at(time.Since(c.start))
	if ahead <= eventAhead {
		c.strays.Store(0)
		c.shift(max(ahead, 0))
		return
	}
	if c.strays.Load() == 0 || max(ahead, c.strayTop)-min(ahead, c.strayLow) > eventAhead {
		c.strays.Store(1)
		c.strayLow, c.strayTop = ahead, ahead
		return
	}
	c.strayLow, c.strayTop = min(ahead, c.strayLow), max(ahead, c.strayTop)
	if c.strays.Add(1) >= eventsAgreeing {
		c.strays.Store(0)
		c.shift(c.strayTop)
	}
}

// shift moves the line by some milliseconds. The caller holds mu.
func (c *Clock) shift(by int64) {
	next := *c.line.Load()
	next.market += by
	if float64(by) < -heldBack*max(1, next.rate) {
		next.shown = new(atomic.Int64) // a step that is to be seen
	}
	c.line.Store(&next)
}

// turn changes the line's rate from a point on, without a step there. The
// caller holds mu.
func (c *Clock) turn(rate float64, elapsed time.Duration) {
	next := *c.line.Load()
	next.market, next.since, next.rate = next.at(elapsed), elapsed, rate
	c.line.Store(&next)
}

// resolution is the width in ms of the time that a statement stands for: HTTP's
// Date header and the vendor's serverTime have whole seconds.
func resolution(market int64) int64 {
	if market%1000 == 0 {
		return 999
	}
	return 0
}
