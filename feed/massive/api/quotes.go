package api

import (
	"context"
	"errors"
	"net/url"
	"strconv"

	"optflow/feed/massive/wire"
	"optflow/feed/source"
	"optflow/model"
)

// quoteRows is the most quotes that the endpoint gives a page.
const quoteRows = 50_000

// Quotes reads the last quotes, at most limit, that came into force before a
// time in ms. Going on page after page leads back in time.
func (r *REST) Quotes(ctx context.Context, symbol string, before int64, limit int) (source.QuotePage, error) {
	if err := checkSymbols(symbol); err != nil {
		return source.QuotePage{}, err
	}
	if before < wire.MinTime || before > wire.MaxTime {
		return source.QuotePage{}, &source.Failure{Kind: source.ErrorBadRequest, Message: "no such time; nothing was sent"}
	}
	return r.quotePage(ctx, r.target("/v3/quotes/"+symbol, url.Values{
		"timestamp.lt": {strconv.FormatInt(before*1e6, 10)},
		"order":        {"desc"}, "sort": {"timestamp"}, "limit": {strconv.Itoa(min(max(limit, 1), quoteRows))},
	}))
}

// QuotesNext reads the page that an earlier one named.
func (r *REST) QuotesNext(ctx context.Context, next string) (source.QuotePage, error) {
	target, err := r.next(next)
	if err != nil {
		return source.QuotePage{}, err
	}
	return r.quotePage(ctx, target)
}

// wireQuote is a quote of the listing.
type wireQuote struct {
	Ask     optional `json:"ask_price"`
	AskSize optional `json:"ask_size"`
	Bid     optional `json:"bid_price"`
	BidSize optional `json:"bid_size"`
	Time    nanos    `json:"sip_timestamp"`
}

func (r *REST) quotePage(ctx context.Context, target *url.URL) (page source.QuotePage, err error) {
	err = r.get(ctx, target, pageBody, func(body []byte) error {
		ordered := true
		e := envelope[rows]{Results: rowsOf(quoteRows+pageSlack, func(w *wireQuote, good bool) {
			if !good || w.Time == 0 {
				page.Malformed++
				return
			}
			q := model.Quote{
				Bid: w.Bid.price(), Ask: w.Ask.price(), Updated: int64(w.Time),
				BidSize: w.BidSize.or(0, 0, maxSize), AskSize: w.AskSize.or(0, 0, maxSize),
			}
			if n := len(page.Quotes); n > 0 && q.Updated > page.Quotes[n-1].Updated {
				ordered = false
			}
			page.Quotes = append(page.Quotes, q)
		})}
		if err := open(r, body, &e); err != nil {
			page = source.QuotePage{}
			return err
		}
		if !ordered {
			return errors.New("the quotes are not the newest first") // and so not those that were asked for
		}
		page.Next = string(e.NextURL)
		return nil
	})
	return page, err
}
