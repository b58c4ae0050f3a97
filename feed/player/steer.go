package player

import "optflow/model/market"

// Playing is how it is played now.
func (p *Player) Playing() market.Playing {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.now
	n.At = p.clock.Now()
	return n
}

// Pause stands still, or goes on. It ends a way to somewhere.
func (p *Player) Pause(on bool) {
	p.word(func(n *market.Playing) {
		n.Paused, n.Target = on, 0
		p.turn()
	})
}

// Play sets the rate.
func (p *Player) Play(rate float64) {
	p.word(func(n *market.Playing) {
		n.Rate = bounded(rate)
		p.turn()
	})
}

// SeekTo goes to a market time.
func (p *Player) SeekTo(at int64) {
	p.word(func(n *market.Playing) {
		at = min(max(at, n.From), n.To)
		if n.Ended && at >= n.To {
			return
		}
		n.Target = at
		p.turn()
	})
}

// turn has the clock run as it is played now. The caller holds mu.
func (p *Player) turn() { p.clock.Drive(p.clock.Now(), p.clockRate()) }

// word changes how it is played, and wakes who plays.
func (p *Player) word(change func(*market.Playing)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.now)
	close(p.changed)
	p.changed = make(chan struct{})
}
