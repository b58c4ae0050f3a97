package exchange

import (
	"slices"

	"optflow/feed/sim/basis"
)

// Channel is a kind of event on the wire.
type Channel uint8

const (
	ChannelA Channel = iota
	ChannelAM
	ChannelT
	ChannelQ
	Channels // how many
)

// String is the channel's name on the wire.
func (k Channel) String() string { return [...]string{"A", "AM", "T", "Q"}[k] }

// Event is something to send, once market time reaches due. Which fields count
// depends on the kind; prices in cents.
type Event struct {
	Kind                   Channel
	Exchange, Code         uint8 // of a quote the venues of bid and ask
	plusPast               bool  // dayVolume, dayCents and opening lack the past
	Contract               *Contract
	due                    int64
	Start                  int64 // ms: of the window, or of the trade
	Open, High, Low, Close int32 // close is a trade's price
	Opening                int32
	Count                  int32
	Volume, Cents          int64
	DayVolume, DayCents    int64
	Sequence               int64
}

// scheduleStep is how finely events are told apart in time, in ms.
const scheduleStep = 50

// scheduleSpan bounds how far ahead an event may be scheduled: the look-ahead,
// a minute bar's latency and the stray delay, with room to spare.
const scheduleSpan = 64 * basis.Second / scheduleStep

// scheduleKeep is how many events' memory a slot keeps for its next turn.
const scheduleKeep = 64

// schedule holds events until they are due: a ring of short slices of time, each
// in the order of arrival.
type schedule struct {
	past  *past
	ring  [scheduleSpan][]Event
	at    int64 // slice of time that is released next
	sinks []*sink
}

// sink collects the events that became due for one server.
type sink struct{ events []Event }

// Take returns the events and keeps the memory of others for the next. The caller
// holds the market.
func (k *sink) Take(others []Event) (events []Event) {
	events, k.events = k.events, others[:0]
	return events
}

// Listen collects what becomes due from now on, until leave.
func (m *Market) Listen() *sink {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := &sink{}
	m.schedule.sinks = append(m.schedule.sinks, k)
	return k
}

// Leave ends what Listen began.
func (m *Market) Leave(k *sink) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.schedule.sinks = slices.DeleteFunc(m.schedule.sinks, func(other *sink) bool { return other == k })
}

// put schedules an event. One that was due before the schedule began is dropped:
// it was sent before anybody could listen.
func (s *schedule) put(e Event) {
	slot := e.due / scheduleStep
	if slot < s.at {
		if e.due < s.at*scheduleStep-scheduleStep {
			return
		}
		slot = s.at
	}
	i := min(slot, s.at+scheduleSpan-1) % scheduleSpan
	s.ring[i] = append(s.ring[i], e)
}

// release hands everything due up to a market time to the sinks.
func (s *schedule) release(until int64) {
	for ; s.at <= until/scheduleStep; s.at++ {
		slot := &s.ring[s.at%scheduleSpan]
		if len(*slot) == 0 {
			continue
		}
		if len(s.sinks) > 0 {
			for i := range *slot {
				(*slot)[i].complete(s.past)
			}
		}
		for _, k := range s.sinks {
			k.events = append(k.events, *slot...)
		}
		if *slot = (*slot)[:0]; cap(*slot) > scheduleKeep {
			*slot = nil // of a burst of minute bars, which would grow every slot in turn
		}
	}
}

// complete adds the contract's past to a bar's sums of the day.
func (e *Event) complete(before *past) {
	if !e.plusPast {
		return
	}
	before.ensure(e.Contract)
	past := &e.Contract.past
	e.DayVolume += past.Volume
	e.DayCents += past.Cents
	if past.Open > 0 {
		e.Opening = past.Open
	}
	e.plusPast = false
}
