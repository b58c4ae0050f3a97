// Package link is one connection's life as a pure machine: its states and their
// deadlines, liveness, backoff, the law of dials, evictions, which host to dial,
// what is subscribed to, and the change of the window.
//
// Step takes what happened and the time, and returns what is to be done about
// it. The machine starts nothing, waits for nothing and reads no clock, and it
// knows no vendor's word: a source tells it in the words of this package.
package link

import (
	"math/rand/v2"
	"time"

	"optflow/feed/plan"
	"optflow/model"
)

// Options set a Machine up.
type Options struct {
	Span      model.Span   // of the windows
	Subscribe Subscribe    // how the stream is asked for
	Beliefs   plan.Beliefs // which hosts there are, and whether there is a key
	Names     Catalog      // what can be asked for by name
	Rand      *rand.Rand
}

// Now is the moment of a step.
type Now struct {
	At     time.Time // what deadlines are measured by
	Market int64     // ms: the market's time
	Delay  int64     // ms: how late a delayed host is, measured or guessed
	Open   bool      // in session: data is to be expected
}

// event is market time as the stream sees it.
func (n Now) event() int64 { return n.Market - n.Delay }

// Machine is the life of the connections of one feed, one at a time. It is for
// one goroutine.
type Machine struct {
	now Now // of the step
	out outbox

	phase   model.Phase
	entered time.Time
	until   time.Time // deadline; zero: none
	reason  string    // why it is not live
	asked   bool      // the server asked for the pause that Backoff is
	wasLive bool      // at some time in this run
	refused bool      // neither stream nor REST may use the key
	noPlan  bool      // the plan has no stream
	late    bool      // see State

	conn    *connection // nil: none
	conns   uint64
	rand    *rand.Rand
	law     law
	back    backoff
	lostAt  time.Time   // when our own socket was last lost, evictions apart
	evicted []time.Time // when the slot was taken
	manners manners

	hosts hosts
	subs  subscriptions
	pulse pulse
}

// connection is one attempt at the stream, from the dial to the end.
type connection struct {
	id         uint64
	up         bool // dialled
	bare       bool // see Up.Bare
	compressed bool

	planWords string    // what the server last said of the plan on it
	planAt    time.Time // and when
}

// is says whether a connection that is dialled has a number.
func (c *connection) is(id uint64) bool { return c != nil && c.id == id && c.up }

// answers says whether it can be asked for more.
func (c *connection) answers() bool { return c != nil && c.up && !c.bare }

// New returns a machine that does nothing until Connect.
func New(o Options) *Machine {
	m := &Machine{
		rand: o.Rand, back: backoff{rand: o.Rand}, manners: manners{rand: o.Rand},
		hosts: hosts{Beliefs: o.Beliefs, delayed: o.Beliefs.NoRealtime},
	}
	m.subs = subscriptions{
		mode: o.Subscribe, names: o.Names, limit: BatchNames, wildcard: o.Subscribe != SubscribeContracts,
		window: window{span: o.Span, wanted: o.Span}, out: &m.out,
	}
	m.subs.only(BarsOf(o.Span))
	return m
}

// State is what the machine looks like from outside.
type State struct {
	Phase    model.Phase
	Reason   string    // why it is not live, in words
	Until    time.Time // of the phase; zero: none
	Conn     uint64    // number of the last attempt
	Busy     bool      // there is a connection, or one on its way
	Begun    bool      // it has logged in
	Delayed  bool      // to the delayed host
	Refused  bool      // neither stream nor REST may use the key
	WasLive  bool      // at some time in this run
	NoStream bool      // the plan has none
	Late     bool      // what is polled is late: REST says so, and no stream that is not has been heard

	Span     model.Span // of the windows in force
	Names    int        // subscribed to by name
	All      bool       // everything is subscribed to
	Wildcard bool       // everything is, or is to be
	Heard    time.Time  // when data last came
	Asked    int64      // ms of event time from which on the stream owes data
}

// Live says whether the stream delivers.
func (s *State) Live() bool { return delivers(s.Phase) }

func delivers(p model.Phase) bool { return p == model.PhaseLive || p == model.PhaseQuiet }

// Paused says whether nothing happens by itself.
func (s *State) Paused() bool { return s.Phase == model.PhasePaused }

// EventNow is market time, in ms, as the stream sees it: behind by a delayed
// host's delay.
func (s *State) EventNow(market, delay int64) int64 {
	if s.Delayed {
		return market - delay
	}
	return market
}

// State is read after a step.
func (m *Machine) State() State {
	s := State{
		Phase: m.phase, Reason: m.reason, Until: m.until,
		Conn: m.conns, Busy: m.conn != nil, Begun: m.subs.begun, Delayed: m.hosts.delayed,
		Refused: m.refused, WasLive: m.wasLive, NoStream: m.noPlan,
		Late: m.late,
		Span: m.subs.window.span, Wildcard: m.subs.wildcard, Heard: m.pulse.heard, Asked: m.pulse.asked,
	}
	s.Names, s.All = m.subs.count()
	return s
}
