package feed

import (
	"context"

	"optflow/feed/massive"
	"optflow/model"
)

// termsMost bounds the roots whose terms are asked for in a run: a ticker has
// one or two that are not standard.
const termsMost = 200

// wantTerms asks for the listing of a contract that is not standard: only
// there the vendor says whether it delivers more than shares.
func (e *Engine) wantTerms(ch *chain, id model.ContractID) {
	c := e.tape.Contracts.At(id)
	if !c.Adjusted() && !c.Mini() || e.names.terms[c.Root] || len(e.names.terms) >= termsMost {
		return
	}
	if e.names.terms == nil {
		e.names.terms = make(map[string]bool)
	}
	e.names.terms[c.Root] = true
	name := ch.underlying // by now the vendor's own
	filter := massive.ChainFilter{
		ExpiryFrom: c.Expiry, ExpiryTo: c.Expiry, StrikeFrom: c.StrikePrice(), StrikeTo: c.StrikePrice(), Type: c.Type.String(),
	}
	var page massive.ListingPage
	e.budget.add(&job{
		class: classHistory, key: "terms/" + c.Root, owner: ch.underlying,
		do: func(ctx context.Context) (func(), error) {
			var err error
			page, err = e.o.REST.Contracts(ctx, name, filter)
			return func() { e.listed(page.Listings, ch.underlying) }, err
		},
		fail: func(error) { delete(e.names.terms, c.Root) }, // the next sweep asks again
		gone: func() { delete(e.names.terms, c.Root) },
	})
}
