package sim

import (
	"cmp"
	"slices"
)

// sortContracts orders a listing by a field of the vendor's, equal ones by
// ticker. The list is sorted in place.
func sortContracts(list []*contract, field string, desc bool) {
	byTicker := func(a, b *contract) int { return cmp.Compare(a.symbol, b.symbol) }
	order := byTicker
	switch field {
	case "expiration_date":
		order = func(a, b *contract) int { return cmp.Or(cmp.Compare(a.expiry, b.expiry), byTicker(a, b)) }
	case "strike_price":
		order = func(a, b *contract) int { return cmp.Or(cmp.Compare(a.strike, b.strike), byTicker(a, b)) }
	case "underlying_ticker":
		order = func(a, b *contract) int {
			return cmp.Or(cmp.Compare(a.under.ticker, b.under.ticker), byTicker(a, b))
		}
	}
	slices.SortFunc(list, func(a, b *contract) int {
		if desc {
			return -order(a, b)
		}
		return order(a, b)
	})
}
