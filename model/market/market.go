// Package market is where a face docks: what it is given of one market, whoever
// provides that. An engine does; the player of a recording and the follower of
// another program's market can.
package market

import (
	"context"
	"errors"

	"optflow/model"
	"optflow/model/tape"
)

// Clock shows market time in Unix milliseconds.
type Clock interface{ Now() int64 }

// ErrNotInPlan is why a question has no answer whenever it is asked: the key's plan
// does not carry it.
var ErrNotInPlan = errors.New("not in the plan")

// Market is one market as any number of faces see it.
type Market interface {
	Rows() *tape.Tape
	Contracts() *model.Contracts // that the rows' numbers refer to
	State() *model.State         // the last one, never nil
	Clock() Clock                // nil: nobody tells the time
	// Generation is raised when Rows and Contracts were begun anew, as after going
	// back in a recording: what a face has made of the earlier ones is void.
	Generation() uint64
	// Seat opens a session of a face of its own, which the face leaves at its end;
	// nil where nothing can be asked.
	Seat() Seat
}

// Seat is one face's session: what it follows, watches and asks. A market serves
// the union of its seats. The methods without a context only leave word and
// return at once; what came of it shows in the State. The others wait for an
// answer.
type Seat interface {
	// Follow replaces the underlyings that this face follows; until then it follows
	// those that the market was opened with.
	Follow(tickers []string)
	// Window changes between the channels of seconds and minutes. Minutes come while
	// no face wants seconds.
	Window(span model.Span)
	// AutoRefresh connects, or lets go of everything until PollNow once no face wants
	// it any more.
	AutoRefresh(on bool)
	// PollNow asks REST once, whatever the link does.
	PollNow()
	// Watch names the contracts on screen, whose quotes matter most.
	Watch(ids []model.ContractID)
	// Know has contracts numbered that the face remembers from an earlier run.
	Know(symbols []string)
	// Retake tries again after the key was refused or its slot taken.
	Retake()
	// Lookup asks the vendor whether an underlying exists. It may take seconds.
	Lookup(ctx context.Context, symbol string) error
	// Observe copies the accounts of the day into a list that is reused: of the
	// contracts named, or of all. It may take as long as a turn of the engine.
	Observe(ctx context.Context, into []model.Account, only ...model.ContractID) ([]model.Account, error)
	// Day reads a contract's minute bars of the day from the vendor, oldest
	// first. It may take seconds.
	Day(ctx context.Context, id model.ContractID) ([]model.Bar, error)
	// Aside has this face want nothing of its own until it says so, for one that
	// reads what the others follow.
	Aside()
	// Snapshots reads contracts by their symbols as they stand now, 250 at most, in
	// one request: quotes with the time of asking, spots, open interest. What is not
	// known of is left out. It may take seconds.
	Snapshots(ctx context.Context, symbols []string) ([]model.Snapshot, error)
	// AsOf reads what was in force of a contract at a past market time in ms: the
	// quote, and the spot at the end of the minute before. Of all else it says
	// nothing. The error is an ErrNotInPlan where the plan has no quotes by time.
	AsOf(ctx context.Context, symbol string, at int64) (model.Snapshot, error)
	// Interest reads what the vendor states of a contract's session that is over,
	// from the morning after on.
	Interest(ctx context.Context, symbol string, session model.Date) (model.Interest, error)
	// Read says up to which row this face has read what a generation has: a market
	// that catches up faster than faces read waits for those that say so, rather than
	// drop what they have not seen.
	Read(generation, next uint64)
	// Leave gives the seat up: what only this face wanted is wanted no more.
	Leave()
}

// Open is a market of one generation.
type Open struct {
	Tape *tape.Tape
	Time Clock       // nil: nobody tells the time
	Sit  func() Seat // nil: nothing can be asked
}

// Rows are those of the Tape.
func (o Open) Rows() *tape.Tape { return o.Tape }

// Contracts are the Tape's.
func (o Open) Contracts() *model.Contracts { return o.Tape.Contracts }

// State is the Tape's.
func (o Open) State() *model.State { return o.Tape.State() }

// Clock is the Time.
func (o Open) Clock() Clock { return o.Time }

// Generation is always the first.
func (o Open) Generation() uint64 { return 0 }

// Seat is one that Sit gives.
func (o Open) Seat() Seat {
	if o.Sit == nil {
		return nil
	}
	return o.Sit()
}
