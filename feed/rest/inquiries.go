package rest

import (
	"context"
	"errors"
	"fmt"

	"optflow/feed/source"
	"optflow/model"
	"optflow/model/ticker"
)

// Inquiries are what a person asks, and waits for. Errors are sentences for the
// user.
type Inquiries struct {
	source interface {
		nameSource
		barSource
		listingSource
	}
	budget    *Budget
	standing  *Standing
	contracts *model.Contracts
	following *Following
	listings  *listings
	book      dayBook

	n int // so far
}

type dayBook interface{ Date() model.Date }

// Ticker asks whether a symbol is an underlying with listed options; reply takes
// nil if it is, and the vendor's spelling of it is then known.
func (q *Inquiries) Ticker(name string, reply func(error)) {
	q.ticker(ticker.Bare(name), q.source.ListingNames(name), reply)
}

// ticker asks for a contract of the ticker, under one of the vendor's names for
// it after the other.
func (q *Inquiries) ticker(name string, names []string, reply func(error)) {
	if q.standing.refused() {
		reply(fmt.Errorf("%s cannot be looked up: the key is refused", name))
		return
	}
	next := func() {
		if len(names) > 1 {
			q.ticker(name, names[1:], reply)
			return
		}
		reply(fmt.Errorf("%s has no listed options", name))
	}
	q.n++
	q.budget.Add(&Job{
		Class: ForUser, Lookup: true, Key: fmt.Sprintf("lookup/%d", q.n),
		Do: asks(func(ctx context.Context) (source.ListingPage, error) {
			return q.source.Contracts(ctx, names[0], source.ChainFilter{Limit: 1})
		}, func(m Moment, page source.ListingPage) {
			if len(page.Listings) == 0 {
				next()
				return
			}
			q.listings.listed(m, page.Listings, ticker.Vendor(names[0]))
			q.following.HeardOf([]string{q.following.named(name)})
			reply(nil)
		}),
		Fail: func(_ Moment, err error) {
			if source.KindOf(err) == source.ErrorNotFound {
				next()
				return
			}
			reply(fmt.Errorf("looking up %s: %w", name, err))
		},
	})
}

// Day asks for one contract's bars of the day shown, a minute wide, oldest first,
// while wanted lasts.
func (q *Inquiries) Day(m Moment, wanted context.Context, id model.ContractID, reply func([]model.Bar, error)) {
	c := q.contracts.At(id)
	switch {
	case c == nil:
		reply(nil, errors.New("this contract is not known"))
		return
	case q.standing.refused():
		reply(nil, errors.New("the day cannot be read: the key is refused"))
		return
	}
	date := q.book.Date()
	if date == 0 {
		date = model.TradingDate(m.Market)
	}
	from := date.At(0, 0).UnixMilli()
	to := min((date+1).At(0, 0).UnixMilli(), m.Market/minuteMillis*minuteMillis)
	q.n++
	q.budget.Add(&Job{
		Class: ForUser, Lookup: true, Key: fmt.Sprintf("day/%d", q.n),
		Do: func(ctx context.Context) (func(Moment), error) {
			if wanted.Err() != nil { // nobody wants it any more: spare the request
				return nil, nil
			}
			bars, _, err := q.source.Aggs(ctx, c.Symbol, model.Minute, from, to)
			return func(Moment) { reply(barsOf(id, bars), nil) }, err
		},
		Fail: func(_ Moment, err error) { reply(nil, fmt.Errorf("reading the day: %w", err)) },
		Gone: func(Moment) {
			reply(nil, errors.New("the day was not read: the feed let go of it"))
		},
	})
}
