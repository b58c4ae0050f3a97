package rest

import (
	"context"

	"optflow/feed/source"
	"optflow/model"
	"optflow/model/book"
)

// termsMost bounds the roots whose terms are asked for in a run: a ticker has
// one or two that are not standard.
const termsMost = 200

// listings reads the reference listing: of a ticker's contracts where the plan
// has no chains, and of contracts that are not standard.
type listings struct {
	source    listingSource
	budget    *Budget
	contracts *model.Contracts
	interner  *Interner
	following *Following
	book      teller
	notes     Notes
	grown     func()

	terms map[string]bool // roots whose listing was asked for
}

// list reads the contracts of an underlying.
func (l *listings) list(ch *Chain, next string) {
	if ch.listed {
		return
	}
	if next == "" {
		ch.walk = source.Walk{}
	}
	name := ch.lists[0]
	l.budget.Add(&Job{
		Class: ForSweep, Key: "list/" + ch.underlying + "/" + next, Owner: ch,
		Do: asks(func(ctx context.Context) (source.ListingPage, error) {
			if next == "" {
				return l.source.Contracts(ctx, name, source.ChainFilter{})
			}
			return l.source.ContractsNext(ctx, next)
		}, func(m Moment, page source.ListingPage) { l.got(m, ch, page, next == "") }),
		Fail: func(_ Moment, err error) {
			if source.KindOf(err) == source.ErrorNotFound && next == "" {
				l.otherwise(ch)
			}
		},
	})
}

// got books a page of an underlying's listing, the first or one after it.
func (l *listings) got(m Moment, ch *Chain, page source.ListingPage, first bool) {
	l.listed(m, page.Listings, ch.underlying)
	if first && len(page.Listings) == 0 && l.otherwise(ch) {
		return
	}
	if page.Next != "" {
		err := ch.walk.Step(page.Next)
		if err == nil {
			l.list(ch, page.Next)
			return
		}
		l.notes.Note(ch.underlying + ": " + err.Error())
	}
	ch.listed = true
}

// otherwise reads the listing under the next name that the vendor may have for
// the ticker. It is false when there is none.
func (l *listings) otherwise(ch *Chain) bool {
	if len(ch.lists) < 2 {
		return false
	}
	ch.lists = ch.lists[1:]
	l.list(ch, "")
	return true
}

// listed takes the contracts of a listing of one underlying.
func (l *listings) listed(m Moment, list []source.Listing, underlying string) {
	for _, one := range list {
		id, ok := l.interner.Intern(one.Symbol)
		if !ok {
			continue
		}
		l.following.told(m, id, one.Underlying, underlying)
		l.book.Apply(&book.Shares{Contract: id, Shares: one.Shares, More: one.More})
	}
	l.grown()
}

// wantTerms asks for the listing of a contract that is not standard: only
// there the vendor says whether it delivers more than shares.
func (l *listings) wantTerms(ch *Chain, id model.ContractID) {
	c := l.contracts.At(id)
	if !c.Adjusted() && !c.Mini() || l.terms[c.Root] || len(l.terms) >= termsMost {
		return
	}
	l.terms[c.Root] = true
	name := ch.underlying // by now the vendor's own
	filter := source.ChainFilter{
		ExpiryFrom: c.Expiry, ExpiryTo: c.Expiry, StrikeFrom: c.StrikePrice(), StrikeTo: c.StrikePrice(), Type: c.Type.String(),
	}
	forget := func() { delete(l.terms, c.Root) } // the next sweep asks again
	l.budget.Add(&Job{
		Class: ForHistory, Key: "terms/" + c.Root, Owner: ch,
		Do: asks(func(ctx context.Context) (source.ListingPage, error) {
			return l.source.Contracts(ctx, name, filter)
		}, func(m Moment, page source.ListingPage) { l.listed(m, page.Listings, ch.underlying) }),
		Fail: func(Moment, error) { forget() },
		Gone: func(Moment) { forget() },
	})
}
