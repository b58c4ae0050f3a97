// Package clock holds market time: what the servers, the stream and this
// machine say of it, and at what pace it runs.
package clock

import (
	"sync"
	"sync/atomic"
	"time"
)

const (
	// heldBack is the largest step backwards, in wall ms at the clock's rate,
	// that Now hides by standing still.
	heldBack = 5_000
	// travel is how long, in wall ms, a statement may have been on its way
	// without a word about the clock.
	travel = 1_000
	// agreeing is how many statements in a row must call the clock fast before
	// it is set back: one alone may just have travelled slowly.
	agreeing = 3
)

// Clock is the one market clock: exchange time as the servers state it, never
// this machine's wall time once a server has spoken. Between statements it runs
// on the monotonic clock, at the rate that the statements show, which is not 1
// for a simulated market that is sped up. It starts as wall time, and makes no
// leap on one source's word (see witnesses). Whoever plays a recording drives it.
// All methods are safe from any goroutine; Now and At are lock-free. A time that
// a method takes is one of the Machine's.
type Clock struct {
	line  atomic.Pointer[timeLine]
	start time.Time
	since func(time.Time) time.Duration // by the machine
	wall  func() time.Time

	mu        sync.Mutex // guards what follows and every change of line
	stated    bool       // a server has spoken
	pace      pace
	fast      int   // statements in a row that called the clock fast
	excess    int64 // the least of what they said, ms
	witnesses witnesses
	alone     bool // the time shown stands on one source's word
	leaps     uint64
	driven    bool // by Drive: nothing said of market time counts
}

// Standing is what the time shown rests on.
type Standing struct {
	Leaps       uint64 // how often the clock was moved by more than progress
	Provisional bool   // one source alone says so
	// By how many ms the sources are ahead of the clock; 0 where one is silent.
	Server, Stream, Machine int64
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

// Machine is the time of the machine that a program runs on.
type Machine struct {
	// Now runs evenly, by its monotonic reading; nil means time.Now.
	Now func() time.Time
	// Wall is the clock on the wall, which goes on while the machine sleeps and is
	// set by people; nil means time.Now.
	Wall func() time.Time
}

// OrReal is the machine with the real time where no other was given.
func (m Machine) OrReal() Machine {
	if m.Now == nil {
		m.Now = time.Now
	}
	if m.Wall == nil {
		m.Wall = time.Now
	}
	return m
}

// New returns a clock on this machine that shows wall time until it is told better.
func New() *Clock { return On(Machine{}) }

// On is New on another machine.
func On(m Machine) *Clock {
	since := time.Since // which is less than time.Now
	if m.Now != nil {
		since = func(t time.Time) time.Duration { return m.Now().Sub(t) }
	}
	m = m.OrReal()
	c := &Clock{start: m.Now(), since: since, wall: m.Wall, pace: pace{rate: 1}}
	c.line.Store(&timeLine{market: c.start.UnixMilli(), rate: 1, shown: new(atomic.Int64)})
	return c
}

// Now is market time in Unix milliseconds. A correction backwards of up to five
// seconds makes it stand still; a larger one shows.
func (c *Clock) Now() int64 { return c.line.Load().show(c.since(c.start)) }

// At is Now where the machine's time is known. It does not go back behind what
// was shown: of a time that is past it may be the present.
func (c *Clock) At(now time.Time) int64 {
	return c.line.Load().show(now.Sub(c.start))
}

// show is the time on the line, or the latest that was given out.
func (l *timeLine) show(elapsed time.Duration) int64 {
	now := l.at(elapsed)
	for {
		shown := l.shown.Load()
		if now <= shown {
			return shown
		}
		if l.shown.CompareAndSwap(shown, now) {
			return now
		}
	}
}

// Set takes a server's statement of its time, market in Unix milliseconds, that
// was received at a time. A statement of whole seconds says no more than that the
// second had begun, so anything within it leaves the clock alone; and it is old
// by its travel time, so it may push the clock ahead at once, but back only when
// several in a row agree. One that is further off is a witness, no more.
func (c *Clock) Set(market int64, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.driven {
		return
	}
	elapsed := at.Sub(c.start)
	if rate := c.pace.learn(market, elapsed); rate != c.line.Load().rate {
		c.turn(rate, elapsed)
	}
	c.witnesses.serverSaid(statement{market, elapsed})
	first := !c.stated
	c.stated = true
	shown := c.line.Load().at(elapsed)
	switch {
	case first: // nothing that was shown stands on the time yet, but a trading date may
		c.settle(market, shown, true)
		if !sameTime(market, shown, 1) {
			c.leaps++
		}
	case sameTime(market, shown, c.line.Load().rate):
		c.settle(market, shown, false)
	}
	c.judge(elapsed)
}

// Drive takes the clock out of the sources' hands, for a recording that is
// played: it shows at, in Unix milliseconds, and runs on from there at rate market
// milliseconds in one of wall time; 0 stands still. It may go back, and what
// servers and streams say from now on counts for nothing.
func (c *Clock) Drive(at int64, rate float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.driven, c.alone = true, false
	c.line.Store(&timeLine{since: c.since(c.start), market: at, rate: rate, shown: new(atomic.Int64)})
}

// settle moves the clock to a statement that is not far off. The caller holds mu.
func (c *Clock) settle(market, shown int64, first bool) {
	latest := market + resolution(market)
	if !first {
		latest += int64(travel * max(1, c.line.Load().rate))
	}
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
		if first || c.fast >= agreeing {
			c.shift(-c.excess)
			c.fast = 0
		}
	}
}

// Event tells the clock that something of that market time, in Unix
// milliseconds, was received at a time: it was not before it. What is more than a
// minute ahead says nothing by itself: see Heard. It costs two atomic reads when
// the time is past, as nearly always.
func (c *Clock) Event(market int64, at time.Time) {
	if market <= c.line.Load().shown.Load() || market <= c.At(at) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	ahead := market - c.line.Load().at(at.Sub(c.start))
	if !c.driven && ahead > 0 && ahead <= jump {
		c.shift(ahead)
	}
}

// Heard tells the clock how far the stream is: the end of the newest window, in
// ms, of those that several contracts agree on, and the feed's delay, -1 unknown.
// Whoever calls it does so a few times a second at most.
func (c *Clock) Heard(newest, delay int64, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.driven {
		return
	}
	elapsed := at.Sub(c.start)
	c.witnesses.streamSaid(statement{newest, elapsed}, delay, c.line.Load().rate)
	c.judge(elapsed)
}

// judge leaps where the sources agree on another time. The caller holds mu.
func (c *Clock) judge(elapsed time.Duration) {
	line := c.line.Load()
	present := line.at(elapsed)
	t := c.witnesses.testify(elapsed, line.rate, c.wall().UnixMilli())
	to, move, alone := t.verdict(present)
	if c.alone = alone; !move {
		return
	}
	c.fast = 0
	c.leaps++
	c.shift(to - present)
}

// Standing tells what the time shown rests on.
func (c *Clock) Standing(at time.Time) Standing {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.driven {
		return Standing{Leaps: c.leaps}
	}
	elapsed, line := at.Sub(c.start), c.line.Load()
	present := line.at(elapsed)
	t := c.witnesses.testify(elapsed, line.rate, c.wall().UnixMilli())
	s := Standing{Leaps: c.leaps, Provisional: c.alone, Machine: t.wall - present}
	if t.serves {
		s.Server = t.server - present
	}
	if t.hears {
		s.Stream = t.stream + max(t.delay, 0) - present
	}
	return s
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
