package mimic

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

func (v *Vendor) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /options", v.stream)
	mux.Handle("GET /v3/snapshot/options/{underlying}", v.rest(v.chain))
	mux.Handle("GET /v3/snapshot/options/{underlying}/{contract}", v.rest(v.contract))
	mux.Handle("GET /v3/snapshot", v.rest(v.unified))
	mux.Handle("GET /v3/reference/options/contracts", v.rest(v.listing))
	mux.Handle("GET /v2/aggs/ticker/{contract}/range/{n}/{unit}/{from}/{to}", v.rest(v.aggs))
	mux.Handle("GET /options/v1/open-interest", v.rest(v.interest))
	mux.Handle("GET /v1/marketstatus/now", v.rest(v.now))
	mux.Handle("GET /v1/marketstatus/upcoming", v.rest(func(*http.Request, int64) (int, any) { return http.StatusOK, []any{} }))
	mux.Handle("GET /v3/quotes/{contract}", v.rest(func(*http.Request, int64) (int, any) {
		return http.StatusForbidden, map[string]any{"status": "NOT_AUTHORIZED", "message": "You are not entitled to this data."}
	}))
	return mux
}

// rest answers with JSON, as of a while ago.
func (v *Vendor) rest(answer func(r *http.Request, at int64) (int, any)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v.mu.Lock()
		now := time.Now()
		code, body := http.StatusUnauthorized, any(map[string]any{"status": "ERROR", "error": "Unknown API Key"})
		switch {
		case now.Before(v.broken):
			code, body = http.StatusServiceUnavailable, map[string]any{"status": "ERROR"}
		case r.Header.Get("Authorization") == "Bearer "+v.o.Key:
			code, body = answer(r, now.Add(-v.o.RESTLag).UnixMilli())
		}
		text, err := json.Marshal(body)
		v.mu.Unlock()
		if err != nil {
			code, text = http.StatusInternalServerError, nil
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_, _ = w.Write(text)
	})
}

func notFound() (int, any) {
	return http.StatusNotFound, map[string]any{"status": "NOT_FOUND", "message": "Options contract not found."}
}

func found(results any) (int, any) {
	return http.StatusOK, map[string]any{"status": "OK", "request_id": "m", "results": results}
}

// matching are the options that a query asks for, a page of them, and the query
// of the next page.
func (v *Vendor) matching(q url.Values, most int) (list []*option, next url.Values) {
	limit, err := strconv.Atoi(q.Get("limit"))
	if err != nil {
		limit = 10
	}
	limit = min(limit, most)
	for _, o := range v.options {
		day := o.expiry.Format(time.DateOnly)
		switch {
		case q.Get("contract_type") != "" && q.Get("contract_type") != o.kind(),
			q.Get("expiration_date") != "" && q.Get("expiration_date") != day,
			q.Get("expiration_date.gte") > day, q.Get("expiration_date.lte") != "" && q.Get("expiration_date.lte") < day,
			beyond(o.strike, q), o.symbol <= q.Get("cursor"):
			continue
		}
		if len(list) == limit {
			q.Set("cursor", list[len(list)-1].symbol)
			return list, q
		}
		list = append(list, o)
	}
	return list, nil
}

func beyond(strike float64, q url.Values) bool {
	if least, err := strconv.ParseFloat(q.Get("strike_price.gte"), 64); err == nil && strike < least {
		return true
	}
	most, err := strconv.ParseFloat(q.Get("strike_price.lte"), 64)
	return err == nil && strike > most
}

func (v *Vendor) page(r *http.Request, most int, row func(*option) any) (int, any) {
	list, next := v.matching(r.URL.Query(), most)
	rows := []any{}
	for _, o := range list {
		rows = append(rows, row(o))
	}
	body := map[string]any{"status": "OK", "results": rows}
	if next != nil {
		body["next_url"] = "http://" + r.Host + r.URL.Path + "?" + next.Encode()
	}
	return http.StatusOK, body
}

func (v *Vendor) chain(r *http.Request, at int64) (int, any) {
	if r.PathValue("underlying") != v.o.Underlying {
		return notFound()
	}
	return v.page(r, 250, func(o *option) any { return v.snapshot(o, at, "day") })
}

func (v *Vendor) listing(r *http.Request, _ int64) (int, any) {
	if r.URL.Query().Get("underlying_ticker") != v.o.Underlying {
		return found([]any{})
	}
	return v.page(r, 1000, func(o *option) any {
		details := v.details(o)
		details["underlying_ticker"] = v.o.Underlying
		return details
	})
}

func (v *Vendor) find(symbol string) *option {
	for _, o := range v.options {
		if o.symbol == symbol {
			return o
		}
	}
	return nil
}

func (v *Vendor) contract(r *http.Request, at int64) (int, any) {
	o := v.find(r.PathValue("contract"))
	if o == nil || r.PathValue("underlying") != v.o.Underlying {
		return notFound()
	}
	return found(v.snapshot(o, at, "day"))
}

func (v *Vendor) unified(r *http.Request, at int64) (int, any) {
	var rows []any
	for _, symbol := range strings.Split(r.URL.Query().Get("ticker.any_of"), ",") {
		o := v.find(symbol)
		if o == nil {
			rows = append(rows, map[string]any{"ticker": symbol, "error": "NOT_FOUND", "message": "Ticker not found."})
			continue
		}
		row := v.snapshot(o, at, "session")
		row["ticker"], row["type"] = symbol, "options"
		rows = append(rows, row)
	}
	return found(rows)
}

func (o *option) kind() string {
	if o.put {
		return "put"
	}
	return "call"
}

func (v *Vendor) details(o *option) map[string]any {
	return map[string]any{
		"ticker": o.symbol, "contract_type": o.kind(), "exercise_style": "american", "expiration_date": o.expiry.Format(time.DateOnly),
		"strike_price": o.strike, "shares_per_contract": 1e2,
	}
}

// snapshot is what is known of an option at a time.
func (v *Vendor) snapshot(o *option, at int64, day string) map[string]any {
	row := map[string]any{
		"details": v.details(o), "open_interest": 777, "implied_volatility": .31,
		"greeks":           map[string]any{"delta": .4, "gamma": .01, "theta": -.1, "vega": .2},
		"underlying_asset": map[string]any{"ticker": v.o.Underlying, "price": 101.5, "timeframe": "REAL-TIME", "last_updated": at * 1e6},
		"last_quote": map[string]any{"bid": o.value - .02, "ask": o.value + .02, "bid_size": 11, "ask_size": 9,
			"last_updated": (at - at%700) * 1e6, "timeframe": "REAL-TIME"},
	}
	var total, money float64
	last := int64(0)
	low, high := 1e9, 0.0
	for _, p := range o.prints {
		if p.seen <= at {
			total, money = total+float64(p.size), money+float64(p.size)*p.price
			low, high, last = min(low, p.price), max(high, p.price), max(last, p.seen)
		}
	}
	if total == 0 {
		row[day] = map[string]any{}
		return row
	}
	row[day] = map[string]any{"volume": total, "vwap": money / total, "low": low, "high": high, "close": o.prints[len(o.prints)-1].price, "last_updated": last * 1e6}
	return row
}

// interest is the figure of the day before, which the snapshots show as well.
func (v *Vendor) interest(r *http.Request, _ int64) (int, any) {
	o, day := v.find(r.URL.Query().Get("ticker")), time.Now().AddDate(0, 0, -1).Format(time.DateOnly)
	if o == nil || r.URL.Query().Get("date") != day {
		return found([]any{})
	}
	return found([]any{map[string]any{
		"ticker": o.symbol, "underlying_ticker": v.o.Underlying, "root": v.o.Underlying, "date": day, "open_interest": 777,
	}})
}

// aggs are bars as they stand at a time.
func (v *Vendor) aggs(r *http.Request, at int64) (int, any) {
	o := v.find(r.PathValue("contract"))
	from, wrongFrom := strconv.ParseInt(r.PathValue("from"), 10, 64)
	to, wrongTo := strconv.ParseInt(r.PathValue("to"), 10, 64)
	width := map[string]int64{"second": 1_000, "minute": 60_000}[r.PathValue("unit")]
	if o == nil || wrongFrom != nil || wrongTo != nil || width == 0 || r.PathValue("n") != "1" {
		return http.StatusBadRequest, map[string]any{"status": "ERROR", "error": fmt.Sprint("cannot read ", r.URL.Path)}
	}
	var rows []any
	seen := map[int64]bool{}
	for _, p := range o.prints {
		if start := p.at - p.at%width; start+width > from-from%width && start <= to && !seen[start] {
			seen[start] = true
			if w := o.window(start, start+width, at); w.Volume > 0 {
				rows = append(rows, map[string]any{"t": start, "v": w.Volume, "vw": w.Vwap, "o": w.Open, "h": w.High, "l": w.Low, "c": w.Close, "n": w.Count})
			}
		}
	}
	body := map[string]any{"ticker": o.symbol, "status": "OK", "adjusted": true, "queryCount": len(rows), "resultsCount": len(rows)}
	if len(rows) > 0 {
		body["results"] = rows
	}
	return http.StatusOK, body
}

func (v *Vendor) now(*http.Request, int64) (int, any) {
	return http.StatusOK, map[string]any{"market": "open", "serverTime": time.Now().Format(time.RFC3339), "exchanges": map[string]any{"nyse": "open"}}
}
