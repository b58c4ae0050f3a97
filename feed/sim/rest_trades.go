package sim

import (
	"net/http"
	"slices"
	"strconv"

	"optflow/feed/sim/exchange"
)

// tradeRow is one row of /v3/trades.
type tradeRow struct {
	Conditions  []int   `json:"conditions,omitempty"`
	Exchange    int     `json:"exchange"`
	Participant int64   `json:"participant_timestamp"`
	Price       float64 `json:"price"`
	Sequence    int64   `json:"sequence_number"`
	Time        int64   `json:"sip_timestamp"`
	Size        int64   `json:"size"`
}

// trades is GET /v3/trades/{contract}, newest first unless asked otherwise.
func (a *rest) trades(r *http.Request) (answer, *failure) {
	if plan := a.market.Options().Plan; plan.NoTrades || plan.Free {
		return nil, notEntitled()
	}
	q, times, bad := readTimes(r)
	if bad != nil {
		return nil, bad
	}
	m := a.market
	now := m.Hold()
	// Pages of one listing see the market of the same time.
	if text := q.values.Get("as_of_ms"); text != "" {
		if pinned, err := strconv.ParseInt(text, 10, 64); err == nil {
			now = min(now, pinned)
		}
	}
	q.values.Set("as_of_ms", strconv.FormatInt(now, 10))
	var list []exchange.Trade
	if c := m.Find(r.PathValue("contract")); c != nil {
		list = m.TradesOf(c, now)
	}
	m.Release()
	list = slices.DeleteFunc(list, func(t exchange.Trade) bool { return !times.holds(t.SIP) })
	if q.desc {
		slices.Reverse(list)
	}
	list, next := pageOf(&q, r, list)
	rows := make([]tradeRow, len(list))
	for i, t := range list {
		rows[i] = tradeRow{
			Conditions: []int{t.Condition}, Exchange: t.Exchange, Participant: t.SIP - 350_000, Price: t.Price,
			Sequence: t.Sequence, Time: t.SIP, Size: t.Size,
		}
	}
	return page{RequestID: a.requestID(), Status: a.status(), Results: rows, NextURL: next}, nil
}
