package sim

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"optflow/feed/sim/basis"
	"optflow/feed/sim/exchange"
	"optflow/model"
)

// aggBar is one bar of /v2/aggs.
type aggBar struct {
	Volume json.Number `json:"v"`
	Vwap   float64     `json:"vw"`
	Open   float64     `json:"o"`
	Close  float64     `json:"c"`
	High   float64     `json:"h"`
	Low    float64     `json:"l"`
	Start  int64       `json:"t"`
	Count  int32       `json:"n"`
}

type aggPage struct {
	Ticker       string   `json:"ticker"`
	Adjusted     bool     `json:"adjusted"`
	QueryCount   int      `json:"queryCount"`
	ResultsCount int      `json:"resultsCount"`
	Count        int      `json:"count"`
	RequestID    string   `json:"request_id"`
	Status       string   `json:"status"`
	Results      []aggBar `json:"results,omitempty"`
	NextURL      string   `json:"next_url,omitempty"`
}

// aggs is GET /v2/aggs/ticker/{contract or underlying}/range/{multiplier}/{timespan}/{from}/{to}.
func (a *rest) aggs(r *http.Request) (answer, *failure) {
	symbol, timespan, from, to := r.PathValue("ticker"), r.PathValue("timespan"), r.PathValue("from"), r.PathValue("to")
	q, bad := readAggQuery(r)
	if bad != nil {
		return nil, bad
	}
	n, err := strconv.ParseInt(r.PathValue("multiplier"), 10, 32)
	if err != nil || n < 1 {
		return nil, badRequest("multiplier must be a whole number from 1")
	}
	first, last, bad := timeRange(from, to)
	if bad != nil {
		return nil, bad
	}
	day := timespan == "day"
	var width int64
	switch timespan {
	case "second":
		width = n * basis.Second
	case "minute":
		width = n * basis.Minute
	case "hour":
		width = n * 60 * basis.Minute
	case "day":
		width = 24 * 60 * basis.Minute
	default:
		return nil, badRequest("timespan %q is not one of second, minute, hour, day", timespan)
	}
	if a.market.Options().Plan.Free && !day {
		return nil, notEntitled()
	}
	m := a.market
	now := m.Hold()
	var bars []exchange.Window
	if c := m.Find(symbol); c != nil {
		if day {
			bars = m.Prints.Days(c, first, last, now)
		} else {
			bars = m.Prints.Bars(c, width, first, min(last, now), now)
		}
	} else if u := m.UnderlyingOf(symbol); u != nil {
		if plan := m.Options().Plan; plan.NoUnderlying {
			m.Release()
			return nil, notEntitled()
		}
		bars = m.SpotBars(u, width, first, last, now)
	}
	m.Release()
	if q.desc {
		slices.Reverse(bars)
	}
	out := aggPage{Ticker: symbol, Adjusted: true, RequestID: a.requestID(), Status: a.status()}
	if len(bars) > q.limit {
		out.NextURL = q.nextAggs(r, bars[q.limit].Start, from, to)
		bars = bars[:q.limit]
	}
	for _, b := range bars {
		out.Results = append(out.Results, a.aggBar(&b))
	}
	out.QueryCount, out.ResultsCount, out.Count = len(bars), len(bars), len(bars)
	return out, nil
}

func (a *rest) aggBar(w *exchange.Window) aggBar {
	return aggBar{
		Volume: a.countShown(w.Volume, uint64(w.Start)), Vwap: vwapOf(w.Cents, w.Volume, &a.market.Options().Faults), Count: w.Count, Start: w.Start,
		Open: exchange.Dollars(w.Open), Close: exchange.Dollars(w.Close), High: exchange.Dollars(w.High), Low: exchange.Dollars(w.Low),
	}
}

// readAggQuery reads limit and sort, which here is the order.
func readAggQuery(r *http.Request) (query, *failure) {
	plain := r.Clone(r.Context())
	values := r.URL.Query()
	order := values.Get("sort")
	if order != "" && order != "asc" && order != "desc" {
		return query{}, badRequest("sort must be asc or desc")
	}
	values.Del("sort")
	plain.URL.RawQuery = values.Encode()
	q, bad := readQuery(plain, 5000, 50_000, "")
	if inner := q.values.Get("agg_sort"); inner != "" {
		order = inner
	}
	q.desc = order == "desc"
	return q, bad
}

// nextAggs is the address of the next page: as at the vendor, the path's from
// (or, newest first, its to) moves on.
func (q *query) nextAggs(r *http.Request, start int64, from, to string) string {
	old, moved := "/"+from+"/"+to, "/"+strconv.FormatInt(start, 10)+"/"+to
	values := url.Values{"limit": {strconv.Itoa(q.limit)}, "offset": {"0"}}
	if q.desc {
		moved = "/" + from + "/" + strconv.FormatInt(start, 10)
		values.Set("agg_sort", "desc")
	}
	return address(r, strings.TrimSuffix(r.URL.EscapedPath(), old)+moved, values)
}

// timeRange reads from and to: dates, whose whole day counts, or ms.
func timeRange(from, to string) (first, last int64, bad *failure) {
	first, _, ok := timeOf(from)
	if !ok {
		return 0, 0, badRequest("from %q is neither a date nor a time in ms", from)
	}
	last, date, ok := timeOf(to)
	if !ok {
		return 0, 0, badRequest("to %q is neither a date nor a time in ms", to)
	}
	if date {
		last = basis.StartOfDay(model.TradingDate(last)+1) - 1
	}
	if last < first {
		return 0, 0, badRequest("from is after to")
	}
	return first, last, nil
}

func timeOf(text string) (ms int64, date, ok bool) {
	if d, err := model.ParseDate(text); err == nil {
		return basis.StartOfDay(d), true, true
	}
	ms, err := strconv.ParseInt(text, 10, 64)
	return ms, false, err == nil && ms >= 0
}
