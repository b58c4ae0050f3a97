package massive

import (
	"context"
	"net/http"
	"time"

	"optflow/model"
)

// RESTOptions say where and how to ask.
type RESTOptions struct {
	BaseURL    string // "" is the vendor's; a path is kept as a prefix
	Key        Key
	HTTPClient *http.Client                             // nil: one with this package's timeouts
	Limiter    interface{ Wait(context.Context) error } // nil: none, the engine budgets
	Now        func() int64                             // market time in ms, stamped on snapshots; nil: wall time
	OnDate     func(server, wall time.Time)             // told each answer's Date header; nil: nobody
}

// REST asks the vendor's REST endpoints. It is safe for concurrent use. Its
// errors are *APIError, but for the end of ctx.
type REST struct{}

// NewREST checks the options.
func NewREST(o RESTOptions) (*REST, error) { return nil, errNotYet }

// ChainFilter narrows a chain. Zero fields do not narrow; bounds are inclusive.
type ChainFilter struct {
	Type       string // "call", "put"
	ExpiryFrom model.Date
	ExpiryTo   model.Date
	StrikeFrom float64 // dollars
	StrikeTo   float64
	Limit      int // rows a page; 0 is the most that the endpoint gives
}

// ChainPage is one page of a chain snapshot.
type ChainPage struct {
	Snapshots []model.Snapshot
	Malformed int
	Delayed   bool   // the answer says that the plan is a delayed one
	Next      string // opaque, for ChainNext; "" at the end
}

// Chain reads the first page of an underlying's option chain ("SPY", "SPX").
func (r *REST) Chain(ctx context.Context, underlying string, f ChainFilter) (ChainPage, error) {
	return ChainPage{}, errNotYet
}

// ChainNext reads the page that an earlier one named.
func (r *REST) ChainNext(ctx context.Context, next string) (ChainPage, error) {
	return ChainPage{}, errNotYet
}

// ChainAll reads page after page into yield until it returns false. whole says
// that the chain was read to its end.
func (r *REST) ChainAll(ctx context.Context, underlying string, f ChainFilter, yield func(ChainPage) bool) (whole bool, err error) {
	return false, errNotYet
}

// Contract reads one contract's snapshot.
func (r *REST) Contract(ctx context.Context, underlying, symbol string) (model.Snapshot, error) {
	return model.Snapshot{}, errNotYet
}

// MaxUnified is the most symbols that Unified takes.
const MaxUnified = 250

// Unified reads the snapshots of up to MaxUnified contracts. It has no day
// vwap, so HasDay is false in all of them. missing says of each symbol without
// an answer why: "NOT_FOUND", "NOT_ENTITLED", or "" when the answer left it out.
func (r *REST) Unified(ctx context.Context, symbols []string) (found []model.Snapshot, missing map[string]string, err error) {
	return nil, nil, errNotYet
}

// Listing is a contract as the reference endpoint lists it.
type Listing struct {
	Symbol     string
	Underlying string  // "SPX", "BRK.B"
	Shares     float64 // shares per contract; 0 unknown
}

// ListingPage is one page of listings.
type ListingPage struct {
	Listings  []Listing
	Malformed int
	Next      string
}

// Contracts reads the first page of an underlying's listed contracts.
func (r *REST) Contracts(ctx context.Context, underlying string, f ChainFilter) (ListingPage, error) {
	return ListingPage{}, errNotYet
}

// ContractsNext reads the page that an earlier one named.
func (r *REST) ContractsNext(ctx context.Context, next string) (ListingPage, error) {
	return ListingPage{}, errNotYet
}

// ContractsAll is to Contracts what ChainAll is to Chain.
func (r *REST) ContractsAll(ctx context.Context, underlying string, f ChainFilter, yield func(ListingPage) bool) (whole bool, err error) {
	return false, errNotYet
}

// Aggs reads a contract's bars whose windows start in [from, to), in ms, oldest
// first. Their Contract is not set, DayVolume is -1. whole says that every bar
// of the interval was read.
func (r *REST) Aggs(ctx context.Context, symbol string, span model.Span, from, to int64) (bars []model.Bar, whole bool, err error) {
	return nil, false, errNotYet
}

// MarketStatus is what the vendor says of the market now.
type MarketStatus struct {
	Market     string // "open", "closed", "extended-hours"
	NYSE       string // likewise; options follow it
	ServerTime time.Time
}

// MarketStatus asks what the market does now.
func (r *REST) MarketStatus(ctx context.Context) (MarketStatus, error) {
	return MarketStatus{}, errNotYet
}

// Holiday is a day on which the NYSE is closed or closes early.
type Holiday struct {
	Date        model.Date
	Name        string
	Closed      bool      // else it closes early
	Open, Close time.Time // of an early close; zero when not given
}

// Upcoming asks for the holidays to come, soonest first.
func (r *REST) Upcoming(ctx context.Context) ([]Holiday, error) { return nil, errNotYet }

// ErrorKind sorts what a request can come to.
type ErrorKind uint8

// Kinds of API errors.
const (
	ErrorOther        ErrorKind = iota
	ErrorUnauthorized           // 401: the key is refused
	ErrorNotEntitled            // 403: the plan does not carry it
	ErrorNotFound               // 404
	ErrorRateLimited            // 429, see RetryAfter
	ErrorBadRequest             // other 4xx
	ErrorServer                 // 5xx
	ErrorRedirect               // 3xx, never followed
	ErrorNotJSON                // another content type, or a body that is not JSON
	ErrorTooLarge               // past 32 MiB
	ErrorTruncated              // the body ended early
	ErrorTimeout                // no answer, or no byte, in time
	ErrorNetwork                // no connection
	ErrorForeignNext            // next_url names another origin; nothing was sent
	ErrorEndless                // pagination did not end
)

// APIError says why a request failed.
type APIError struct {
	Status     int // HTTP status, 0 when there was none
	Kind       ErrorKind
	Endpoint   string        // the path, without query
	Message    string        // the server's words, sanitised, or ours
	RetryAfter time.Duration // clamped to 1 s..5 min; 0 not given
	err        error
}

func (e *APIError) Error() string { return e.Message }

// Unwrap is the cause, free of URLs.
func (e *APIError) Unwrap() error { return e.err }

// Temporary reports whether the same request may succeed later by itself.
func (e *APIError) Temporary() bool { return false }
