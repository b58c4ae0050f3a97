package sim

import (
	"cmp"
	"slices"

	"optflow/feed/sim/exchange"
)

// sortContracts orders a listing by a field of the vendor's, equal ones by
// ticker. The list is sorted in place.
func sortContracts(list []*exchange.Contract, field string, desc bool) {
	byTicker := func(a, b *exchange.Contract) int { return cmp.Compare(a.Symbol, b.Symbol) }
	order := byTicker
	switch field {
	case "expiration_date":
		order = func(a, b *exchange.Contract) int { return cmp.Or(cmp.Compare(a.Expiry, b.Expiry), byTicker(a, b)) }
	case "strike_price":
		order = func(a, b *exchange.Contract) int { return cmp.Or(cmp.Compare(a.Strike, b.Strike), byTicker(a, b)) }
	case "underlying_ticker":
		order = func(a, b *exchange.Contract) int {
			return cmp.Or(cmp.Compare(a.Under.Ticker, b.Under.Ticker), byTicker(a, b))
		}
	}
	slices.SortFunc(list, func(a, b *exchange.Contract) int {
		if desc {
			return -order(a, b)
		}
		return order(a, b)
	})
}
