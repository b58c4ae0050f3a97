package sim

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"optflow/feed/sim/basis"
	"optflow/feed/sim/exchange"
	"optflow/model"
)

// reference is one row of the contracts list.
type reference struct {
	CFI        string  `json:"cfi"`
	Type       string  `json:"contract_type"`
	Exercise   string  `json:"exercise_style"`
	Expiry     string  `json:"expiration_date"`
	Exchange   string  `json:"primary_exchange"`
	Shares     int     `json:"shares_per_contract"`
	Strike     float64 `json:"strike_price"`
	Ticker     string  `json:"ticker"`
	Underlying string  `json:"underlying_ticker"`

	More []basis.Further `json:"additional_underlyings,omitempty"`
}

// contracts is GET /v3/reference/options/contracts. Indices go by their bare
// ticker here; I:SPX finds nothing, as at the vendor.
func (a *rest) contracts(r *http.Request) (answer, *failure) {
	q, bad := readQuery(r, 10, 1000, "ticker", "underlying_ticker", "expiration_date", "strike_price")
	if bad != nil {
		return nil, bad
	}
	filter, bad := q.contractFilter()
	if bad != nil {
		return nil, bad
	}
	m := a.market
	m.Hold()
	defer m.Release()
	asOf := m.Day
	if text := q.values.Get("as_of"); text != "" {
		d, err := model.ParseDate(text)
		if err != nil {
			return nil, badRequest("as_of is not valid")
		}
		asOf = d
	}
	expired := q.values.Get("expired") == "true"
	under, one := q.values.Get("underlying_ticker"), q.values.Get("ticker")
	from, to := q.values.Get("underlying_ticker.gte"), q.values.Get("underlying_ticker.lte")
	var list []*exchange.Contract
	for _, c := range m.Contracts {
		name := c.Under.Ticker
		if under != "" && !strings.EqualFold(under, name) || from != "" && name < from || to != "" && name > to {
			continue
		}
		if one != "" && one != c.Symbol || !filter.holds(c) || c.Expired(asOf) != expired {
			continue
		}
		list = append(list, c)
	}
	sortContracts(list, q.sort, q.desc)
	list, next := pageOf(&q, r, list)
	rows := make([]reference, len(list))
	for i, c := range list {
		rows[i] = referenceOf(c)
	}
	return page{RequestID: a.requestID(), Status: a.status(), Results: rows, NextURL: next}, nil
}

// contract is GET /v3/reference/options/contracts/{contract}.
func (a *rest) contract(r *http.Request) (answer, *failure) {
	m := a.market
	m.Hold()
	defer m.Release()
	c := m.Find(r.PathValue("contract"))
	if c == nil || c.Expired(m.Day) {
		return nil, notFound("Options contract not found.")
	}
	return page{RequestID: a.requestID(), Status: a.status(), Results: referenceOf(c)}, nil
}

// referenceOf describes a contract; its CFI code (ISO 10962) says call or put,
// American or European, on a stock or an index, physical or cash, standard.
func referenceOf(c *exchange.Contract) reference {
	d := detailsOf(c)
	cfi := []byte("OCASPS")
	if c.Put {
		cfi[1] = 'P'
	}
	if c.Under.Index {
		cfi[2], cfi[3], cfi[4] = 'E', 'I', 'C'
	}
	var more []basis.Further
	if c.Under.Terms != nil {
		cfi[5], more = 'N', c.Under.Terms.More // not standardised
	}
	return reference{
		More: more,
		CFI:  string(cfi), Type: d.Type, Exercise: d.Exercise, Expiry: d.Expiry, Exchange: "BATO",
		Shares: d.Shares, Strike: d.Strike, Ticker: d.Ticker, Underlying: c.Under.Ticker,
	}
}

// sortContracts orders a listing by a field of the vendor's, equal ones by
// ticker. The list is sorted in place.
func sortContracts(list []*exchange.Contract, field string, desc bool) {
	slices.SortFunc(list, func(a, b *exchange.Contract) int {
		if desc {
			a, b = b, a
		}
		order := 0
		switch field {
		case "expiration_date":
			order = cmp.Compare(a.Expiry, b.Expiry)
		case "strike_price":
			order = cmp.Compare(a.Strike, b.Strike)
		case "underlying_ticker":
			order = cmp.Compare(a.Under.Ticker, b.Under.Ticker)
		}
		return cmp.Or(order, cmp.Compare(a.Symbol, b.Symbol))
	})
}
