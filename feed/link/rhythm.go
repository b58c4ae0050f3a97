package link

import (
	"math/bits"
	"time"
)

// Rhythm keeps the distribution of pauses between data of the last hour, in powers
// of two, in two halves of which the older is thrown away.
type Rhythm struct {
	now, before [24]uint32 // 1 ms to 2 h
	turned      time.Time
}

// Add books a gap that ended at a time.
func (g *Rhythm) Add(gap time.Duration, at time.Time) {
	if at.Sub(g.turned) > 30*time.Minute {
		g.before, g.now, g.turned = g.now, [24]uint32{}, at
	}
	g.now[min(bits.Len64(uint64(max(gap.Milliseconds(), 0))), len(g.now)-1)]++
}

// High is an upper bound of the 99.9th percentile; 0 when there is little to
// go by.
func (g *Rhythm) High() time.Duration {
	var total uint32
	for i := range g.now {
		total += g.now[i] + g.before[i]
	}
	if total < 1000 {
		return 0
	}
	rest := total / 1000
	for i := len(g.now) - 1; i > 0; i-- {
		n := g.now[i] + g.before[i]
		if n > rest {
			return time.Millisecond << i
		}
		rest -= n
	}
	return 0
}
