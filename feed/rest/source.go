package rest

import (
	"context"

	"optflow/feed/massive"
	"optflow/model"
)

// Source is what is asked of the REST endpoints, one request a call. It is safe
// for concurrent use.
type Source interface {
	chainSource
	listingSource
	barSource
	quoteSource
	marketSource
}

// chainSource gives snapshots: of a chain page by page, of one contract, or of
// those named.
type chainSource interface {
	Chain(ctx context.Context, underlying string, f massive.ChainFilter) (massive.ChainPage, error)
	ChainNext(ctx context.Context, next string) (massive.ChainPage, error)
	Contract(ctx context.Context, underlying, symbol string) (model.Snapshot, error)
	Unified(ctx context.Context, symbols []string) (found []model.Snapshot, missing map[string]string, err error)
}

// listingSource lists the contracts of an underlying.
type listingSource interface {
	Contracts(ctx context.Context, underlying string, f massive.ChainFilter) (massive.ListingPage, error)
	ContractsNext(ctx context.Context, next string) (massive.ListingPage, error)
}

// barSource gives a contract's bars of the past.
type barSource interface {
	Aggs(ctx context.Context, symbol string, span model.Span, from, to int64) (bars []model.Bar, whole bool, err error)
}

// quoteSource gives a contract's quotes by time.
type quoteSource interface {
	Quotes(ctx context.Context, symbol string, before int64, limit int) (massive.QuotePage, error)
	QuotesNext(ctx context.Context, next string) (massive.QuotePage, error)
}

// marketSource says what the market does now, and when it will be closed.
type marketSource interface {
	MarketStatus(ctx context.Context) (massive.MarketStatus, error)
	Upcoming(ctx context.Context) ([]massive.Holiday, error)
}
