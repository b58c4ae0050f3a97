package link

import (
	"time"

	"optflow/model"
)

// Action is something to be done: one of the types below, in the order in which
// Step returns them.
type Action interface{ action() }

// About the connection.
type (
	// Dial opens connection number Conn.
	Dial struct {
		Conn    uint64
		Delayed bool    // the delayed host
		Plain   bool    // do not offer compression
		Channel Channel // for a source that has it in the address
		Again   bool    // the stream was live before
	}
	// Close ends the connection, without a word if that is of no use.
	Close struct{ Abrupt bool }
	// Login sends the key.
	Login struct{}
	// Ask subscribes to contracts of a channel, or to all of it, or drops them.
	Ask struct {
		Channel Channel
		Drop    bool
		All     bool
		IDs     []model.ContractID // in order
	}
	// Probe asks REST whether liquid contracts have traded since the stream's
	// last word; Probed is the answer.
	Probe struct{ Conn uint64 }
)

// About the feed.
type (
	// Entered is a change of phase, or of its reason.
	Entered struct {
		From, To model.Phase
		Reason   string
	}
	// Live is the stream's beginning to deliver, Again if not for the first time.
	Live struct{ Again bool }
	// Fallen is the end of that.
	Fallen struct{}
	// Evicted is another program's taking the connection.
	Evicted struct{}
	// SpanFrom says that windows are Span wide from a moment of event time on.
	SpanFrom struct {
		Span model.Span
		At   int64 // ms
	}
	// Discover finds the names of the contracts that are followed.
	Discover struct{}
)

// About REST and its key.
type (
	// KeyTaken lets REST use the key again.
	KeyTaken struct{}
	// KeyDoubted lets it, one request at a time.
	KeyDoubted struct{}
	// KeyStopped forbids it.
	KeyStopped struct{}
	// KeyRests is the same for a time, 0: a short one. Text is REST's own.
	KeyRests struct {
		For  time.Duration
		Text string
	}
)

// About the user and the log.
type (
	// Note is a sentence for the user.
	Note struct{ Text string }
	// Log is a line for the log.
	Log struct {
		Text string
		Args []any
	}
)

func (Dial) action()       {}
func (Close) action()      {}
func (Login) action()      {}
func (Ask) action()        {}
func (Probe) action()      {}
func (Entered) action()    {}
func (Live) action()       {}
func (Fallen) action()     {}
func (Evicted) action()    {}
func (SpanFrom) action()   {}
func (Discover) action()   {}
func (KeyTaken) action()   {}
func (KeyDoubted) action() {}
func (KeyStopped) action() {}
func (KeyRests) action()   {}
func (Note) action()       {}
func (Log) action()        {}
