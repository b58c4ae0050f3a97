package feed

import (
	"context"
	"errors"
	"fmt"

	"optflow/feed/rest"
	"optflow/model"
)

var errEnded = errors.New("the feed has ended")

// Observe reads the accounts of the day into a list that is reused: of the
// contracts named, or of all that traded or hold something. Nobody copies
// anything while nobody asks. It waits for the engine's turn, or for ctx.
func (e *Engine) Observe(ctx context.Context, into []model.Account, only ...model.ContractID) ([]model.Account, error) {
	answer := make(chan []model.Account, 1)
	if !e.inbox.look(func(e *Engine) { answer <- e.copyAccounts(into[:0], only) }) {
		return nil, errEnded
	}
	select {
	case list := <-answer:
		return list, nil
	case <-e.inbox.ended:
		return nil, errEnded
	case <-ctx.Done():
		return nil, fmt.Errorf("reading the accounts: %w", ctx.Err())
	}
}

func (e *Engine) copyAccounts(into []model.Account, only []model.ContractID) []model.Account {
	for _, id := range only {
		if a, ok := e.book.Account(id); ok {
			into = append(into, a)
		}
	}
	if len(only) > 0 {
		return into
	}
	e.book.Accounts(func(a model.Account) bool {
		into = append(into, a)
		return true
	})
	return into
}

// Day asks the vendor for one contract's bars of the day shown, a minute wide,
// oldest first: one request, before all others. The error is a sentence for the
// user. It waits for the answer, or for ctx.
func (e *Engine) Day(ctx context.Context, id model.ContractID) ([]model.Bar, error) {
	answer := make(chan dayAnswer, 1)
	if !e.inbox.ask(func(e *Engine) { e.readDay(ctx, id, answer) }) {
		return nil, errEnded
	}
	select {
	case a := <-answer:
		return a.bars, a.err
	case <-e.inbox.ended:
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

func (e *Engine) readDay(asker context.Context, id model.ContractID, answer chan<- dayAnswer) {
	reply := func(bars []model.Bar, err error) {
		select {
		case answer <- dayAnswer{bars, err}:
		default:
		}
	}
	c := e.tape.Contracts.At(id)
	switch {
	case c == nil:
		reply(nil, errors.New("this contract is not known"))
		return
	case e.machine.refused || e.standing.Off():
		reply(nil, errors.New("the day cannot be read: the key is refused"))
		return
	}
	date := e.book.Date()
	if date == 0 {
		date = model.TradingDate(e.clock.Now())
	}
	from := date.At(0, 0).UnixMilli()
	to := min((date+1).At(0, 0).UnixMilli(), e.clock.Now()/minuteMillis*minuteMillis)
	e.lookups++
	e.budget.Add(&rest.Job{
		Class: rest.ForUser, Lookup: true, Key: fmt.Sprintf("day/%d", e.lookups),
		Do: func(ctx context.Context) (func(rest.Moment), error) {
			if asker.Err() != nil { // nobody wants it any more: spare the request
				return nil, nil
			}
			bars, _, err := e.o.REST.Aggs(ctx, c.Symbol, model.Minute, from, to)
			return func(rest.Moment) {
				for i := range bars {
					bars[i].Contract = id
				}
				reply(bars, nil)
			}, err
		},
		Fail: func(_ rest.Moment, err error) { reply(nil, fmt.Errorf("reading the day: %w", err)) },
		Gone: func(rest.Moment) {
			reply(nil, errors.New("the day was not read: the feed let go of it; r tries again"))
		},
	})
}
