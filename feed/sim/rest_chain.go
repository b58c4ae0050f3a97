package sim

import (
	"encoding/json"
	"net/http"

	"optflow/feed/sim/basis"
	"optflow/feed/sim/exchange"
)

// page is the envelope of listings and of single results.
type page struct {
	RequestID string `json:"request_id"`
	Status    string `json:"status"`
	Results   any    `json:"results,omitempty"`
	NextURL   string `json:"next_url,omitempty"`
}

// The parts of one contract of the chain snapshot. What the plan or the contract
// lacks is left out.
type chainRow struct {
	BreakEven    float64     `json:"break_even_price"`
	Day          chainDay    `json:"day"`
	Details      details     `json:"details"`
	Greeks       *greeks     `json:"greeks,omitempty"`
	IV           float64     `json:"implied_volatility,omitempty"`
	LastQuote    *lastQuote  `json:"last_quote,omitempty"`
	LastTrade    *tradeShown `json:"last_trade,omitempty"`
	OpenInterest float64     `json:"open_interest"`
	Underlying   spotShown   `json:"underlying_asset"`
}

type chainDay struct {
	dayShown
	LastUpdated int64   `json:"last_updated,omitempty"`
	Vwap        float64 `json:"vwap,omitempty"`
}

// dayShown is what all snapshots show of a day.
type dayShown struct {
	Change        *float64    `json:"change,omitempty"`
	ChangePercent *float64    `json:"change_percent,omitempty"`
	Close         float64     `json:"close,omitempty"`
	High          float64     `json:"high,omitempty"`
	Low           float64     `json:"low,omitempty"`
	Open          float64     `json:"open,omitempty"`
	PreviousClose float64     `json:"previous_close,omitempty"`
	Volume        json.Number `json:"volume,omitempty"`
}

type details struct {
	Type     string  `json:"contract_type"`
	Exercise string  `json:"exercise_style"`
	Expiry   string  `json:"expiration_date"`
	Shares   int     `json:"shares_per_contract"`
	Strike   float64 `json:"strike_price"`
	Ticker   string  `json:"ticker,omitempty"`
}

type greeks struct {
	Delta float64 `json:"delta"`
	Gamma float64 `json:"gamma"`
	Theta float64 `json:"theta"`
	Vega  float64 `json:"vega"`
}

type lastQuote struct {
	Ask         float64 `json:"ask"`
	AskExchange int     `json:"ask_exchange,omitempty"`
	AskSize     int32   `json:"ask_size"`
	Bid         float64 `json:"bid"`
	BidExchange int     `json:"bid_exchange,omitempty"`
	BidSize     int32   `json:"bid_size"`
	LastUpdated int64   `json:"last_updated"`
	Midpoint    float64 `json:"midpoint"`
	Timeframe   string  `json:"timeframe"`
}

type tradeShown struct {
	Conditions []int   `json:"conditions"`
	Exchange   int     `json:"exchange"`
	Price      float64 `json:"price"`
	Time       int64   `json:"sip_timestamp"`
	Size       int32   `json:"size"`
	Timeframe  string  `json:"timeframe"`
}

type spotShown struct {
	ToBreakEven *float64 `json:"change_to_break_even,omitempty"`
	LastUpdated int64    `json:"last_updated,omitempty"`
	Price       float64  `json:"price,omitempty"`
	Value       float64  `json:"value,omitempty"`
	Ticker      string   `json:"ticker"`
	Timeframe   string   `json:"timeframe,omitempty"`
}

func (a *rest) snapshotsDenied() bool {
	plan := a.market.Options().Plan
	return plan.NoSnapshots || plan.Free
}

// chain is GET /v3/snapshot/options/{underlying}: all contracts of an underlying.
func (a *rest) chain(r *http.Request) (answer, *failure) {
	if a.snapshotsDenied() {
		return nil, notEntitled()
	}
	q, bad := readQuery(r, 10, 250, "ticker", "expiration_date", "strike_price")
	if bad != nil {
		return nil, bad
	}
	filter, bad := q.contractFilter()
	if bad != nil {
		return nil, bad
	}
	m := a.market
	now := m.Hold()
	var list []*exchange.Contract
	for _, u := range m.Underlyings {
		if !u.Called(r.PathValue("underlying")) {
			continue
		}
		for _, c := range u.Active {
			if filter.holds(c) {
				list = append(list, c)
			}
		}
	}
	sortContracts(list, q.sort, q.desc)
	list, next := pageOf(&q, r, list)
	at := now + m.SnapshotLag(now, basis.HashString(r.URL.RequestURI()))
	views := make([]exchange.View, len(list))
	for i, c := range list {
		views[i] = m.ViewAt(c, at, now)
	}
	m.Release()
	rows := make([]chainRow, len(views))
	for i := range views {
		rows[i] = a.chainRow(&views[i])
	}
	return page{RequestID: a.requestID(), Status: a.status(), Results: rows, NextURL: next}, nil
}

// chainContract is GET /v3/snapshot/options/{underlying}/{contract}.
func (a *rest) chainContract(r *http.Request) (answer, *failure) {
	if a.snapshotsDenied() {
		return nil, notEntitled()
	}
	m := a.market
	now := m.Hold()
	defer m.Release()
	symbol := r.PathValue("contract")
	c := m.Find(symbol)
	if c == nil || !c.Under.Called(r.PathValue("underlying")) || !c.Trades(m.Day) {
		return nil, notFound("Options contract not found.")
	}
	at := now + m.SnapshotLag(now, basis.HashString(symbol))
	v := m.ViewAt(c, at, now)
	return page{RequestID: a.requestID(), Status: a.status(), Results: a.chainRow(&v)}, nil
}
