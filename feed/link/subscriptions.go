package link

import (
	"slices"
	"time"

	"optflow/model"
)

// Subscribe says how the stream is asked for.
type Subscribe uint8

// Ways to subscribe. Auto asks for all of a channel and falls back to the
// contracts by name; the others do the one only.
const (
	SubscribeAuto Subscribe = iota
	SubscribeContracts
	SubscribeAll
)

const (
	BatchNames = 500 // names in one message: what they are answered with fits in one frame
	AckTimeout = 10 * time.Second
)

// Catalog are the contracts that are known, numbered from 0 on; none goes.
type Catalog interface {
	Len() int
	Wants(id model.ContractID, today model.Date) bool // it is to be subscribed to by name
}

// channel is one that is, or is to be, subscribed to.
type channel struct {
	Channel
	wanted  bool                          // else it is to go
	all     bool                          // all of it is acknowledged
	held    map[model.ContractID]struct{} // acknowledged by name
	silent  map[model.ContractID]struct{} // asked for, never acknowledged
	refused string                        // the server's words

	// Contracts are many, and messages for them too: each is looked at once.
	looked   int                // contracts below this number were looked at
	reviewed bool               // what is held was, since the last change of what is wanted
	drop     []model.ContractID // held and not wanted any more
}

func newChannel(c Channel) *channel {
	return &channel{Channel: c, wanted: true, held: map[model.ContractID]struct{}{}, silent: map[model.ContractID]struct{}{}}
}

func (ch *channel) holds(id model.ContractID) bool {
	_, held := ch.held[id]
	return held
}

// subscriptions is what the current connection has asked for and got.
type subscriptions struct {
	mode     Subscribe
	names    Catalog
	channels []*channel
	wildcard bool // all is asked for, not contracts by name
	leaving  bool // that is given up; its unsubscribing is under way
	limit    int  // names in one message
	flight   *flight
	begun    bool // the connection has logged in
	stale    bool // there may be something to ask for
	window   window
	out      *outbox
}

// begin is a good login.
func (s *subscriptions) begin(now Now) {
	s.begun, s.stale = true, true
	s.ask(now)
}

// only makes a channel the one that is wanted, as long as nothing is connected.
func (s *subscriptions) only(c Channel) {
	s.channels = []*channel{newChannel(c)}
}

// channel is one that is, or is to be, subscribed to; nil: it is not.
func (s *subscriptions) channel(c Channel) *channel {
	for _, ch := range s.channels {
		if ch.Channel == c {
			return ch
		}
	}
	return nil
}

// add wants one more channel, or wants one again that was to go.
func (s *subscriptions) add(c Channel) {
	s.stale = true
	if ch := s.channel(c); ch != nil {
		ch.wanted = true
		s.review()
		return
	}
	s.channels = append(s.channels, newChannel(c))
}

// remove wants a channel no longer.
func (s *subscriptions) remove(c Channel) {
	if ch := s.channel(c); ch != nil {
		ch.wanted = false
	}
	s.review()
}

// end forgets what the server had acknowledged.
func (s *subscriptions) end() {
	s.begun, s.flight = false, nil
	if s.leaving { // the next connection does not ask for it again
		s.leaving, s.wildcard = false, false
	}
	s.channels = slices.DeleteFunc(s.channels, func(ch *channel) bool { return !ch.wanted })
	for i, ch := range s.channels {
		s.channels[i] = newChannel(ch.Channel)
	}
}

// startOver forgets refusals: another host may see it otherwise.
func (s *subscriptions) startOver() {
	s.wildcard = s.mode != SubscribeContracts
	s.leaving = false
}

// shed lightens the load, from everything to the contracts followed, and says
// whether that is possible.
func (s *subscriptions) shed() bool {
	if s.mode != SubscribeAuto || !s.wildcard {
		return false
	}
	s.wildcard = false
	return true
}

// review looks at all names again: what is wanted has changed.
func (s *subscriptions) review() {
	s.stale = true
	for _, ch := range s.channels {
		ch.looked, ch.reviewed = 0, false
	}
}

// next is the message to send, nil when none is wanted, or may be sent yet.
func (s *subscriptions) next(today model.Date) *flight {
	if !s.begun || s.flight != nil {
		return nil
	}
	if s.leaving && !slices.ContainsFunc(s.channels, func(ch *channel) bool { return ch.all }) {
		s.leaving, s.wildcard = false, false
	}
	for _, ch := range s.channels {
		if f := s.wantedOf(ch, today); f != nil {
			return f
		}
	}
	s.channels = slices.DeleteFunc(s.channels, func(ch *channel) bool { return !ch.wanted && len(ch.held) == 0 && !ch.all })
	s.stale = false
	return nil
}

// wantedOf is the next message that a channel needs, nil when none.
func (s *subscriptions) wantedOf(ch *channel, today model.Date) *flight {
	if ch.all && (!ch.wanted || s.leaving || !s.wildcard) {
		return &flight{channel: ch, drop: true, all: true}
	}
	if s.wildcard && !s.leaving {
		if !ch.all && ch.wanted && ch.refused == "" {
			return &flight{channel: ch, all: true}
		}
		return nil
	}
	if ch.refused != "" {
		return nil
	}
	if drop := s.dropped(ch, today); len(drop) > 0 {
		return &flight{channel: ch, drop: true, ids: drop}
	}
	if !ch.wanted {
		return nil
	}
	if add := s.added(ch, today); len(add) > 0 {
		return &flight{channel: ch, ids: add}
	}
	return nil
}

// complete says whether all that is wanted of a channel was asked for.
func (s *subscriptions) complete(ch *channel, today model.Date) bool {
	if s.wildcard {
		return true
	}
	looked, drop := ch.looked, ch.drop
	more := s.wantedOf(ch, today) != nil
	ch.looked, ch.drop = looked, drop
	return !more
}

// dropped is the next message's worth of names that are held and not wanted.
func (s *subscriptions) dropped(ch *channel, today model.Date) map[model.ContractID]struct{} {
	if !ch.reviewed {
		ch.reviewed = true
		ch.drop = ch.drop[:0]
		for id := range ch.held {
			if !ch.wanted || !s.names.Wants(id, today) {
				ch.drop = append(ch.drop, id)
			}
		}
	}
	drop := map[model.ContractID]struct{}{}
	for len(ch.drop) > 0 && len(drop) < s.limit {
		last := len(ch.drop) - 1
		if id := ch.drop[last]; ch.holds(id) {
			drop[id] = struct{}{}
		}
		ch.drop = ch.drop[:last]
	}
	return drop
}

// added is the next message's worth of names that are wanted and not asked for.
func (s *subscriptions) added(ch *channel, today model.Date) map[model.ContractID]struct{} {
	add := map[model.ContractID]struct{}{}
	for most := s.names.Len(); ch.looked < most && len(add) < s.limit; ch.looked++ {
		id := model.ContractID(ch.looked)
		if _, silent := ch.silent[id]; !silent && !ch.holds(id) && s.names.Wants(id, today) {
			add[id] = struct{}{}
		}
	}
	return add
}

// count is how many names are held on the channel in force, or all of it.
func (s *subscriptions) count() (names int, all bool) {
	if len(s.channels) == 0 {
		return 0, false
	}
	return len(s.channels[0].held), s.channels[0].all
}
