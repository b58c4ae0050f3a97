package sim

import (
	"net/http"
	"slices"
	"strings"

	"optflow/feed/sim/basis"
	"optflow/feed/sim/exchange"
)

// unifiedRow is one element of the unified snapshot: an option, an underlying,
// or an error in the place of one.
type unifiedRow struct {
	Ticker       string      `json:"ticker"`
	Error        string      `json:"error,omitempty"`
	Message      string      `json:"message,omitempty"`
	Type         string      `json:"type,omitempty"`
	Name         string      `json:"name,omitempty"`
	MarketStatus string      `json:"market_status,omitempty"`
	Session      *sessionDay `json:"session,omitempty"`
	Details      *details    `json:"details,omitempty"`
	Greeks       *greeks     `json:"greeks,omitempty"`
	IV           float64     `json:"implied_volatility,omitempty"`
	OpenInterest *float64    `json:"open_interest,omitempty"`
	BreakEven    float64     `json:"break_even_price,omitempty"`
	LastQuote    *lastQuote  `json:"last_quote,omitempty"`
	LastTrade    *tradeShown `json:"last_trade,omitempty"`
	Value        float64     `json:"value,omitempty"`
	LastUpdated  int64       `json:"last_updated,omitempty"`
	Timeframe    string      `json:"timeframe,omitempty"`
	Underlying   *spotShown  `json:"underlying_asset,omitempty"`
}

// sessionDay stands in the place of `day`; it has no vwap.
type sessionDay struct {
	dayShown
	Price float64 `json:"price,omitempty"`
}

// maxUnified is how many tickers the unified snapshot takes.
const maxUnified = 250

// unified is GET /v3/snapshot: up to 250 tickers of any kind.
func (a *rest) unified(r *http.Request) (answer, *failure) {
	if a.snapshotsDenied() {
		return nil, notEntitled()
	}
	q, bad := readQuery(r, 10, maxUnified, "ticker")
	if bad != nil {
		return nil, bad
	}
	tickers := strings.FieldsFunc(q.values.Get("ticker.any_of"), func(c rune) bool { return c == ',' })
	if one := q.values.Get("ticker"); one != "" {
		tickers = append(tickers, one)
	}
	switch {
	case len(tickers) > maxUnified:
		return nil, badRequest("ticker.any_of: at most %d tickers", maxUnified)
	case len(tickers) == 0:
		return nil, badRequest("ticker or ticker.any_of is required")
	}
	slices.Sort(tickers)
	tickers = slices.Compact(tickers)
	if q.desc {
		slices.Reverse(tickers)
	}
	tickers, next := pageOf(&q, r, tickers)

	m := a.market
	now := m.Hold()
	at := now + m.SnapshotLag(now, basis.HashString(r.URL.RequestURI()))
	rows := make([]unifiedRow, len(tickers))
	for i, ticker := range tickers {
		rows[i] = a.unifiedRow(ticker, at, now)
	}
	m.Release()
	return page{RequestID: a.requestID(), Status: a.status(), Results: rows, NextURL: next}, nil
}

// unifiedRow looks a ticker up. The caller holds the market.
func (a *rest) unifiedRow(ticker string, at, now int64) unifiedRow {
	m := a.market
	if c := m.Find(ticker); c != nil && c.Trades(m.Day) {
		return a.unifiedOption(c, at, now)
	}
	if u := m.UnderlyingOf(ticker); u != nil && ticker == u.SnapshotName() {
		return a.unifiedUnderlying(u, min(at, now))
	}
	return unifiedRow{Ticker: ticker, Error: "NOT_FOUND", Message: "Ticker not found."}
}

func (a *rest) unifiedOption(c *exchange.Contract, at, now int64) unifiedRow {
	v := a.market.ViewAt(c, at, now)
	day, details, spot := a.chainDay(&v), detailsOf(c), a.spotShown(&v)
	details.Ticker = "" // it is the row's
	row := unifiedRow{
		Ticker: c.Symbol, Type: "options", Name: nameOf(c), MarketStatus: "open",
		Session: &sessionDay{day.dayShown, day.Close},
		Details: &details, OpenInterest: &v.Interest, BreakEven: breakEven(&v),
		LastQuote: a.lastQuote(&v), LastTrade: a.lastTrade(&v), Underlying: &spot,
		LastUpdated: v.Quote.Nanos, Timeframe: a.timeframe(),
	}
	row.Greeks, row.IV = greeksOf(&v)
	return row
}

func (a *rest) unifiedUnderlying(u *exchange.Underlying, at int64) unifiedRow {
	spot := u.At(at)
	row := unifiedRow{Ticker: u.SnapshotName(), Type: "stocks", Name: u.Name, MarketStatus: "open", LastUpdated: basis.Floor(at, basis.Second) * basis.Nanoseconds, Timeframe: a.timeframe()}
	if a.market.Options().Plan.NoUnderlying {
		return unifiedRow{Ticker: row.Ticker, Error: "NOT_ENTITLED", Message: "Not entitled to this ticker."}
	}
	row.Session = &sessionDay{dayShown{Close: spot, PreviousClose: round2(u.Exactly(a.market.PastFrom))}, spot}
	if u.Index {
		row.Type, row.Value = "indices", spot
	}
	return row
}

// nameOf is a contract in the vendor's words: "SPY $655 call".
func nameOf(c *exchange.Contract) string {
	return c.Under.Ticker + " $" + string(appendDecimal(nil, int64(c.Strike), 3)) + " " + c.Kind()
}
