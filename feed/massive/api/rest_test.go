package api

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"optflow/feed/massive/wiretest"
	"optflow/feed/source"
	"optflow/model"
)

// restServer answers with handler and keeps the requests it saw.
type restServer struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*http.Request
}

func newRESTServer(t testing.TB, handler http.HandlerFunc) *restServer {
	s := &restServer{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r.Clone(context.Background()))
		s.mu.Unlock()
		handler(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// seen are the URLs asked for, as path?query.
func (s *restServer) seen() (urls []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.requests {
		u, _ := url.QueryUnescape(r.URL.String())
		urls = append(urls, u)
	}
	return urls
}

func newTestREST(t testing.TB, o RESTOptions) *REST {
	t.Helper()
	o.Key = wiretest.Secret(wiretest.Canary)
	r, err := NewREST(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// says is a handler that answers with JSON.
func says(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write([]byte(body))
	}
}

// apiError checks an error's kind and that the key is nowhere in it.
func apiError(t *testing.T, err error, kind source.ErrorKind) *source.Failure {
	t.Helper()
	var e *source.Failure
	if !errors.As(err, &e) {
		t.Fatalf("%T: %v", err, err)
	}
	if e.Kind != kind {
		t.Errorf("kind %v, want %v: %v", e.Kind, kind, e)
	}
	for cause := err; cause != nil; cause = errors.Unwrap(cause) {
		wiretest.NoCanary(t, "API error", fmt.Sprintf("%v %+v", cause, cause))
	}
	return e
}

const chainRow = `{"break_even_price":655.12,
 "day":{"change":0.4,"change_percent":8.4,"close":5.15,"high":5.6,"last_updated":1765774800000000000,"low":4.7,"open":4.85,"previous_close":4.75,"volume":1.8734e4,"vwap":4.9871},
 "details":{"contract_type":"call","exercise_style":"american","expiration_date":"2025-12-19","shares_per_contract":100,"strike_price":650,"ticker":"O:SPY251219C00650000"},
 "greeks":{"delta":0.51,"gamma":0.021,"theta":-0.33,"vega":0.28},"implied_volatility":0.142,
 "last_quote":{"ask":5.13,"ask_exchange":304,"ask_size":24,"bid":5.1,"bid_exchange":302,"bid_size":17,"last_updated":1765809012345999999,"midpoint":5.115,"timeframe":"REAL-TIME"},
 "last_trade":{"conditions":[209],"exchange":302,"price":5.12,"sip_timestamp":1.765809012345e18,"size":10,"timeframe":"REAL-TIME"},
 "open_interest":24018.0,
 "underlying_asset":{"change_to_break_even":4.6,"last_updated":1765809012000000000,"price":650.52,"ticker":"SPY","timeframe":"DELAYED"}}`

const readAt = 1765809013000

var wantSnapshot = model.Snapshot{
	Symbol: "O:SPY251219C00650000", Underlying: "SPY", Shares: 100, Read: readAt,
	HasDay: true, DayUpdated: 1765774800000, DayVolume: 18734, DayVwap: 4.9871, DayOpen: 4.85, DayHigh: 5.6, DayLow: 4.7, DayClose: 5.15,
	LastTrade: 5.12, LastTradeTime: 1765809012345,
	HasQuote: true, Quote: model.Quote{Bid: 5.1, Ask: 5.13, BidSize: 17, AskSize: 24, Updated: 1765809012345, Read: readAt},
	OpenInterest: 24018, IV: 0.142, Delta: 0.51, Gamma: 0.021, Theta: -0.33, Vega: 0.28,
	Spot: 650.52, SpotUpdated: 1765809012000, SpotDelayed: true,
}

func atReadTime() int64 { return readAt }

// An error may come from anybody on the way: it tells no time.
func TestOnlyGoodAnswersTellTheTime(t *testing.T) {
	for status, want := range map[int]int{200: 1, 403: 0, 404: 0, 429: 0, 503: 0} {
		server := newRESTServer(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(`{"status":"OK","results":[]}`))
		})
		told := 0
		r := newTestREST(t, RESTOptions{BaseURL: server.URL + "/", OnDate: func(time.Time, time.Time) { told++ }})
		_, _ = r.Chain(wiretest.Bounded(t), "SPY", source.ChainFilter{})
		if told != want {
			t.Errorf("status %d told the time %d times, want %d", status, told, want)
		}
	}
}

func TestChainReadsASnapshot(t *testing.T) {
	var server *restServer
	server = newRESTServer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("cursor") == "" {
			says(`{"request_id":"r1","status":"OK","next_url":"`+server.URL+r.URL.Path+`?cursor=abc%3D&apiKey=echo","results":[`+chainRow+`,{"details":{"ticker":"O:AAPL211022C000150000"}},7,{"details":5}]}`)(w, r)
			return
		}
		says(`{"request_id":"r2","status":"DELAYED","results":[`+strings.Replace(chainRow, "C00650000", "P00650000", 1)+`]}`)(w, r)
	})
	dated := 0
	r := newTestREST(t, RESTOptions{BaseURL: server.URL + "/", Now: atReadTime, OnDate: func(server, wall time.Time) {
		if wall.Sub(server).Abs() < time.Minute {
			dated++
		}
	}})
	pages, err := chainPages(t, r, "SPX", source.ChainFilter{
		Type: "call", ExpiryFrom: model.MakeDate(2025, 12, 19), ExpiryTo: model.MakeDate(2026, 1, 16), StrikeFrom: 12.5, StrikeTo: 700,
	})
	if err != nil || len(pages) != 2 || pages[0].Malformed != 3 || pages[0].Delayed || !pages[1].Delayed || len(pages[1].Snapshots) != 1 {
		t.Fatalf("%v, %+v", err, pages)
	}
	if diff := cmp.Diff([]model.Snapshot{wantSnapshot}, pages[0].Snapshots); diff != "" {
		t.Error(diff)
	}
	want := []string{
		"/v3/snapshot/options/I:SPX?contract_type=call&expiration_date.gte=2025-12-19&expiration_date.lte=2026-01-16&limit=250&order=asc&sort=ticker&strike_price.gte=12.5&strike_price.lte=700",
		"/v3/snapshot/options/I:SPX?cursor=abc=",
	}
	if diff := cmp.Diff(want, server.seen()); diff != "" {
		t.Error(diff)
	}
	for _, request := range server.requests {
		if request.Header.Get("Authorization") != "Bearer "+wiretest.Canary || request.Header.Get("Referer") != "" || strings.Contains(request.URL.String(), "cAnArY") {
			t.Errorf("asked %v with %v", request.URL, request.Header)
		}
	}
	if dated != 2 {
		t.Errorf("told of %d dates", dated)
	}
}

// chainPages reads a chain page after page, until one cannot be had.
func chainPages(t *testing.T, r *REST, underlying string, f source.ChainFilter) (pages []source.ChainPage, err error) {
	var walk source.Walk
	page, err := r.Chain(wiretest.Bounded(t), underlying, f)
	for err == nil {
		if pages = append(pages, page); page.Next == "" {
			return pages, nil
		}
		if err = walk.Step(page.Next); err == nil {
			page, err = r.ChainNext(wiretest.Bounded(t), page.Next)
		}
	}
	return pages, err
}

func TestMissingPartsAreUnknown(t *testing.T) {
	nan := math.NaN()
	bare := model.Snapshot{
		Symbol: "O:SPX260116C06850000", Read: readAt, DayOpen: nan, DayHigh: nan, DayLow: nan, DayClose: nan, DayVwap: nan, LastTrade: nan,
		OpenInterest: nan, IV: nan, Delta: nan, Gamma: nan, Theta: nan, Vega: nan, Spot: nan,
	}
	for row, change := range map[string]func(*model.Snapshot){
		`{"details":{"ticker":"O:SPX260116C06850000"}}`:          func(*model.Snapshot) {},
		`{"details":{"ticker":"O:SPX260116C06850000"},"day":{}}`: func(*model.Snapshot) {},
		`{"details":{"ticker":"O:SPX260116C06850000","shares_per_contract":"100"},"day":{"volume":"7"},"greeks":null,"implied_volatility":null,"open_interest":-1,"last_quote":{"ask":5,"bid":null}}`: func(*model.Snapshot) {},
		`{"details":{"ticker":"O:SPX260116C06850000"},"underlying_asset":{"value":6850.5}}`:                                                                                                           func(s *model.Snapshot) { s.Spot = 6850.5 },
		`{"details":{"ticker":"O:SPX260116C06850000"},"last_quote":{"ask":0.05,"bid":0,"last_updated":1e300}}`: func(s *model.Snapshot) {
			s.HasQuote, s.Quote = true, model.Quote{Ask: 0.05, Read: readAt}
		},
		`{"details":{"ticker":"O:SPX260116C06850000"},"day":{"volume":3.0,"vwap":-1,"close":1e9,"last_updated":5}}`: func(s *model.Snapshot) { s.HasDay, s.DayVolume = true, 3 },
	} {
		server := newRESTServer(t, says(`{"status":"OK","request_id":"x","results":[`+row+`]}`))
		r := newTestREST(t, RESTOptions{BaseURL: server.URL, Now: atReadTime})
		page, err := r.Chain(wiretest.Bounded(t), "SPX", source.ChainFilter{})
		want := bare
		change(&want)
		if diff := cmp.Diff([]model.Snapshot{want}, page.Snapshots, cmpopts.EquateNaNs()); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", row, err, diff)
		}
	}
}

func TestContractReadsOneSnapshot(t *testing.T) {
	server := newRESTServer(t, says(`{"status":"OK","request_id":"x","results":`+chainRow+`}`))
	r := newTestREST(t, RESTOptions{BaseURL: server.URL + "/prefix", Now: atReadTime})
	s, err := r.Contract(wiretest.Bounded(t), "SPY", "O:SPY251219C00650000")
	if diff := cmp.Diff(wantSnapshot, s); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	if diff := cmp.Diff([]string{"/prefix/v3/snapshot/options/SPY/O:SPY251219C00650000"}, server.seen()); diff != "" {
		t.Error(diff)
	}
	_, err = r.Contract(wiretest.Bounded(t), "SPY", "O:SPY251219P00650000")
	apiError(t, err, source.ErrorNotJSON)
}

func TestUnifiedTellsWhatIsMissing(t *testing.T) {
	row := `{"ticker":"O:SPY251219C00650000","type":"options","details":{"shares_per_contract":100},"session":{"close":5.15,"volume":67,"open":1,"high":6,"low":1},"greeks":{"delta":0.5},"last_quote":{"ask":5.13,"bid":5.1,"last_updated":1765809012345999999}}`
	server := newRESTServer(t, says(`{"status":"OK","request_id":"x","results":[`+row+`,{"ticker":"O:SPY251219C00660000","error":"NOT_FOUND","message":"Ticker not found."},{"ticker":"O:SPY251219C00670000","error":"NOT_ENTITLED\u001b"},`+row+`,{"ticker":"O:QQQ251219C00670000"},null]}`))
	r := newTestREST(t, RESTOptions{BaseURL: server.URL, Now: atReadTime})
	asked := []string{"O:SPY251219C00650000", "O:SPY251219C00660000", "O:SPY251219C00670000", "O:SPY251219C00680000"}
	found, missing, err := r.Unified(wiretest.Bounded(t), asked)
	if err != nil || len(found) != 1 || found[0].HasDay || found[0].DayVolume != 67 || !found[0].HasQuote || found[0].Delta != 0.5 || found[0].Shares != 100 {
		t.Errorf("%v, %+v", err, found)
	}
	if diff := cmp.Diff(map[string]string{asked[1]: "NOT_FOUND", asked[2]: "NOT_ENTITLED", asked[3]: ""}, missing); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"/v3/snapshot?limit=250&ticker.any_of=" + strings.Join(asked, ",")}, server.seen()); diff != "" {
		t.Error(diff)
	}
	if found, missing, err := r.Unified(wiretest.Bounded(t), nil); found != nil || missing != nil || err != nil {
		t.Error("nothing asked, something answered")
	}
	_, _, err = r.Unified(wiretest.Bounded(t), make([]string, source.MaxUnified+1))
	apiError(t, err, source.ErrorBadRequest)
}

func TestContractsAreListed(t *testing.T) {
	server := newRESTServer(t, says(`{"status":"OK","request_id":"x","results":[{"ticker":"O:SPXW251219C06850000","underlying_ticker":"SPX","shares_per_contract":100.0,"cfi":"OCASPS"},{"ticker":"O:BRKB251219C00500000","underlying_ticker":"BRK.B"},{"ticker":"O:VMW1251219C00140000","underlying_ticker":"I:VMW","shares_per_contract":44,"additional_underlyings":[{"amount":6.53,"type":"currency","underlying":"USD"}]},{"ticker":"O:SPX251219C06850000","underlying_ticker":"SPX","additional_underlyings":[ ]},{"ticker":"bad"},{}]}`))
	r := newTestREST(t, RESTOptions{BaseURL: server.URL})
	page, err := r.Contracts(wiretest.Bounded(t), "SPX", source.ChainFilter{Limit: 5, ExpiryFrom: 20000, ExpiryTo: 20000})
	if diff := cmp.Diff([]source.Listing{
		{Symbol: "O:SPXW251219C06850000", Underlying: "SPX", Shares: 100}, {Symbol: "O:BRKB251219C00500000", Underlying: "BRK.B"},
		{Symbol: "O:VMW1251219C00140000", Underlying: "VMW", Shares: 44, More: true}, {Symbol: "O:SPX251219C06850000", Underlying: "SPX"},
	}, page.Listings); diff != "" || page.Malformed != 2 || page.Next != "" || err != nil {
		t.Errorf("%d malformed, next %q, %v\n%s", page.Malformed, page.Next, err, diff)
	}
	if diff := cmp.Diff([]string{"/v3/reference/options/contracts?expiration_date=2024-10-04&limit=5&order=asc&sort=ticker&underlying_ticker=SPX"}, server.seen()); diff != "" {
		t.Error(diff)
	}
}

func TestAggsReadsBars(t *testing.T) {
	const from = 1765809000000
	server := newRESTServer(t, says(fmt.Sprintf(`{"status":"DELAYED","request_id":"x","ticker":"O:SPY251219C00650000","results":[
		{"T":"O:SPY251219C00650000","o":5.08,"h":5.16,"l":5.06,"c":5.15,"v":412.0,"vw":5.1132,"n":100,"t":%d},
		{"o":5,"h":5,"l":5,"c":5,"v":3,"t":%d},
		{"o":9,"h":9,"l":9,"c":9,"v":9,"t":%d}]}`, from, from+1000, from+2000)))
	r := newTestREST(t, RESTOptions{BaseURL: server.URL})
	bars, whole, err := r.Aggs(wiretest.Bounded(t), "O:SPY251219C00650000", model.Second, from, from+2000)
	want := []model.Bar{
		{Span: model.Second, Start: from, Volume: 412, DayVolume: -1, Open: 5.08, High: 5.16, Low: 5.06, Close: 5.15, Vwap: 5.1132, AvgSize: 4.12},
		{Span: model.Second, Start: from + 1000, Volume: 3, DayVolume: -1, Open: 5, High: 5, Low: 5, Close: 5, Vwap: 5},
	}
	if diff := cmp.Diff(want, bars); diff != "" || !whole || err != nil {
		t.Errorf("%v, %v\n%s", whole, err, diff)
	}
	if diff := cmp.Diff([]string{"/v2/aggs/ticker/O:SPY251219C00650000/range/1/second/1765809000000/1765809001999?limit=50000&sort=asc"}, server.seen()); diff != "" {
		t.Error(diff)
	}
	if bars, whole, err := r.Aggs(wiretest.Bounded(t), "O:SPY251219C00650000", model.Second, from, from); bars != nil || !whole || err != nil || len(server.seen()) != 1 {
		t.Error("an empty interval was asked for")
	}
	_, _, err = r.Aggs(wiretest.Bounded(t), "O:SPY251219C00650000", 5000, from, from+5000)
	apiError(t, err, source.ErrorBadRequest)
}

func TestAggsThatCannotBeReadAreNotWhole(t *testing.T) {
	for body, wantWhole := range map[string]bool{
		`{"status":"OK","request_id":"x","resultsCount":0}`:                                                   true,
		`{"status":"OK","request_id":"x","results":null}`:                                                     true,
		`{"status":"OK","request_id":"x","results":[{"o":1,"h":2,"l":1,"c":1,"v":4,"t":1765809000000}]}`:      false, // no vwap to be had
		`{"status":"OK","request_id":"x","results":[{"o":1,"h":1,"l":1,"c":1,"v":4.5,"t":1765809000000}]}`:    false,
		`{"status":"OK","request_id":"x","results":[{"o":1,"h":1,"l":1,"c":1,"v":4,"t":1765809000000.5}]}`:    false,
		`{"status":"OK","request_id":"x","results":[{"o":1,"h":1,"l":1,"c":1,"v":4,"T":1765809000000}]}`:      false,
		`{"status":"OK","request_id":"x","results":[null]}`:                                                   false,
		`{"status":"OK","request_id":"x","results":[{"o":1,"h":1,"l":1,"c":"1","v":4,"t":1765809000000}, 5]}`: false,
	} {
		server := newRESTServer(t, says(body))
		bars, whole, err := newTestREST(t, RESTOptions{BaseURL: server.URL}).Aggs(wiretest.Bounded(t), "O:SPY251219C00650000", model.Minute, 1765809000000, 1765809060000)
		if whole != wantWhole || len(bars) != 0 || err != nil {
			t.Errorf("%s: %v, whole %v, %v", body, bars, whole, err)
		}
	}
}

func TestMarket(t *testing.T) {
	server := newRESTServer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/marketstatus/now" {
			says(`{"market":"open","serverTime":"2026-01-05T16:48:08-05:00","exchanges":{"nyse":"extended-hours\u0007"}}`)(w, r)
			return
		}
		says(`[{"date":"2026-11-27","exchange":"NYSE","name":"Thanksgiving","status":"early-close","open":"2026-11-27T14:30:00.000Z","close":"2026-11-27T18:00:00.000Z"},
			{"date":"2026-11-26","exchange":"NASDAQ","name":"Thanksgiving","status":"closed"},{"date":"2026-11-26","exchange":"NYSE","name":"Thanksgiving","status":"closed"},
			{"date":"soon","exchange":"NYSE","name":"?","status":"closed"},{"date":"2026-12-25","exchange":"NYSE","status":"party"}]`)(w, r)
	})
	r := newTestREST(t, RESTOptions{BaseURL: server.URL})
	status, err := r.MarketStatus(wiretest.Bounded(t))
	if err != nil || status.Market != "open" || status.NYSE != "extended-hours" || status.Open() || status.ServerTime.UnixMilli() != 1767649688000 {
		t.Errorf("%+v, %v", status, err)
	}
	holidays, err := r.Upcoming(wiretest.Bounded(t))
	want := []source.Holiday{
		{Date: model.MakeDate(2026, 11, 26), Name: "Thanksgiving", Closed: true},
		{Date: model.MakeDate(2026, 11, 27), Name: "Thanksgiving", Open: time.Date(2026, 11, 27, 14, 30, 0, 0, time.UTC), Close: time.Date(2026, 11, 27, 18, 0, 0, 0, time.UTC)},
	}
	if diff := cmp.Diff(want, holidays); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestArgumentsThatAreNoneAreNotSent(t *testing.T) {
	server := newRESTServer(t, says(`{"status":"OK","request_id":"x"}`))
	r := newTestREST(t, RESTOptions{BaseURL: server.URL})
	for _, underlying := range []string{"", "spy", "../v1", "SPY?x=1", "A/B", "I:", "I:../v1", "I:I:SPX", "..", "ABCDEFGHIJKL", "\x1b"} {
		_, err := r.Chain(wiretest.Bounded(t), underlying, source.ChainFilter{})
		apiError(t, err, source.ErrorBadRequest)
		_, err = r.Contracts(wiretest.Bounded(t), underlying, source.ChainFilter{})
		apiError(t, err, source.ErrorBadRequest)
		_, err = r.Contract(wiretest.Bounded(t), underlying, "O:SPY251219C00650000")
		apiError(t, err, source.ErrorBadRequest)
	}
	for _, symbol := range []string{"", "SPY", "O:SPY251219C00650000/..", "O:SPY251219C00650000?"} {
		_, err := r.Contract(wiretest.Bounded(t), "SPY", symbol)
		apiError(t, err, source.ErrorBadRequest)
		_, _, err = r.Unified(wiretest.Bounded(t), []string{symbol})
		apiError(t, err, source.ErrorBadRequest)
		_, _, err = r.Aggs(wiretest.Bounded(t), symbol, model.Second, 0, 1)
		apiError(t, err, source.ErrorBadRequest)
	}
	if n := len(server.seen()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestBaseURL(t *testing.T) {
	for _, bad := range []string{"", "ws://host", "api.massive.com", "https://", "https://u:" + wiretest.Canary + "@host", "https://host?apiKey=" + wiretest.Canary, "https://host#" + wiretest.Canary, "https://ho st" + wiretest.Canary} {
		_, err := NewREST(RESTOptions{BaseURL: bad})
		if err == nil {
			t.Errorf("%s is taken", bad)
			continue
		}
		wiretest.NoCanary(t, "error", err.Error())
	}
}
