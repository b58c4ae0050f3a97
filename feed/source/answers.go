// Package source is what the engine reads from, in our own words: the vendor's
// names for things, its statuses and its errors stay behind it.
package source

import (
	"cmp"
	"time"

	"optflow/model"
)

// ChainFilter narrows a chain. Zero fields do not narrow; bounds are inclusive.
type ChainFilter struct {
	Type       string // "call" or "put"
	ExpiryFrom model.Date
	ExpiryTo   model.Date
	StrikeFrom float64 // dollars
	StrikeTo   float64
	Limit      int // rows a page; 0 is the most that there may be
}

// ChainPage is one page of a chain's snapshots.
type ChainPage struct {
	Snapshots []model.Snapshot // their Contract is not set
	Malformed int
	Delayed   bool   // the answer says that the plan is a delayed one
	Next      string // opaque, names the page after it; "" at the end
}

// Listing is a contract as the reference data lists it.
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
	Next      string // as in ChainPage
}

// QuotePage is one page of a contract's quotes, the newest first. Updated is
// when each came into force; Read is not set. One that lacks a side is there
// with NaN for it: it was in force all the same.
type QuotePage struct {
	Quotes    []model.Quote
	Malformed int    // those without a time
	Next      string // as in ChainPage
}

// MaxUnified is the most contracts whose snapshots one request may name.
const MaxUnified = 250

// MarketStatus is what the server says of the market now.
type MarketStatus struct {
	Market     string    // "open", "closed" or "extended-hours", sanitised
	NYSE       string    // likewise; there is no entry for options, which keep its days
	ServerTime time.Time // zero when it could not be read
}

// Open reports whether the stock exchange is in its regular session.
func (m MarketStatus) Open() bool { return cmp.Or(m.NYSE, m.Market) == "open" }

// Holiday is a day on which the NYSE is closed or closes early.
type Holiday struct {
	Date        model.Date
	Name        string    // sanitised
	Closed      bool      // else it closes early
	Open, Close time.Time // of an early close; zero when not given
}
