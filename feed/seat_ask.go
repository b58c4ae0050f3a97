package feed

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"optflow/model"
	"optflow/model/ticker"
)

var errEnded = errors.New("the feed has ended")

// inquire has the engine ask something, by an order or a look, and waits for the
// answer, the end of the feed or that of ctx. The first reply is taken. Doing says
// what was being done.
func inquire[A any](ctx context.Context, s *seat, put func(func(*Engine)) bool, doing string, ask func(e *Engine, reply func(A, error))) (none A, _ error) {
	type answer struct {
		is  A
		err error
	}
	replied := make(chan answer, 1)
	taken := put(func(e *Engine) {
		ask(e, func(is A, err error) {
			select {
			case replied <- answer{is, err}:
			default:
			}
		})
	})
	if !taken {
		return none, errEnded
	}
	select {
	case got := <-replied:
		return got.is, got.err
	case <-s.inbox.ended:
		return none, errEnded
	case <-ctx.Done():
		return none, fmt.Errorf("%s: %w", doing, ctx.Err())
	}
}

// Observe reads the accounts of the day into a list that is reused: of the
// contracts named, or of all that traded or hold something. Nobody copies
// anything while nobody asks. It waits for the engine's turn, or for ctx.
func (s *seat) Observe(ctx context.Context, into []model.Account, only ...model.ContractID) ([]model.Account, error) {
	return inquire(ctx, s, s.inbox.look, "reading the accounts", func(e *Engine, reply func([]model.Account, error)) {
		reply(e.book.AccountsOf(into[:0], only...), nil)
	})
}

// Day asks for one contract's bars of the day shown, a minute wide, oldest first:
// one request, before all others. The error is a sentence for the user. It waits
// for the answer, or for ctx.
func (s *seat) Day(ctx context.Context, id model.ContractID) ([]model.Bar, error) {
	return inquire(ctx, s, s.inbox.order, "reading the contract's day", func(e *Engine, reply func([]model.Bar, error)) {
		e.rest.Inquiries.Day(e.moment(), ctx, id, reply)
	})
}

// Lookup asks whether a symbol is an underlying with listed options, nil if it
// is; the engine has then learnt the vendor's spelling of it. The error is a
// sentence for the user. It waits for the answer, or for ctx.
func (s *seat) Lookup(ctx context.Context, symbol string) error {
	name, err := ticker.Read(symbol)
	if err != nil {
		return err
	}
	_, err = inquire(ctx, s, s.inbox.order, "looking up "+ticker.Bare(name), func(e *Engine, reply func(struct{}, error)) {
		e.rest.Inquiries.Ticker(name, func(err error) { reply(struct{}{}, err) })
	})
	return err
}

// Snapshots reads contracts as they stand now: one request, of 250 at most.
func (s *seat) Snapshots(ctx context.Context, symbols []string) ([]model.Snapshot, error) {
	symbols = slices.Clone(symbols)
	return inquire(ctx, s, s.inbox.order, "reading quotes", func(e *Engine, reply func([]model.Snapshot, error)) {
		e.rest.Followups.Now(e.moment(), symbols, reply)
	})
}

// AsOf reads what was in force of a contract at a past market time in ms.
func (s *seat) AsOf(ctx context.Context, symbol string, at int64) (model.Snapshot, error) {
	return inquire(ctx, s, s.inbox.order, "reading a quote of the past", func(e *Engine, reply func(model.Snapshot, error)) {
		e.rest.Followups.AsOf(e.moment(), symbol, at, reply)
	})
}

// Interest reads what is stated of a contract's session that is over.
func (s *seat) Interest(ctx context.Context, symbol string, session model.Date) (model.Interest, error) {
	return inquire(ctx, s, s.inbox.order, "reading open interest", func(e *Engine, reply func(model.Interest, error)) {
		e.rest.Followups.Interest(e.moment(), symbol, session, reply)
	})
}

// Accounts are today's accounts of all contracts as the run left them: settled,
// nothing pending. It is valid once Run has returned; before, the accounts are
// the engine's alone.
func (e *Engine) Accounts() []model.Account { return e.book.AccountsOf(nil) }
