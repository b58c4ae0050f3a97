package feed

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"optflow/feed/massive/api"
	"optflow/feed/source"
	"optflow/model"
)

// letter is an answer as it goes over the wire.
type letter struct {
	status int
	form   string // Content-Type
	doc    any    // the JSON; a string goes as it stands
}

// jsonMarket is the truth of a market as the vendor's JSON, read by the real
// client. Meddle may change any answer.
type jsonMarket struct {
	t      *testing.T
	market *market
	meddle func(endpoint string, l *letter) // nil: nobody does
}

const jsonHost = "rest.test"

// overJSON is a REST that asks the market in the vendor's JSON.
func overJSON(t *testing.T, j *jsonMarket, now func() int64) *api.REST {
	t.Helper()
	r, err := api.NewREST(api.RESTOptions{BaseURL: "http://" + jsonHost, Key: testKey(canary), HTTPClient: &http.Client{Transport: j}, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// RoundTrip answers one request.
func (j *jsonMarket) RoundTrip(q *http.Request) (*http.Response, error) {
	if q.URL.Host != jsonHost || q.URL.User != nil || strings.Contains(q.URL.String(), "cAnArY") {
		j.t.Errorf("the key goes to %s", q.URL)
	}
	endpoint, doc, err := j.answer(q.Context(), strings.Split(strings.Trim(q.URL.Path, "/"), "/"), q.URL.Query())
	l := letter{http.StatusOK, "application/json", doc}
	if err != nil {
		l = letter{http.StatusInternalServerError, "text/plain", err.Error()}
	}
	j.market.set(func() {
		if j.meddle != nil {
			j.meddle(endpoint, &l)
		}
	})
	text, raw := l.doc.(string)
	if !raw {
		b, err := json.Marshal(l.doc)
		if err != nil {
			return nil, err
		}
		text = strings.ReplaceAll(string(b), `"1e400"`, "1e400") // a number that no float holds
	}
	return &http.Response{StatusCode: l.status, Header: http.Header{"Content-Type": {l.form}}, Body: io.NopCloser(bytes.NewBufferString(text)), Request: q}, nil
}

// answer says which endpoint a path is, and what the truth has for it.
func (j *jsonMarket) answer(ctx context.Context, path []string, q url.Values) (string, any, error) {
	m, last := j.market, path[len(path)-1]
	switch {
	case len(path) == 5 && path[1] == "snapshot":
		s, err := m.Contract(ctx, path[3], last)
		return "contract", envelope(snapshotJSON(&s)), err
	case len(path) == 4 && path[1] == "snapshot":
		from, _ := strconv.Atoi(q.Get("cursor"))
		page, err := m.chain(last, filterOf(q), from)
		rows := []any{}
		for i := range page.Snapshots {
			rows = append(rows, snapshotJSON(&page.Snapshots[i]))
		}
		doc := envelope(rows)
		if page.Next != "" {
			q.Set("cursor", strings.Fields(page.Next)[1])
			doc["next_url"] = "http://" + jsonHost + "/" + strings.Join(path, "/") + "?" + q.Encode()
		}
		return "chain", doc, err
	case last == "snapshot":
		found, _, err := m.Unified(ctx, strings.Split(q.Get("ticker.any_of"), ","))
		rows := []any{}
		for i := range found {
			row := snapshotJSON(&found[i])
			row["ticker"], row["type"] = found[i].Symbol, "options"
			rows = append(rows, row)
		}
		return "unified", envelope(rows), err
	case last == "contracts":
		page, err := m.Contracts(ctx, q.Get("underlying_ticker"), source.ChainFilter{})
		rows := []any{}
		for _, l := range page.Listings {
			rows = append(rows, map[string]any{"ticker": l.Symbol, "underlying_ticker": l.Underlying, "shares_per_contract": l.Shares, "expiration_date": model.MakeDate(2000, time.January, 21).String()})
		}
		return "contracts", envelope(rows), err
	case path[1] == "aggs":
		from, wrong := strconv.ParseInt(path[7], 10, 64)
		to, bad := strconv.ParseInt(last, 10, 64)
		if wrong != nil || bad != nil {
			j.t.Errorf("asked for %v", path)
		}
		bars, _, err := m.Aggs(ctx, path[3], map[string]model.Span{"second": model.Second, "minute": model.Minute}[path[6]], from, to+1)
		rows := []any{}
		for _, b := range bars {
			rows = append(rows, map[string]any{"t": b.Start, "v": b.Volume, "vw": b.Vwap, "o": b.Open, "h": b.High, "l": b.Low, "c": b.Close, "n": 1})
		}
		doc := envelope(rows)
		doc["ticker"], doc["adjusted"], doc["queryCount"], doc["resultsCount"] = path[3], true, len(rows), len(rows)
		return "aggs", doc, err
	case path[1] == "quotes":
		before, err := strconv.ParseInt(q.Get("timestamp.lt"), 10, 64)
		if err != nil {
			j.t.Errorf("asked for quotes before %q", q.Get("timestamp.lt"))
		}
		page, err := m.Quotes(ctx, last, before/1e6, 10)
		rows := []any{}
		for _, n := range page.Quotes {
			rows = append(rows, map[string]any{"bid_price": n.Bid, "ask_price": n.Ask, "bid_size": 3, "ask_size": 4, "sip_timestamp": n.Updated * 1e6})
		}
		return "quotes", envelope(rows), err
	case last == "now":
		s, err := m.MarketStatus(ctx)
		return "status", map[string]any{"market": s.Market, "serverTime": s.ServerTime.Format(time.RFC3339), "exchanges": map[string]any{"nyse": s.NYSE}}, err
	}
	_, err := m.Upcoming(ctx)
	return "upcoming", []any{map[string]any{"date": "2000-01-17", "exchange": "NYSE", "name": "Martin Luther King Jr. Day", "status": "closed"}}, err
}

func envelope(results any) map[string]any {
	return map[string]any{"status": "OK", "request_id": "j", "results": results}
}

// filterOf is the filter that a query for a chain asks for.
func filterOf(q url.Values) (f source.ChainFilter) {
	date := func(name string) model.Date {
		d, _ := model.ParseDate(q.Get(name)) // zero: not asked for
		return d
	}
	f.ExpiryFrom, f.ExpiryTo = date("expiration_date.gte"), date("expiration_date.lte")
	if d := date("expiration_date"); d != 0 {
		f.ExpiryFrom, f.ExpiryTo = d, d
	}
	f.StrikeFrom, _ = strconv.ParseFloat(q.Get("strike_price.gte"), 64)
	f.StrikeTo, _ = strconv.ParseFloat(q.Get("strike_price.lte"), 64)
	return f
}

func snapshotJSON(s *model.Snapshot) map[string]any {
	row := map[string]any{
		"details":       map[string]any{"ticker": s.Symbol, "shares_per_contract": s.Shares, "expiration_date": "2000-01-21", "contract_type": "call"},
		"open_interest": s.OpenInterest, "implied_volatility": s.IV, "greeks": map[string]any{"delta": s.Delta},
		"underlying_asset": map[string]any{"ticker": "SPY", "price": s.Spot, "timeframe": "REAL-TIME", "last_updated": s.SpotUpdated * 1e6},
		"day":              map[string]any{},
	}
	if s.HasDay {
		row["day"] = map[string]any{
			"volume": s.DayVolume, "vwap": s.DayVwap, "open": s.DayOpen, "high": s.DayHigh, "low": s.DayLow, "close": s.DayClose, "last_updated": s.DayUpdated * 1e6,
		}
	}
	if s.HasQuote {
		row["last_quote"] = map[string]any{"bid": s.Quote.Bid, "ask": s.Quote.Ask, "bid_size": 3, "ask_size": 4, "last_updated": s.Quote.Updated * 1e6}
	}
	return row
}
