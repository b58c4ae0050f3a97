package feed

import (
	"context"
	"errors"
	"fmt"

	"optflow/feed/massive"
	"optflow/feed/rest"
	"optflow/model/ticker"
)

// Lookup asks the vendor whether a symbol is an underlying with listed options,
// nil if it is; the engine has then learnt the vendor's spelling of it. The error
// is a sentence for the user. It waits for the answer, or for ctx.
func (e *Engine) Lookup(ctx context.Context, symbol string) error {
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
	if !e.inbox.ask(func(e *Engine) { e.lookup(ticker.Bare(name), massive.ListingNames(name), reply) }) {
		return errors.New("the feed has ended")
	}
	select {
	case err := <-answer:
		return err
	case <-e.inbox.ended:
		return errors.New("the feed has ended")
	case <-ctx.Done():
		return fmt.Errorf("looking up %s: %w", ticker.Bare(name), ctx.Err())
	}
}

// lookup asks for a contract of the ticker, under one of the vendor's names for
// it after the other.
func (e *Engine) lookup(name string, asks []string, reply func(error)) {
	if e.machine.refused || e.standing.Off() {
		reply(fmt.Errorf("%s cannot be looked up: the key is refused", name))
		return
	}
	next := func() {
		if len(asks) > 1 {
			e.lookup(name, asks[1:], reply)
			return
		}
		reply(fmt.Errorf("%s has no listed options", name))
	}
	e.lookups++
	e.budget.Add(&rest.Job{
		Class: rest.ForUser, Lookup: true, Key: fmt.Sprintf("lookup/%d", e.lookups),
		Do: func(ctx context.Context) (func(rest.Moment), error) {
			page, err := e.o.REST.Contracts(ctx, asks[0], massive.ChainFilter{Limit: 1})
			return func(rest.Moment) {
				if len(page.Listings) == 0 {
					next()
					return
				}
				e.listed(page.Listings, ticker.Vendor(asks[0]))
				e.heardOf([]string{e.named(name)})
				reply(nil)
			}, err
		},
		Fail: func(_ rest.Moment, err error) {
			if massive.KindOf(err) == massive.ErrorNotFound {
				next()
				return
			}
			reply(fmt.Errorf("looking up %s: %w", name, err))
		},
	})
}
