package sim

import (
	"optflow/feed/sim/exchange"
)

// channelOf reads a channel's name.
func channelOf(name string) (exchange.Channel, bool) {
	for k := range exchange.Channels {
		if k.String() == name {
			return k, true
		}
	}
	return 0, false
}

// subscriptions are the pairs of one session, by channel. Names are kept as they
// were given: an unknown ticker is held like any other and never has data.
type subscriptions struct {
	wild  [exchange.Channels]bool
	named [exchange.Channels]map[string]struct{}
	ids   [exchange.Channels][]bool // by contract number
}

// holds says whether a pair is subscribed.
func (s *subscriptions) holds(kind exchange.Channel, ticker string) bool {
	if ticker == "*" {
		return s.wild[kind]
	}
	_, held := s.named[kind][ticker]
	return held
}

func (s *subscriptions) count(kind exchange.Channel) int { return len(s.named[kind]) }

// add takes a pair in; false if it was held. The caller holds the market.
func (s *subscriptions) add(kind exchange.Channel, ticker string, m *exchange.Market) bool {
	if s.holds(kind, ticker) {
		return false
	}
	if ticker == "*" {
		s.wild[kind] = true
		return true
	}
	if s.named[kind] == nil {
		s.named[kind] = make(map[string]struct{})
	}
	s.named[kind][ticker] = struct{}{}
	if c := m.Find(ticker); c != nil {
		s.set(kind, c.Id)
	}
	return true
}

func (s *subscriptions) set(kind exchange.Channel, id int32) {
	if missing := int(id) + 1 - len(s.ids[kind]); missing > 0 {
		s.ids[kind] = append(s.ids[kind], make([]bool, missing)...)
	}
	s.ids[kind][id] = true
}

// remove lets a pair go. The caller holds the market.
func (s *subscriptions) remove(kind exchange.Channel, ticker string, m *exchange.Market) {
	if ticker == "*" {
		s.wild[kind] = false
		return
	}
	delete(s.named[kind], ticker)
	if c := m.Find(ticker); c != nil && int(c.Id) < len(s.ids[kind]) {
		s.ids[kind][c.Id] = false
	}
}

// relist finds named contracts that have been listed since. The caller holds the
// market.
func (s *subscriptions) relist(m *exchange.Market) {
	for kind := range exchange.Channels {
		for name := range s.named[kind] {
			if c := m.Find(name); c != nil {
				s.set(kind, c.Id)
			}
		}
	}
}

// wants says whether an event goes to this session.
func (s *subscriptions) wants(kind exchange.Channel, id int32) bool {
	return s.wild[kind] || int(id) < len(s.ids[kind]) && s.ids[kind][id]
}
