package sim

import (
	"math/rand/v2"
	"time"

	"optflow/model/crash"
)

// capConnections enforces the number of WebSockets per key after one more has
// authenticated. As at the vendor, everything succeeds at first; a second or two
// later one connection is told max_connections and closed with 1008.
func (s *Server) capConnections(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var holders []*client
	for _, one := range s.sessions {
		one.mu.Lock()
		if one.authed && !one.done && one.key == key {
			holders = append(holders, one)
		}
		one.mu.Unlock()
	}
	excess := len(holders) - s.options.MaxConnections
	if excess <= 0 {
		return
	}
	victims := holders[:excess]
	if s.options.EvictNewest {
		victims = holders[len(holders)-excess:]
	}
	for _, victim := range victims {
		// The timer holds nothing: an ended session ignores it.
		time.AfterFunc(time.Second+rand.N(time.Second), crash.Guarded("simulated market", victim.evict))
	}
}
