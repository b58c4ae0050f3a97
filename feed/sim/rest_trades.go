package sim

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"optflow/model"
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
func (a *rest) trades(r *http.Request, symbol string) (answer, *failure) {
	if plan := a.market.options.Plan; plan.NoTrades || plan.Free {
		return nil, notEntitled()
	}
	q, bad := readQuery(r, 1000, 50_000, "timestamp")
	if bad != nil {
		return nil, bad
	}
	q.desc = q.values.Get("order") != "asc"
	span, bad := q.between("timestamp", parseNanoseconds)
	if bad != nil {
		return nil, bad
	}
	if day, err := model.ParseDate(q.values.Get("timestamp")); err == nil {
		span = bounds{float64(startOfDay(day)), float64(startOfDay(day+1) - 1)}
	}
	m := a.market
	m.mu.Lock()
	now := m.catchUp()
	// Pages of one listing see the market of the same time.
	if text := q.values.Get("as_of_ms"); text != "" {
		if pinned, err := strconv.ParseInt(text, 10, 64); err == nil {
			now = min(now, pinned)
		}
	}
	q.values.Set("as_of_ms", strconv.FormatInt(now, 10))
	var list []Trade
	if id, listed := m.bySymbol[symbol]; listed {
		list = m.tradesOf(m.contracts[id], now)
	}
	m.mu.Unlock()
	list = slices.DeleteFunc(list, func(t Trade) bool { return !span.hold(float64(t.Time)) })
	if q.desc {
		slices.Reverse(list)
	}
	list, next := pageOf(&q, r, list)
	rows := make([]tradeRow, len(list))
	for i, t := range list {
		ns := t.Time * nanoseconds
		rows[i] = tradeRow{
			Conditions: []int{t.Condition}, Exchange: t.Exchange, Participant: ns - 350_000, Price: t.Price,
			Sequence: t.Sequence, Time: ns, Size: t.Size,
		}
	}
	return page{RequestID: a.requestID(), Status: a.status(), Results: rows, NextURL: next}, nil
}

// parseNanoseconds reads a date, an RFC 3339 time or nanoseconds, as ms.
func parseNanoseconds(text string) (float64, error) {
	if d, err := model.ParseDate(text); err == nil {
		return float64(startOfDay(d)), nil
	}
	if strings.Contains(text, "T") {
		t, err := time.Parse(time.RFC3339Nano, text)
		return float64(t.UnixMilli()), err
	}
	ns, err := strconv.ParseInt(text, 10, 64)
	return math.Ceil(float64(ns) / 1e6), err
}
