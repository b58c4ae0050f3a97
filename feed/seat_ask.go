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

// reply is an answer on its way to a face: the first one is taken.
type reply[A any] chan result[A]

type result[A any] struct {
	answer A
	err    error
}

func newReply[A any]() reply[A] { return make(reply[A], 1) }

func (r reply[A]) give(answer A, err error) {
	select {
	case r <- result[A]{answer, err}:
	default:
	}
}

// await waits for the answer, or for the end of the feed or of ctx. Doing says
// what was being done.
func (r reply[A]) await(ctx context.Context, from *inbox, doing string) (none A, _ error) {
	select {
	case got := <-r:
		return got.answer, got.err
	case <-from.ended:
		return none, errEnded
	case <-ctx.Done():
		return none, fmt.Errorf("%s: %w", doing, ctx.Err())
	}
}

// Observe reads the accounts of the day into a list that is reused: of the
// contracts named, or of all that traded or hold something. Nobody copies
// anything while nobody asks. It waits for the engine's turn, or for ctx.
func (s *seat) Observe(ctx context.Context, into []model.Account, only ...model.ContractID) ([]model.Account, error) {
	r := newReply[[]model.Account]()
	if !s.inbox.look(func(e *Engine) { r.give(copyAccounts(e.book.Book, into[:0], only), nil) }) {
		return nil, errEnded
	}
	return r.await(ctx, s.inbox, "reading the accounts")
}

// Day asks for one contract's bars of the day shown, a minute wide, oldest first:
// one request, before all others. The error is a sentence for the user. It waits
// for the answer, or for ctx.
func (s *seat) Day(ctx context.Context, id model.ContractID) ([]model.Bar, error) {
	r := newReply[[]model.Bar]()
	if !s.inbox.order(func(e *Engine) { e.rest.Inquiries.Day(e.moment(), ctx, id, r.give) }) {
		return nil, errEnded
	}
	return r.await(ctx, s.inbox, "reading the contract's day")
}

// Lookup asks whether a symbol is an underlying with listed options, nil if it
// is; the engine has then learnt the vendor's spelling of it. The error is a
// sentence for the user. It waits for the answer, or for ctx.
func (s *seat) Lookup(ctx context.Context, symbol string) error {
	name, err := ticker.Read(symbol)
	if err != nil {
		return err
	}
	r := newReply[struct{}]()
	if !s.inbox.order(func(e *Engine) {
		e.rest.Inquiries.Ticker(name, func(err error) { r.give(struct{}{}, err) })
	}) {
		return errEnded
	}
	_, err = r.await(ctx, s.inbox, "looking up "+ticker.Bare(name))
	return err
}

// Accounts are today's accounts of all contracts as the run left them: settled,
// nothing pending. It is valid once Run has returned; before, the accounts are
// the engine's alone.
func (e *Engine) Accounts() []model.Account { return copyAccounts(e.book.Book, nil, nil) }

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
