package link

import (
	"fmt"
	"time"

	"optflow/model"
)

// What another connection's taking the key's slot is answered with.
const (
	EvictedWait   = 60 * time.Second
	EvictedJitter = 20 * time.Second
	evictedTwice  = 10 * time.Minute // a second eviction inside it: the other program stays
	GhostWait     = 30 * time.Second
	ghostWithin   = 60 * time.Second // after our own loss the server may still count the old session
)

// Reasons of the phase.
const (
	ReasonUsed  = "another program uses this key"
	ReasonGhost = "old session still counted"
)

// evictions remembers when the slot was taken.
type evictions struct{ at []time.Time }

// again books an eviction and says whether it is one too many.
func (e *evictions) again(now time.Time) bool { return within(&e.at, now, evictedTwice) >= 2 }

func (e *evictions) forget() { e.at = nil }

// evict is another connection's taking the key's slot.
func (m *Machine) evict() {
	m.disconnect(true)
	switch {
	case !m.lostAt.IsZero() && m.now.At.Sub(m.lostAt) <= ghostWithin:
		m.enter(model.PhaseEvicted, GhostWait, ReasonGhost)
	case m.evicted.again(m.now.At):
		m.enter(model.PhaseEvicted, 0, ReasonUsed)
	default:
		at := time.UnixMilli(m.now.Market).In(model.NewYork).Format(time.TimeOnly)
		m.enter(model.PhaseEvicted, spread(m.rand, EvictedWait, EvictedWait+EvictedJitter),
			fmt.Sprintf("another program took this key's connection at %s", at))
	}
}

// within adds now to the times and counts those not older than span.
func within(times *[]time.Time, now time.Time, span time.Duration) int {
	kept := (*times)[:0]
	for _, t := range *times {
		if now.Sub(t) <= span {
			kept = append(kept, t)
		}
	}
	*times = append(kept, now)
	return len(*times)
}
