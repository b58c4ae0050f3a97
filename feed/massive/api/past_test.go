package api

import (
	"math"
	"net/http"
	"slices"
	"testing"

	"optflow/feed/massive/wiretest"
	"optflow/feed/source"
	"optflow/model"
)

func TestSpotAt(t *testing.T) {
	const at = 1765809013000 // 14:30:13Z
	server := newRESTServer(t, says(`{"ticker":"SPY","status":"OK","request_id":"x","results":[
		{"c":650.5,"t":1765808880000,"v":1,"o":1,"h":1,"l":1},{"c":650.7,"t":1765808940000},{"c":0,"t":1765808990000},{"c":999,"t":1765809000000},{"t":1765808999000},{"c":"x","t":1765808940001},null]}`))
	r := newTestREST(t, RESTOptions{BaseURL: server.URL})
	for _, name := range []string{"SPY", "I:SPX", "BRK.B"} {
		if spot, err := r.SpotAt(wiretest.Bounded(t), name, at); spot != 650.7 || err != nil {
			t.Errorf("%v, %v; want the close of the last minute that was over", spot, err)
		}
	}
	if want := "/v2/aggs/ticker/SPY/range/1/minute/1765808700000/1765808999999?limit=50000&sort=desc"; server.seen()[0] != want {
		t.Errorf("asked %q, want %q", server.seen()[0], want)
	}
	for _, name := range []string{"", "a/b", "I:", "spy"} {
		_, err := r.SpotAt(wiretest.Bounded(t), name, at)
		apiError(t, err, source.ErrorBadRequest)
	}
	_, err := r.SpotAt(wiretest.Bounded(t), "SPY", math.MaxInt64/2)
	apiError(t, err, source.ErrorBadRequest)

	none := newRESTServer(t, says(`{"status":"OK","request_id":"x","resultsCount":0}`))
	if spot, err := newTestREST(t, RESTOptions{BaseURL: none.URL}).SpotAt(wiretest.Bounded(t), "SPY", at); spot == spot || err != nil {
		t.Errorf("without a bar: %v, %v", spot, err)
	}
}

func TestInterest(t *testing.T) {
	session := model.MakeDate(2025, 12, 12)
	body := `{"status":"OK","request_id":"x","results":[
		{"ticker":"O:SPY251219C00650000","date":"2025-12-11","open_interest":1},{"ticker":"O:SPY251219C00651000","date":"2025-12-12","open_interest":2},
		{"ticker":"O:SPY251219C00650000","date":"2025-12-12","open_interest":2.4018e4,"root":"SPY"},{"date":"2025-12-12","open_interest":3},7]}`
	server := newRESTServer(t, says(body))
	r := newTestREST(t, RESTOptions{BaseURL: server.URL})
	if lots, err := r.Interest(wiretest.Bounded(t), quotesOf, session); lots != 24_018 || err != nil {
		t.Errorf("%d, %v", lots, err)
	}
	if lots, err := r.Interest(wiretest.Bounded(t), quotesOf, session+1); lots != -1 || err != nil {
		t.Errorf("of a session that is not stated: %d, %v", lots, err)
	}
	if want := "/options/v1/open-interest?date=2025-12-12&limit=10&ticker=" + quotesOf; !slices.Contains(server.seen(), want) {
		t.Errorf("asked %q, want %q", server.seen(), want)
	}
	_, err := r.Interest(wiretest.Bounded(t), "SPY", session)
	apiError(t, err, source.ErrorBadRequest)
	denied := newRESTServer(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		says(`{"status":"NOT_AUTHORIZED","request_id":"x","message":"not in your plan"}`)(w, r)
	})
	lots, err := newTestREST(t, RESTOptions{BaseURL: denied.URL}).Interest(wiretest.Bounded(t), quotesOf, session)
	if apiError(t, err, source.ErrorNotEntitled); lots != -1 {
		t.Errorf("%d lots of a plan without them", lots)
	}
}
