package massive

import (
	"context"
	"net/url"

	"optflow/model"
	"optflow/model/ticker"
)

// Listing is a contract as the reference endpoint lists it.
type Listing struct {
	Symbol     string
	Underlying string  // "SPX", "BRK.B"
	Shares     float64 // of the underlying that it delivers; 0 unknown
	More       bool    // it delivers cash or other shares beside them
}

// ListingPage is one page of listings.
type ListingPage struct {
	Listings  []Listing
	Malformed int
	Next      string // opaque, for ContractsNext; "" at the end
}

// Contracts reads the first page of an underlying's listed contracts, by one of
// its ListingNames, expired ones left out. An underlying without options gives an empty page.
func (r *REST) Contracts(ctx context.Context, underlying string, f ChainFilter) (ListingPage, error) {
	if err := checkUnderlying(underlying); err != nil {
		return ListingPage{}, err
	}
	query := f.query(contractRows)
	query.Set("underlying_ticker", underlying)
	return r.listingPage(ctx, r.target("/v3/reference/options/contracts", query))
}

// ContractsNext reads the page that an earlier one named.
func (r *REST) ContractsNext(ctx context.Context, next string) (ListingPage, error) {
	target, err := r.next(next)
	if err != nil {
		return ListingPage{}, err
	}
	return r.listingPage(ctx, target)
}

// ContractsAll is to Contracts what ChainAll is to Chain.
func (r *REST) ContractsAll(ctx context.Context, underlying string, f ChainFilter, yield func(ListingPage) bool) (whole bool, err error) {
	page, err := r.Contracts(ctx, underlying, f)
	return follow(page, err, func(p ListingPage) string { return p.Next },
		func(next string) (ListingPage, error) { return r.ContractsNext(ctx, next) }, yield)
}

// wireListing is one contract in a listing answer.
type wireListing struct {
	Ticker     text     `json:"ticker"`
	Underlying text     `json:"underlying_ticker"`
	Shares     optional `json:"shares_per_contract"`
	More       elements `json:"additional_underlyings"`
}

func (r *REST) listingPage(ctx context.Context, target *url.URL) (page ListingPage, err error) {
	err = r.get(ctx, target, pageBody, func(body []byte) error {
		e := envelope[rows]{Results: rowsOf(contractRows+pageSlack, func(w *wireListing, good bool) {
			underlying := ticker.Vendor(string(w.Underlying))
			if _, err := model.ParseContract(string(w.Ticker)); !good || err != nil || underlying == "" {
				page.Malformed++
				return
			}
			page.Listings = append(page.Listings, Listing{string(w.Ticker), underlying, w.Shares.or(0, 0, maxShares), bool(w.More)})
		})}
		if err := open(r, body, &e); err != nil {
			page = ListingPage{}
			return err
		}
		page.Next = string(e.NextURL)
		return nil
	})
	return page, err
}
