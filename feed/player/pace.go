package player

import (
	"context"
	"time"

	"optflow/model/daylog"
	"optflow/model/market"
)

const (
	// quickFrom is the rate from which faces are waited for: a tape keeps 16 minutes
	// for those that are slow.
	quickFrom = 16
	// silence is how long, in ms, a recording must say nothing to be passed over: a
	// feed ticks at least twice a second.
	silence = 10_000
	// step is how near, in ms, the next tick must be for a pause to come before it,
	// with all that came before it.
	step = 1_000
	// doze is how long is waited at least: at a high rate many ticks are due together.
	doze = 10 * time.Millisecond
	// slip is how far the clock may run ahead of what is applied, in ms of wall time.
	slip = 250
)

// pace waits until a tick of that market time is due.
func (p *Player) pace(now int64) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.passOver(now)
	for {
		switch n := &p.now; {
		case p.over:
			return context.Canceled
		case n.Target != 0 && n.Target <= p.applied:
			return errBack
		case p.o.To > 0 && now > n.To && (n.Target == 0 || n.Target >= n.To):
			return errEnd
		case n.Target != 0 && now >= n.Target:
			p.arrive()
		case n.Target == 0 && n.Paused && now >= p.clock.Now():
			p.rest(now)
		case n.Target == 0 && n.Paused: // the clock had come further
			p.applied = now
			return nil
		case n.Target != 0 || n.Rate == market.Unpaced:
			p.hurry(true)
			p.clock.Drive(now, 0)
			p.applied = now
			return nil
		case p.due(now):
			p.applied = now
			return nil
		}
	}
}

// passOver goes over a time of which nothing is recorded.
func (p *Player) passOver(now int64) {
	hole := market.Hole{From: p.applied, To: now}
	switch {
	case p.missed != nil:
		hole = market.Hole(*p.missed)
	case p.applied == 0 || now-p.applied <= silence:
		return
	}
	p.missed = nil
	if p.now.Hole = hole; p.applied != 0 && now-p.applied > silence {
		p.clock.Drive(now, p.clockRate())
	}
	p.now.Holes++
}

// missing notes what the log says is missing before the next tick.
func (p *Player) missing(h daylog.Hole) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.missed = &h
}

// arrive ends a way to somewhere.
func (p *Player) arrive() {
	at := p.now.Target
	p.now.Target = 0
	p.clock.Drive(at, p.clockRate())
	p.hurry(false)
}

// rest stands still until somebody says a word. What came before the next tick is
// shown, and the time is that of the tick if it is near: so all that is shown is
// of one time.
func (p *Player) rest(next int64) {
	at := p.clock.Now()
	if next > at && next-at <= step {
		at = next
	}
	p.clock.Drive(at, 0)
	p.hurry(false)
	p.unlocked(p.replica.Show)
	for p.now.Paused && p.now.Target == 0 && !p.over {
		p.wait(nil)
	}
	p.clock.Drive(at, p.clockRate())
}

// due reports whether the clock has come to a tick, after a while.
func (p *Player) due(now int64) bool {
	rate := p.now.Rate
	p.hurry(rate >= quickFrom)
	at := p.clock.Now()
	if float64(at-now) > slip*rate { // what is applied is behind
		p.clock.Drive(now, rate)
	}
	if at >= now {
		return true
	}
	p.wait(time.After(max(doze, time.Duration(float64(now-at)/rate*float64(time.Millisecond)))))
	return false
}

// clockRate is that of the clock as it is played now.
func (p *Player) clockRate() float64 {
	if p.now.Paused || p.now.Ended || p.now.Target != 0 || p.now.Rate == market.Unpaced {
		return 0
	}
	return p.now.Rate
}

// hurry has the replica wait for faces, or not.
func (p *Player) hurry(on bool) {
	if p.quick != on {
		p.quick = on
		p.unlocked(func() { p.replica.Catch(on) })
	}
}

// wait waits for a word, or for a timer.
func (p *Player) wait(timer <-chan time.Time) {
	changed := p.changed
	p.unlocked(func() {
		select {
		case <-changed:
		case <-timer:
		}
	})
}

func (p *Player) unlocked(f func()) {
	p.mu.Unlock()
	defer p.mu.Lock()
	f()
}

// end stands at the end.
func (p *Player) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.missed != nil {
		p.passOver(p.applied)
	}
	p.now.Ended, p.now.Target = true, 0
	at := p.applied
	if p.o.To > 0 {
		at = max(at, p.now.To)
	}
	p.clock.Drive(at, 0)
	p.hurry(false)
	p.unlocked(p.replica.Show)
}

// stand waits at the end until it is to go back. It is false once the run is over.
func (p *Player) stand() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.now.Target == 0 && !p.over {
		p.wait(nil)
	}
	return !p.over
}

// again begins the day anew.
func (p *Player) again() {
	p.mu.Lock()
	p.applied, p.missed = 0, nil
	p.now.Ended, p.now.Hole, p.now.Holes = false, market.Hole{}, 0
	p.mu.Unlock()
	p.replica.Renew()
}
