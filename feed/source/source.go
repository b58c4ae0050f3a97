package source

import (
	"context"
	"time"

	"optflow/feed/link"
	"optflow/model"
)

// Stream is a Source to be.
type Stream interface {
	// Hosts says whether there is a key, and a host for late data beside that for
	// data in real time.
	Hosts() (key, delayed bool)
	// Open makes the Source that reads for a market.
	Open(m Market) Source
}

// Market is what a Source needs to know of ours. All of it is for the engine's
// goroutine.
type Market struct {
	Contracts *model.Registry
	Intern    func(symbol string) (model.ContractID, error) // numbers a contract that traded
	Keep      func(underlying string) bool                  // whether it is followed; asked once a root until Refollow
}

// Source is a server's stream. All of it but what Dial returns is for the
// engine's goroutine.
type Source interface {
	// Dial prepares a connection and returns what opens it, on any goroutine.
	Dial(d link.Dial) (open func(context.Context) (Conn, error))
	// Decode reads a message that came on connection number conn. It resets
	// into first. The error means that nothing of the message can be read.
	Decode(message []byte, conn uint64, into *Batch) error
	// Matters says whether a message may hold more than data, so that it is not
	// to be dropped. It may be called from any goroutine.
	Matters(message []byte) bool
	// Refollow says that other underlyings are wanted than before.
	Refollow()
	// End sorts an error of opening a connection, or of its Read.
	End(err error) link.End
}

// Conn is one connection. Read is for one goroutine; all else may be called from
// any.
type Conn interface {
	// Read reads the next message into buf, or into a larger one.
	Read(ctx context.Context, buf []byte) ([]byte, error)
	// Login sends the key.
	Login(ctx context.Context) error
	// Subscribe asks for a channel's events of contracts, nil: of all. The answers
	// come as messages.
	Subscribe(ctx context.Context, ch link.Channel, symbols []string) error
	// Unsubscribe is the reverse.
	Unsubscribe(ctx context.Context, ch link.Channel, symbols []string) error
	// Ping provokes traffic.
	Ping(ctx context.Context) error

	Bare() bool       // see link.Up
	Compressed() bool // what comes is
	Heard() time.Time // when the last byte came in
	// Partial is since when a message has been coming in, and whether one is.
	Partial() (since time.Time, coming bool)

	Close()    // with a goodbye, within a second
	CloseNow() // without one
}

// Batch is what a message held.
type Batch struct {
	Bars           []model.Bar
	Words          []link.Event // Said and Acknowledged
	NewUnderlyings []string     // first heard of, followed or not
	Samples        []string     // of what could not be read
	Events         int          // in all
	Filtered       int          // bars of underlyings that nobody follows
	Beyond         model.Beyond // bars of contracts for which there is no room
	Malformed      int          // events that could not be read
}
