package link

import (
	"time"

	"optflow/model"
)

// Event is something that happened: one of the types below.
type Event interface{ event() }

// What the user wants.
type (
	// Connect starts, or starts again after Pause.
	Connect struct{}
	// Pause ends all that happens by itself.
	Pause struct{}
	// Yield leaves the stream to another program until Retake.
	Yield struct{ Why string }
	// Retake tries at once what was denied or waits.
	Retake struct{}
	// Window changes the width of the windows.
	Window struct{ Span model.Span }
)

// What this machine tells.
type (
	// Tick is the passing of time. Heard and Partial are the connection's: when
	// the last byte came, and since when a message has been coming in, zero: none
	// is.
	Tick struct {
		Heard, Partial time.Time
		Late           bool // REST says that the plan's data is delayed
	}
	// Woke is the end of the machine's sleep.
	Woke struct{}
	// Names says that there are new contracts, and with Changed that others are
	// wanted than before.
	Names struct{ Changed bool }
)

// What a connection, by its number, comes to.
type (
	// Up is a dial that went well.
	Up struct {
		Conn       uint64
		Bare       bool // there is neither login nor acknowledgement, and the channel is part of the address
		Compressed bool
	}
	// Down is a dial that did not, or the end of a connection.
	Down struct {
		Conn uint64
		End
	}
	// Said is a word of the server's.
	Said struct {
		Conn uint64
		Word
		Text string // the server's own
		Name string // what it calls that
	}
	// Acknowledged is the answer to Ask for a contract, or for all.
	Acknowledged struct {
		Conn    uint64
		Channel Channel
		Drop    bool // it is not subscribed to any more
		All     bool
		ID      model.ContractID
	}
	// Data are events of a channel; zero: of one that cannot be told.
	Data struct {
		Conn    uint64
		Channel Channel
		At      time.Time // of arrival
	}
	// Unreadable is one message after the other that cannot be read.
	Unreadable struct{ Conn uint64 }
)

// What REST tells.
type (
	// RESTTook is an answer with data.
	RESTTook struct{}
	// RESTMute is that there is no answer to be had.
	RESTMute struct{}
	// RESTBack is the first answer after that: the network is back.
	RESTBack struct{}
	// RESTRefused is its refusal of the key.
	RESTRefused struct{ Text string }
	// Chains says whether the plan has none.
	Chains struct{ None bool }
	// Probed is the answer to Probe: whether REST has newer data than the stream.
	Probed struct {
		Conn  uint64
		Newer bool
	}
)

func (Connect) event()      {}
func (Pause) event()        {}
func (Yield) event()        {}
func (Retake) event()       {}
func (Window) event()       {}
func (Tick) event()         {}
func (Woke) event()         {}
func (Names) event()        {}
func (Up) event()           {}
func (Down) event()         {}
func (Said) event()         {}
func (Acknowledged) event() {}
func (*Data) event()        {}
func (Unreadable) event()   {}
func (RESTTook) event()     {}
func (RESTMute) event()     {}
func (RESTBack) event()     {}
func (RESTRefused) event()  {}
func (Chains) event()       {}
func (Probed) event()       {}

// Word is what a server says of a connection.
type Word uint8

// The words; zero is one that means nothing to us.
const (
	Greets        Word = iota + 1
	TakesKey           // the login is good
	RefusesKey         // it is not
	LoginTooLate       // it saw no login in time, which says nothing of the key
	NoStream           // the key is good, and its plan has no stream
	OnlyDelayed        // it has the delayed one; the server ends the connection
	NotAuthorized      // the plan lacks something just asked for
	Errs               // something just asked for is wrong
	TakesSlot          // another program took this key's connection
)

// OfThePlan says that a word is about the plan, which is no fault and goes away
// with another plan only.
func (w Word) OfThePlan() bool { return w == NoStream || w == OnlyDelayed || w == NotAuthorized }

// End is why a connection ended, or did not begin.
type End struct {
	Kind   EndKind
	Code   int           // of Goodbye: of RFC 6455 section 7.4
	Text   string        // what is wrong, or the server's reason
	Remedy string        // of a dial: what a person can do about it, "" nothing in particular
	Least  time.Duration // of Unreached: the pause that the server asked for
	Offer  bool          // of a dial: the offer of compression was answered with what we cannot do
}

// EndKind sorts ends.
type EndKind uint8

// The kinds of ends. The first four are of dials.
const (
	Unreached  EndKind = iota + 1
	Misplaced          // what answers is no stream, and will not soon be one
	KeyRefused         // by the answer to the upgrade
	PlanLacks          // the same, of the plan
	Cut                // no goodbye
	Goodbye
	TooBig  // a message was past the limit
	Garbled // a message could not be inflated
)
