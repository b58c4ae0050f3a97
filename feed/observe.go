package feed

import (
	"context"
	"errors"
	"fmt"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/ticker"
)

var errEnded = errors.New("the feed has ended")

// Observe reads the accounts of the day into a list that is reused: of the
// contracts named, or of all that traded or hold something. Nobody copies
// anything while nobody asks. It waits for the engine's turn, or for ctx.
func (s *seat) Observe(ctx context.Context, into []model.Account, only ...model.ContractID) ([]model.Account, error) {
	answer := make(chan []model.Account, 1)
	if !s.e.inbox.look(func(e *Engine) { answer <- copyAccounts(e.book, into[:0], only) }) {
		return nil, errEnded
	}
	select {
	case list := <-answer:
		return list, nil
	case <-s.e.inbox.ended:
		return nil, errEnded
	case <-ctx.Done():
		return nil, fmt.Errorf("reading the accounts: %w", ctx.Err())
	}
}

// Accounts are today's accounts of all contracts as the run left them: settled,
// nothing pending. It is valid once Run has returned; before, the accounts are
// the engine's alone.
func (e *Engine) Accounts() []model.Account { return copyAccounts(e.book, nil, nil) }

func copyAccounts(b *book.Book, into []model.Account, only []model.ContractID) []model.Account {
	for _, id := range only {
		if a, ok := b.Account(id); ok {
			into = append(into, a)
		}
	}
	if len(only) > 0 {
		return into
	}
	b.Accounts(func(a model.Account) bool {
		into = append(into, a)
		return true
	})
	return into
}

// Day asks the vendor for one contract's bars of the day shown, a minute wide,
// oldest first: one request, before all others. The error is a sentence for the
// user. It waits for the answer, or for ctx.
func (s *seat) Day(ctx context.Context, id model.ContractID) ([]model.Bar, error) {
	answer := make(chan dayAnswer, 1)
	reply := func(bars []model.Bar, err error) {
		select {
		case answer <- dayAnswer{bars, err}:
		default:
		}
	}
	if !s.e.inbox.ask(func(e *Engine) { e.rest.Inquiries.Day(e.moment(), ctx, id, reply) }) {
		return nil, errEnded
	}
	select {
	case a := <-answer:
		return a.bars, a.err
	case <-s.e.inbox.ended:
		return nil, errEnded
	case <-ctx.Done():
		return nil, fmt.Errorf("reading the contract's day: %w", ctx.Err())
	}
}

// dayAnswer is what a request for a contract's day came to.
type dayAnswer struct {
	bars []model.Bar
	err  error
}

// Lookup asks the vendor whether a symbol is an underlying with listed options,
// nil if it is; the engine has then learnt the vendor's spelling of it. The error
// is a sentence for the user. It waits for the answer, or for ctx.
func (s *seat) Lookup(ctx context.Context, symbol string) error {
	name, err := ticker.Read(symbol)
	if err != nil {
		return err
	}
	answer := make(chan error, 1)
	reply := func(err error) {
		select {
		case answer <- err:
		default:
		}
	}
	if !s.e.inbox.ask(func(e *Engine) { e.rest.Inquiries.Ticker(name, reply) }) {
		return errEnded
	}
	select {
	case err := <-answer:
		return err
	case <-s.e.inbox.ended:
		return errEnded
	case <-ctx.Done():
		return fmt.Errorf("looking up %s: %w", ticker.Bare(name), ctx.Err())
	}
}
