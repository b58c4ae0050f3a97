package feed

import (
	"context"

	"optflow/feed/massive"
	"optflow/feed/rest"
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
	e.budget.Add(&rest.Job{
		Class: rest.ForHistory, Key: "terms/" + c.Root, Owner: ch.underlying,
		Do: func(ctx context.Context) (func(rest.Moment), error) {
			var err error
			page, err = e.o.REST.Contracts(ctx, name, filter)
			return func(rest.Moment) { e.listed(page.Listings, ch.underlying) }, err
		},
		Fail: func(rest.Moment, error) { delete(e.names.terms, c.Root) }, // the next sweep asks again
		Gone: func(rest.Moment) { delete(e.names.terms, c.Root) },
	})
}
