package api

import (
	"context"
	"net/url"

	"optflow/feed/massive/wire"
	"optflow/feed/source"
	"optflow/model"
	"optflow/model/ticker"
)

// Contracts reads the first page of an underlying's listed contracts, by one of
// its ListingNames, expired ones left out. An underlying without options gives an empty page.
func (r *REST) Contracts(ctx context.Context, underlying string, f source.ChainFilter) (source.ListingPage, error) {
	if err := checkUnderlying(underlying); err != nil {
		return source.ListingPage{}, err
	}
	query := chainQuery(f, contractRows)
	query.Set("underlying_ticker", underlying)
	return r.listingPage(ctx, r.target("/v3/reference/options/contracts", query))
}

// ContractsNext reads the page that an earlier one named.
func (r *REST) ContractsNext(ctx context.Context, next string) (source.ListingPage, error) {
	target, err := r.next(next)
	if err != nil {
		return source.ListingPage{}, err
	}
	return r.listingPage(ctx, target)
}

// wireListing is one contract in a listing answer.
type wireListing struct {
	Ticker     wire.Text `json:"ticker"`
	Underlying wire.Text `json:"underlying_ticker"`
	Shares     optional  `json:"shares_per_contract"`
	More       elements  `json:"additional_underlyings"`
}

func (r *REST) listingPage(ctx context.Context, target *url.URL) (page source.ListingPage, err error) {
	err = r.get(ctx, target, pageBody, func(body []byte) error {
		e := envelope[rows]{Results: rowsOf(contractRows+pageSlack, func(w *wireListing, good bool) {
			underlying := ticker.Vendor(string(w.Underlying))
			if _, err := model.ParseContract(string(w.Ticker)); !good || err != nil || underlying == "" {
				page.Malformed++
				return
			}
			page.Listings = append(page.Listings, source.Listing{
				Symbol: string(w.Ticker), Underlying: underlying, Shares: w.Shares.or(0, 0, maxShares), More: bool(w.More),
			})
		})}
		if err := open(r, body, &e); err != nil {
			page = source.ListingPage{}
			return err
		}
		page.Next = string(e.NextURL)
		return nil
	})
	return page, err
}
