// Package attach shares one key among the programs of a user: the one that has its
// mark streams, writes the day log and serves it by a socket; the others follow
// that, and the next to have the mark goes on with the accounts that it has.
package attach

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"optflow/feed"
	"optflow/feed/history"
	"optflow/feed/relay"
	"optflow/feed/relay/dock"
	"optflow/feed/relay/follower"
	"optflow/feed/relay/socket"
	"optflow/feed/seat"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/clock"
	"optflow/model/market"
	"optflow/model/tape"
)

const (
	// claimEvery is how often we look whether the program that has the key has ended.
	claimEvery = 2 * time.Second
	// swift is the same right after it has, for inherit: somebody else may be swifter.
	swift   = 100 * time.Millisecond
	inherit = 5 * time.Second
	// lookEvery is how often we look whether we are behind.
	lookEvery = time.Second
	// dialMost is how long another program may take to say who it is.
	dialMost = 3 * time.Second
)

// Accounts are rows and a book that may have been told something already.
type Accounts struct {
	Tape *tape.Writer
	Book *book.Book // nil: an empty one
}

// Options say whose key it is and how an engine is made. All but Recorder are
// required.
type Options struct {
	Mine    bool // the mark is ours
	Holder  int  // else the process that has it, 0 unknown
	Claim   func() (mine bool, holder int, err error)
	Release func() error
	// Yields says why the stream is left to a process that cannot be followed.
	Yields func(holder int) string

	Socket  string // path; "": neither attach nor be attached to
	Name    string // of key and feed, the same for all that may follow each other
	Version string
	Tickers []string // of the faces here, to begin with
	Opened  dock.Wants
	Clock   *clock.Clock

	// Engine makes an engine that goes on with accounts and writes them down; with a
	// reason to yield it leaves the stream to another program.
	Engine func(on Accounts, r feed.Recorder, yield string) *feed.Engine
	// Recorder makes who writes the day log; nil where nobody can.
	Recorder func(rows *tape.Tape) *history.Recorder
	// Private is the folder of a log that is kept for followers only, and deleted at
	// the end unless one of them goes on with it; "" it is kept.
	Private string
	Hub     *Hub // at which it is published; nil: nowhere
	Log     *slog.Logger
}

// Shared is the market of a shared key.
type Shared struct {
	o    Options
	dock *dock.Dock
	hall *seat.Hall
	last atomic.Pointer[func() []model.Account]

	first  *feed.Engine // made at the start, where the mark was ours
	record *history.Recorder
	follow *follower.Follower
	remote *relay.Remote
	client atomic.Pointer[socket.Client] // to the publisher; nil: none
	heirs  int                           // who followed to our end
	fenced Fence
}

// New is one that runs with Run.
func New(o Options) *Shared {
	s := &Shared{o: o}
	if o.Mine || o.Socket == "" {
		yield := ""
		if !o.Mine {
			yield = o.Yields(o.Holder)
		}
		s.first, s.record = s.engine(Accounts{Tape: tape.New(tape.Options{})}, nil, yield)
		s.dock = dock.New(s.first.Market(), o.Opened)
	} else {
		s.follower(o.Holder)
		s.dock = dock.New(s.follow.Market(), o.Opened)
	}
	s.hall = seat.New(s.dock)
	return s
}

// Market is the market for a face of this program.
func (s *Shared) Market() market.Market { return s.hall.Take(seat.Owner, s.o.Tickers...) }

// Accounts are those of the day once Run has returned.
func (s *Shared) Accounts() []model.Account {
	if last := s.last.Load(); last != nil {
		return (*last)()
	}
	return nil
}

// engine makes an engine on accounts; one that yields writes nothing down.
func (s *Shared) engine(on Accounts, had *had, yield string) (*feed.Engine, *history.Recorder) {
	var record *history.Recorder
	var r feed.Recorder // nil: nothing is written down
	if s.o.Recorder != nil && yield == "" {
		record = s.o.Recorder(&on.Tape.Tape)
		r = record
	}
	if had != nil {
		if r == nil {
			r = unwritten{}
		}
		r = handed{r, had}
	}
	if record != nil && s.o.Hub != nil {
		r = s.fenced.With(r)
	}
	return s.o.Engine(on, r, yield), record
}

// Run feeds the market until ctx ends.
func (s *Shared) Run(ctx context.Context) error {
	defer func() { _ = s.o.Release() }() // the end of the program releases it as well
	var accounts *had
	mine, holder := s.o.Mine, s.o.Holder
	for ctx.Err() == nil {
		if mine {
			return s.own(ctx, accounts)
		}
		why := s.o.Yields(holder)
		if s.o.Socket != "" {
			var err error
			accounts, mine, holder, err = s.attached(ctx, holder)
			switch {
			case ctx.Err() != nil || mine:
				continue
			case errors.Is(err, relay.ErrNewer):
				why = relay.Words(err)
			case errors.As(err, new(errTrouble)):
				why = err.Error()
			case err != nil:
				why = whose(holder) + " does not answer"
				s.o.Log.Info("not attached", "err", err)
			}
		}
		var err error
		if mine, holder, err = s.poll(ctx, accounts, why); err != nil {
			return err
		}
		accounts = nil
	}
	return nil
}

func whose(holder int) string {
	if holder == 0 {
		return "another optflow"
	}
	return fmt.Sprintf("process %d", holder)
}

// begun is the engine that was made at the start, once, else one that goes on with
// the accounts where there are any.
func (s *Shared) begun(accounts *had, yield string) (*feed.Engine, *history.Recorder) {
	engine, record := s.first, s.record
	if s.first = nil; engine == nil {
		on := Accounts{Tape: tape.New(tape.Options{})}
		if accounts != nil {
			on = accounts.Accounts
		}
		engine, record = s.engine(on, accounts, yield)
		s.dock.Move(engine.Market())
	}
	accountsOf := engine.Accounts
	s.last.Store(&accountsOf)
	return engine, record
}

// own streams, writes the log and serves it, until ctx ends.
func (s *Shared) own(ctx context.Context, accounts *had) error {
	engine, record := s.begun(accounts, "")
	parts := []Part{{"feed", engine.Run}}
	if record != nil {
		parts = append(parts, Part{"feed", record.Run})
		if s.o.Hub != nil {
			parts = append(parts, Part{"feed", func(ctx context.Context) error { return s.o.Hub.Publish(ctx, engine.Market(), record, s.fenced.Say) }})
		}
		if s.o.Socket != "" {
			parts = append(parts, Part{"feed", func(ctx context.Context) error { return s.serve(ctx, engine, record) }})
		}
	}
	err := Together(ctx, parts...)
	if s.o.Private != "" && s.heirs == 0 {
		err = errors.Join(err, os.RemoveAll(s.o.Private))
	}
	return err
}

// poll asks REST beside a program that cannot be followed, until that has ended or
// can be. It goes on with the accounts that there are.
func (s *Shared) poll(ctx context.Context, accounts *had, why string) (mine bool, holder int, err error) {
	engine, _ := s.begun(accounts, why)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	err = Together(ctx, Part{"feed", engine.Run}, Part{"feed", func(ctx context.Context) error {
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(claimEvery):
			}
			var failed error
			if mine, holder, failed = s.o.Claim(); mine && s.o.Recorder == nil { // nothing would be gained by beginning anew
				engine.Retake()
				<-ctx.Done()
				return nil
			}
			if mine || failed == nil && s.o.Socket != "" && s.answers(ctx) {
				cancel()
				return nil
			}
		}
	}})
	return mine, holder, err
}
