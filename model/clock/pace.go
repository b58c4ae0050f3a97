package clock

import (
	"math"
	"time"
)

const (
	// paceKept is how many statements the rate is read from; paceApart keeps
	// them far enough apart for their rounding not to matter.
	paceKept  = 16
	paceApart = time.Second
	// paceNeeds is how many statements must lie on one line before its slope
	// is believed: a line through two is also what one step looks like.
	paceNeeds = 4
	// fastestPace bounds the rate: a day in 24 seconds.
	fastestPace = 3600
)

// pace learns how many market milliseconds pass in a wall millisecond.
type pace struct {
	rate float64
	seen []statement // oldest first, all on one line
}

type statement struct {
	market  int64
	elapsed time.Duration
}

// learn takes a statement and returns the rate. Statements that do not lie on a
// line with the earlier ones (the server's clock was set, this machine slept)
// start the learning afresh and leave the rate as it is. The rate stays 1 unless
// neither rounding nor slow answers explain what is seen, and a whole number that
// fits is taken as exact: real time is never bent by noise.
func (p *pace) learn(market int64, elapsed time.Duration) float64 {
	if n := len(p.seen); n > 0 && elapsed-p.seen[n-1].elapsed < paceApart {
		return p.rate
	}
	p.seen = append(p.seen, statement{market, elapsed})
	if len(p.seen) > paceKept {
		p.seen = append(p.seen[:0], p.seen[1:]...)
	}
	first, last := p.seen[0], p.seen[len(p.seen)-1]
	if len(p.seen) == 1 {
		return p.rate
	}
	wall := float64(last.elapsed-first.elapsed) / float64(time.Millisecond)
	slope := float64(last.market-first.market) / wall
	if slope < 0 || slope > fastestPace || !p.straight(slope) {
		p.seen = append(p.seen[:0], last)
		return p.rate
	}
	if len(p.seen) < paceNeeds {
		return p.rate
	}
	// Rounding to whole seconds alone, and with slow answers on top.
	rounding := 1000 / wall
	slow := rounding + slope*travel/wall
	switch whole := math.Round(slope); {
	case p.rate == 1 && math.Abs(slope-1) <= slow: // a real market until proved otherwise
	case whole >= 1 && rounding < 0.5 && math.Abs(slope-whole) <= rounding:
		p.rate = whole
	default:
		p.rate = slope
	}
	return p.rate
}

// straight reports whether every statement is near the line of that slope
// through the first one.
func (p *pace) straight(slope float64) bool {
	first := p.seen[0]
	for _, s := range p.seen[1:] {
		wall := float64(s.elapsed-first.elapsed) / float64(time.Millisecond)
		if math.Abs(float64(s.market-first.market)-slope*wall) > 1000+slope*travel {
			return false
		}
	}
	return true
}
