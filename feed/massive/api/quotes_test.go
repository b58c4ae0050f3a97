package api

import (
	"fmt"
	"math"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"optflow/feed/massive/wiretest"
	"optflow/feed/source"
	"optflow/model"
)

const quotesOf = "O:SPY251219C00650000"

func TestQuotesGoBackInTime(t *testing.T) {
	const end = 1765809013000
	var base string
	server := newRESTServer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("cursor") == "" {
			says(fmt.Sprintf(`{"status":"OK","request_id":"x","next_url":"%s/v3/quotes/%s?cursor=abc&apiKey=%s","results":[
				{"ask_exchange":304,"ask_price":5.13,"ask_size":24,"bid_exchange":302,"bid_price":5.1,"bid_size":17,"sequence_number":9,"sip_timestamp":1765809012999999999},
				{"ask_price":5.14,"bid_price":5.1,"sip_timestamp":1765809012999000000},
				{"ask_price":"5.14","bid_price":0,"sip_timestamp":1.765809012e18},
				{"ask_price":5.14,"ask_size":1,"sip_timestamp":1765809011000000000},
				{"ask_price":5.14,"bid_price":5.1},
				null, 7]}`, base, quotesOf, wiretest.Canary))(w, r)
			return
		}
		says(`{"status":"OK","request_id":"x"}`)(w, r)
	})
	base = server.URL
	r := newTestREST(t, RESTOptions{BaseURL: server.URL})
	page, err := r.Quotes(wiretest.Bounded(t), quotesOf, end, 100)
	nan := math.NaN()
	want := []model.Quote{
		{Bid: 5.1, Ask: 5.13, BidSize: 17, AskSize: 24, Updated: end - 1},
		{Bid: 5.1, Ask: 5.14, Updated: end - 1},
		{Bid: 0, Ask: nan, Updated: end - 1000},
		{Bid: nan, Ask: 5.14, AskSize: 1, Updated: end - 2000},
	}
	if diff := cmp.Diff(want, page.Quotes, cmpopts.EquateNaNs()); diff != "" || err != nil || page.Malformed != 3 {
		t.Errorf("%v, %d malformed\n%s", err, page.Malformed, diff)
	}
	last, err := r.QuotesNext(wiretest.Bounded(t), page.Next)
	if err != nil || len(last.Quotes) != 0 || last.Next != "" {
		t.Errorf("%v, %+v", err, last)
	}
	if diff := cmp.Diff([]string{
		"/v3/quotes/" + quotesOf + "?limit=100&order=desc&sort=timestamp&timestamp.lt=1765809013000000000",
		"/v3/quotes/" + quotesOf + "?cursor=abc",
	}, server.seen()); diff != "" {
		t.Error(diff)
	}
}

// Quotes in another order than was asked for are not those before the time.
func TestQuotesInAnotherOrderAreRefused(t *testing.T) {
	server := newRESTServer(t, says(`{"status":"OK","request_id":"x","results":[
		{"ask_price":5.13,"bid_price":5.1,"sip_timestamp":1765809012000000000},{"ask_price":5.13,"bid_price":5.1,"sip_timestamp":1765809013000000000}]}`))
	_, err := newTestREST(t, RESTOptions{BaseURL: server.URL}).Quotes(wiretest.Bounded(t), quotesOf, 1765809014000, 100)
	apiError(t, err, source.ErrorNotJSON)
}

func TestQuotesThatAreNotInThePlan(t *testing.T) {
	server := newRESTServer(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		says(`{"status":"NOT_AUTHORIZED","request_id":"x","message":"You are not entitled to this data."}`)(w, r)
	})
	_, err := newTestREST(t, RESTOptions{BaseURL: server.URL}).Quotes(wiretest.Bounded(t), quotesOf, 1765809014000, 100)
	apiError(t, err, source.ErrorNotEntitled)
}

func TestQuotesAreNotAskedForNonsense(t *testing.T) {
	server := newRESTServer(t, says(`{"status":"OK","request_id":"x"}`))
	r := newTestREST(t, RESTOptions{BaseURL: server.URL})
	for _, symbol := range []string{"", "SPY", quotesOf + "/..", quotesOf + "?"} {
		_, err := r.Quotes(wiretest.Bounded(t), symbol, 1765809014000, 100)
		apiError(t, err, source.ErrorBadRequest)
	}
	_, err := r.Quotes(wiretest.Bounded(t), quotesOf, math.MaxInt64/2, 100)
	apiError(t, err, source.ErrorBadRequest)
	_, err = r.QuotesNext(wiretest.Bounded(t), "https://elsewhere.test/v3/quotes/"+quotesOf)
	apiError(t, err, source.ErrorBadNext)
	if n := len(server.seen()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
	if _, err := r.Quotes(wiretest.Bounded(t), quotesOf, 1765809014000, math.MaxInt); err != nil || server.seen()[0] != "/v3/quotes/"+quotesOf+"?limit=50000&order=desc&sort=timestamp&timestamp.lt=1765809014000000000" {
		t.Errorf("%v, %q", err, server.seen())
	}
}
