package api

import (
	"net/http"
	"strings"
	"testing"

	"optflow/feed/massive/wiretest"
	"optflow/feed/source"
)

func BenchmarkChainPage(b *testing.B) {
	rows := strings.Repeat(chainRow+",", chainRows-1) + chainRow
	body := `{"status":"OK","request_id":"x","results":[` + rows + `]}`
	r, err := NewREST(RESTOptions{BaseURL: "http://host.test", Now: atReadTime, HTTPClient: &http.Client{Transport: wiretest.RoundTrip(func(*http.Request) (*http.Response, error) {
		return wiretest.Answer(body), nil
	})}})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if page, err := r.Chain(b.Context(), "SPY", source.ChainFilter{}); err != nil || len(page.Snapshots) != chainRows {
			b.Fatal(err)
		}
	}
}
