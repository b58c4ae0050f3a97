package sim

import (
	"net/http"
	"slices"
	"strconv"
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
func (a *rest) quotes(r *http.Request, symbol string) (answer, *failure) {
	if plan := a.market.options.Plan; plan.NoQuotes || plan.Free {
		return nil, notEntitled()
	}
	q, span, bad := readTimes(r)
	if bad != nil {
		return nil, bad
	}
	m := a.market
	m.mu.Lock()
	now := m.catchUp()
	var list []standing
	if id, listed := m.bySymbol[symbol]; listed {
		c := m.contracts[id]
		span.low = max(span.low, m.quotesFrom(c)*nanoseconds)
		span.high = min(span.high, (now-m.quoteLag+1)*nanoseconds-1)
		list = m.quotesBetween(c, span, q.limit+1, q.desc)
	}
	m.mu.Unlock()
	next := ""
	if len(list) > q.limit {
		list = list[:q.limit]
		// The vendor's cursor holds a place, too: what is new meanwhile shifts nothing.
		last := strconv.FormatInt(list[q.limit-1].nanos, 10)
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
			AskExchange: venueID(n.askVenue), AskPrice: dollars(n.ask), AskSize: n.askSize,
			BidExchange: venueID(n.bidVenue), BidPrice: dollars(n.bid), BidSize: n.bidSize,
			Sequence: n.sequence(), Time: n.nanos,
		}
	}
	return page{RequestID: a.requestID(), Status: a.status(), Results: rows, NextURL: next}, nil
}

// quotesBetween lists up to so many quotes of a contract, oldest or newest first.
// It works them out in stretches of time, so that a short page of a long history
// is cheap.
func (m *Market) quotesBetween(c *contract, span nanoRange, limit int, desc bool) []standing {
	var list []standing
	from, to := span.low/nanoseconds, span.high/nanoseconds
	stretch := 64 * c.epoch
	for from <= to && len(list) < limit {
		first, last := from, min(to, from+stretch)
		if desc {
			first, last = max(from, to-stretch), to
		}
		part := slices.DeleteFunc(m.quotesIn(c, first, last), func(s standing) bool { return !span.holds(s.nanos) })
		if desc {
			slices.Reverse(part)
			to = first - 1
		} else {
			from = last + 1
		}
		list = append(list, part...)
		stretch *= 2
	}
	return list[:min(limit, len(list))]
}
