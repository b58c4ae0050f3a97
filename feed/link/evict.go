package link

import (
	"fmt"
	"slices"
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

// evict is another connection's taking the key's slot.
func (m *Machine) evict() {
	m.disconnect(true)
	switch {
	case !m.lostAt.IsZero() && m.now.At.Sub(m.lostAt) <= ghostWithin:
		m.enter(model.PhaseEvicted, GhostWait, ReasonGhost)
	case within(&m.evicted, m.now.At, evictedTwice) >= 2:
		m.enter(model.PhaseEvicted, 0, ReasonUsed)
	default:
		at := time.UnixMilli(m.now.Market).In(model.NewYork).Format(time.TimeOnly)
		m.enter(model.PhaseEvicted, Spread(m.rand, EvictedWait, EvictedWait+EvictedJitter),
			fmt.Sprintf("another program took this key's connection at %s", at))
	}
}

// within adds now to the times and counts those not older than span.
func within(times *[]time.Time, now time.Time, span time.Duration) int {
	*times = append(slices.DeleteFunc(*times, func(t time.Time) bool { return now.Sub(t) > span }), now)
	return len(*times)
}
