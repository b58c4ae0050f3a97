package feed

import (
	"context"
	"errors"
	"fmt"

	"optflow/feed/massive"
	"optflow/model/termsafe"
)

// Lookup asks the vendor whether a symbol is an underlying with listed options,
// nil if it is. The error is a sentence for the user. It waits for the answer,
// or for ctx.
func (e *Engine) Lookup(ctx context.Context, symbol string) error {
	ticker := cleanTicker(symbol)
	if !plausible(ticker) {
		return fmt.Errorf("%q is not a ticker", termsafe.String(symbol, 20))
	}
	answer := make(chan error, 1)
	taken := e.inbox.ask(func(e *Engine) { e.lookup(ticker, answer) })
	if !taken {
		return errors.New("the feed has ended")
	}
	select {
	case err := <-answer:
		return err
	case <-e.inbox.ended:
		return errors.New("the feed has ended")
	case <-ctx.Done():
		return fmt.Errorf("looking up %s: %w", ticker, ctx.Err())
	}
}

// plausible keeps nonsense from the vendor: letters, digits and a dot.
func plausible(ticker string) bool {
	if ticker == "" || len(ticker) > 8 {
		return false
	}
	for _, c := range ticker {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '.' {
			return false
		}
	}
	return true
}

func (e *Engine) lookup(ticker string, answer chan<- error) {
	if e.machine.refused || e.budget.off {
		answer <- fmt.Errorf("%s cannot be looked up: the key is refused", ticker)
		return
	}
	reply := func(err error) {
		select {
		case answer <- err:
		default:
		}
	}
	e.lookups++
	e.budget.add(&job{
		class: classUser, lookup: true, key: fmt.Sprintf("lookup/%d", e.lookups),
		do: func(ctx context.Context) (func(), error) {
			page, err := e.o.REST.Contracts(ctx, ticker, massive.ChainFilter{Limit: 1})
			return func() {
				if len(page.Listings) == 0 {
					reply(fmt.Errorf("%s has no listed options", ticker))
					return
				}
				e.heardOf([]string{ticker})
				reply(nil)
			}, err
		},
		fail: func(err error) {
			if kindOf(err) == massive.ErrorNotFound {
				reply(fmt.Errorf("%s has no listed options", ticker))
				return
			}
			reply(fmt.Errorf("looking up %s: %w", ticker, err))
		},
	})
}
