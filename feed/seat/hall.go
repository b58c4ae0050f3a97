// Package seat lets many faces, of people with different rights, dock at one
// market: each has followed tickers of its own among those of all, and a State
// that says so. The market behind it knows nothing of people.
//
// It promises that nobody takes from the others: what a face wants ends with it,
// or a minute after it was heard of last; what it asks the vendor is bounded, and
// what another one has just asked is not asked again.
package seat

import (
	"context"
	"slices"
	"time"

	"golang.org/x/time/rate"

	"optflow/model"
	"optflow/model/market"
)

// Rights are what a face may do besides looking.
type Rights uint8

// The rights. A Viewer chooses among what is followed. An Operator has more
// followed, polls, and changes how the feed runs; both are bounded in what they
// ask, and leave their seat by silence. The Owner may all.
const (
	Viewer Rights = iota
	Operator
	Owner
)

const (
	// Lease is how long a seat is kept for a face that is not heard of. A screen is
	// heard of once a second.
	Lease = time.Minute
	// askBurst questions a face may ask at once, then one a second; all faces but the
	// owner's together twice that. The vendor allows ten requests a second for all.
	askBurst = 5
	// answerKept is how long an answer serves others.
	answerKept = time.Minute
	// accountsKept is how long a copy of all accounts does.
	accountsKept = 500 * time.Millisecond
)

// Hall is where faces take their seats at a market.
type Hall struct {
	market market.Market
	desk   market.Seat // asks for viewers and operators; nil: nothing can be asked
	asked  *rate.Limiter
	days   answers[dayOf, []model.Bar]
	names  answers[string, struct{}]
	known  numbered
	all    accounts
}

// dayOf is a contract's day in one generation of the market.
type dayOf struct {
	generation uint64
	contract   model.ContractID
}

// New opens a hall at a market. Close it once all faces have left.
func New(m market.Market) *Hall {
	h := &Hall{market: m, desk: m.Seat(), asked: rate.NewLimiter(2, 2*askBurst), all: accounts{turn: make(chan struct{}, 1)}}
	if h.desk != nil {
		h.desk.Aside()
	}
	return h
}

// Close gives up what the hall itself has of the market.
func (h *Hall) Close() {
	if h.desk != nil {
		h.desk.Leave()
	}
}

// accounts is a copy of all accounts of the day that many share.
type accounts struct {
	turn chan struct{} // holds a token while somebody reads or copies
	list []model.Account
	at   time.Time
}

// copyInto copies the accounts, read anew where the copy is old. Whoever waits for
// one that is being read has it, too.
func (a *accounts) copyInto(ctx context.Context, from market.Seat, into []model.Account) ([]model.Account, error) {
	select {
	case a.turn <- struct{}{}:
		defer func() { <-a.turn }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if time.Since(a.at) >= accountsKept {
		list, err := from.Observe(ctx, a.list)
		if err != nil {
			return nil, err
		}
		a.list, a.at = list, time.Now()
	}
	return append(into[:0], a.list...), nil
}

// following are those of the tickers followed that a face has chosen.
func following(followed, chosen []string) []string {
	return slices.DeleteFunc(slices.Clone(followed), func(t string) bool { return !has(chosen, t) })
}
