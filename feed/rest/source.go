package rest

import (
	"context"

	"optflow/feed/source"
	"optflow/model"
)

// Source is what is asked of the REST endpoints, one request a call. It is safe
// for concurrent use.
type Source interface {
	nameSource
	chainSource
	listingSource
	barSource
	quoteSource
	pastSource
	marketSource
}

// nameSource knows how the vendor may spell a ticker, the likeliest first.
type nameSource interface {
	ChainNames(ticker string) []string
	ListingNames(ticker string) []string
	IndexName(name string) string // of a chain that turned out to be an index's
}

// chainSource gives snapshots: of a chain page by page, of one contract, or of
// those named.
type chainSource interface {
	Chain(ctx context.Context, underlying string, f source.ChainFilter) (source.ChainPage, error)
	ChainNext(ctx context.Context, next string) (source.ChainPage, error)
	Contract(ctx context.Context, underlying, symbol string) (model.Snapshot, error)
	Unified(ctx context.Context, symbols []string) (found []model.Snapshot, missing map[string]string, err error)
}

// listingSource lists the contracts of an underlying.
type listingSource interface {
	Contracts(ctx context.Context, underlying string, f source.ChainFilter) (source.ListingPage, error)
	ContractsNext(ctx context.Context, next string) (source.ListingPage, error)
}

// barSource gives a contract's bars of the past.
type barSource interface {
	Aggs(ctx context.Context, symbol string, span model.Span, from, to int64) (bars []model.Bar, whole bool, err error)
}

// quoteSource gives a contract's quotes by time.
type quoteSource interface {
	Quotes(ctx context.Context, symbol string, before int64, limit int) (source.QuotePage, error)
	QuotesNext(ctx context.Context, next string) (source.QuotePage, error)
}

// pastSource says what held at a past time, where the vendor knows.
type pastSource interface {
	// SpotAt is the price of an underlying in dollars at the end of the last whole
	// minute before a time in ms, NaN where there is none.
	SpotAt(ctx context.Context, underlying string, at int64) (float64, error)
	// Interest is a contract's open interest at the end of a session, -1 where none
	// is stated.
	Interest(ctx context.Context, symbol string, session model.Date) (lots int64, err error)
}

// marketSource says what the market does now, and when it will be closed.
type marketSource interface {
	MarketStatus(ctx context.Context) (source.MarketStatus, error)
	Upcoming(ctx context.Context) ([]source.Holiday, error)
}
