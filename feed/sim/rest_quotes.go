package sim

import (
	"net/http"
	"strconv"

	"optflow/feed/sim/basis"
	"optflow/feed/sim/exchange"
)

// quoteRow is one row of /v3/quotes.
type quoteRow struct {
	AskExchange int     `json:"ask_exchange,omitempty"`
	AskPrice    float64 `json:"ask_price"`
	AskSize     int32   `json:"ask_size"`
	BidExchange int     `json:"bid_exchange,omitempty"`
	BidPrice    float64 `json:"bid_price"`
	BidSize     int32   `json:"bid_size"`
	Sequence    int64   `json:"sequence_number"`
	Time        int64   `json:"sip_timestamp"`
}

// quotes is GET /v3/quotes/{contract}, newest first unless asked otherwise. The
// history reaches as far back as that of the trades.
func (a *rest) quotes(r *http.Request) (answer, *failure) {
	if plan := a.market.Options().Plan; plan.NoQuotes || plan.Free {
		return nil, notEntitled()
	}
	q, times, bad := readTimes(r)
	if bad != nil {
		return nil, bad
	}
	m := a.market
	now := m.Hold()
	var list []exchange.Standing
	if c := m.Find(r.PathValue("contract")); c != nil {
		times.low = max(times.low, m.Quoted.From(c)*basis.Nanoseconds)
		times.high = min(times.high, m.Quoted.Shown(now))
		list = m.Quoted.Between(c, times.low, times.high, q.limit+1, q.desc)
	}
	m.Release()
	next := ""
	if len(list) > q.limit {
		list = list[:q.limit]
		// The vendor's cursor holds a place, too: what is new meanwhile shifts nothing.
		last := strconv.FormatInt(list[q.limit-1].Nanos, 10)
		if q.desc {
			q.values.Set("timestamp.lt", last)
		} else {
			q.values.Set("timestamp.gt", last)
		}
		next = q.next(r, 0)
	}
	rows := make([]quoteRow, len(list))
	for i := range list {
		n := &list[i]
		rows[i] = quoteRow{
			AskExchange: exchange.VenueID(n.AskVenue), AskPrice: exchange.Dollars(n.Ask), AskSize: n.AskSize,
			BidExchange: exchange.VenueID(n.BidVenue), BidPrice: exchange.Dollars(n.Bid), BidSize: n.BidSize,
			Sequence: n.Sequence(), Time: n.Nanos,
		}
	}
	return page{RequestID: a.requestID(), Status: a.status(), Results: rows, NextURL: next}, nil
}
