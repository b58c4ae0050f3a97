package sim

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"optflow/feed/sim/exchange"
)

// readQuotes follows a listing of quotes to its end, so much time passing before
// each next page, and returns the rows and the pages' lengths.
func (f *floorUnderTest) readQuotes(symbol, query string, rest time.Duration) (rows []quoteRow, pages []int) {
	f.t.Helper()
	for path := "/v3/quotes/" + symbol + "?" + query; path != ""; {
		var got struct {
			Results []quoteRow
			Next    string `json:"next_url"`
		}
		if resp := f.get(path, &got); resp.StatusCode != 200 {
			f.t.Fatalf("%s: %d", path, resp.StatusCode)
		}
		rows, pages = append(rows, got.Results...), append(pages, len(got.Results))
		if path = strings.TrimPrefix(got.Next, "http://sim"); path != "" {
			time.Sleep(rest)
		}
	}
	return rows, pages
}

// rowOf is a quote of the truth as the listing shows it.
func rowOf(q exchange.Quote) quoteRow {
	return quoteRow{
		AskExchange: q.AskExchange, AskPrice: q.Ask, AskSize: int32(q.AskSize),
		BidExchange: q.BidExchange, BidPrice: q.Bid, BidSize: int32(q.BidSize), Sequence: q.Sequence, Time: q.SIP,
	}
}

func TestQuotesListing(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 1, Start: monday, Tickers: []string{"SPY"}}, ServerOptions{})
		time.Sleep(45 * time.Second)
		now := f.market.Now().UnixMilli()
		var want []quoteRow
		const lag = 500
		for _, q := range f.market.Quotes(busy, now-40_000, now)[1:] {
			if q.Time <= now-lag {
				want = append(want, rowOf(q))
			}
		}
		if len(want) < 80 {
			t.Fatalf("only %d quotes in 40 s", len(want))
		}
		from := fmt.Sprintf("timestamp.gte=%d", (now-40_000)*1e6)
		to := fmt.Sprintf("&timestamp.lte=%d", (now-lag+1)*1e6-1)
		up, pages := f.readQuotes(busy, from+to+"&order=asc&limit=7", time.Second)
		if !slices.Equal(up, want) {
			t.Errorf("%d rows, the truth has %d", len(up), len(want))
		}
		for i, n := range pages {
			if n != 7 && i != len(pages)-1 {
				t.Errorf("page %d has %d rows", i, n)
			}
		}
		down, _ := f.readQuotes(busy, from+to+"&limit=11&sort=timestamp", 300*time.Millisecond)
		slices.Reverse(down)
		if !slices.Equal(down, want) {
			t.Error("newest first is not the same list")
		}
		// The vendor's own recipe for the quote before a time, to the nanosecond.
		middle := want[len(want)/2]
		before := func(suffix string, ns int64) quoteRow {
			var got struct{ Results []quoteRow }
			f.get(fmt.Sprintf("/v3/quotes/%s?timestamp%s=%d&order=desc&limit=1", busy, suffix, ns), &got)
			if len(got.Results) != 1 {
				t.Fatalf("timestamp%s: %+v", suffix, got)
			}
			return got.Results[0]
		}
		if got := before(".lte", middle.Time); got != middle {
			t.Errorf(".lte: %+v", got)
		}
		if got := before(".lt", middle.Time); got != want[len(want)/2-1] {
			t.Errorf(".lt: %+v", got)
		}
		if got := before("", middle.Time); got != middle {
			t.Errorf("the very time: %+v", got)
		}
		after, _ := f.readQuotes(busy, fmt.Sprintf("timestamp.gt=%d%s&order=asc", middle.Time, to), 0)
		if len(after) != len(want)-len(want)/2-1 || after[0] != want[len(want)/2+1] {
			t.Errorf(".gt: %d rows", len(after))
		}
		rfc := url.QueryEscape(time.Unix(0, middle.Time).UTC().Format(time.RFC3339Nano))
		if again, _ := f.readQuotes(busy, "timestamp="+rfc, 0); len(again) != 1 || again[0] != middle {
			t.Errorf("RFC 3339: %+v", again)
		}
		if day, _ := f.readQuotes(busy, "timestamp=2026-11-23&order=asc&limit=50000", 0); day[0].Time > monday.UnixMilli()*1e6 || len(day) < 1000 {
			t.Errorf("the day has %d quotes", len(day))
		}
		for _, none := range []string{busy + "?timestamp=2026-11-20", "O:SPY261123C00000001?", busy + fmt.Sprintf("?timestamp.gt=%d", f.market.Now().UnixNano())} {
			var got anyPage
			if resp := f.get("/v3/quotes/"+none, &got); resp.StatusCode != 200 || got.Next != "" || string(got.Results) != "[]" {
				t.Errorf("%s: %d %+v", none, resp.StatusCode, got)
			}
		}
	})
}

// TestRestQuotesLag: neither the listing nor a snapshot shows a quote younger than
// the lag, and both show the one that was in force then.
func TestRestQuotesLag(t *testing.T) {
	for _, test := range []struct{ set, lag time.Duration }{{0, exchange.DefaultQuoteLag}, {-1, 0}, {2 * time.Second, 2 * time.Second}} {
		inBubble(t, func(t *testing.T) {
			f := serve(t, exchange.Options{Seed: 1, Start: monday, QuoteLag: test.set, Tickers: []string{"SPY"}}, ServerOptions{})
			time.Sleep(10 * time.Second)
			newer := 0
			for range 40 {
				time.Sleep(137 * time.Millisecond)
				at := f.market.Now().Add(-test.lag).UnixMilli()
				truth := f.market.Quotes(busy, at-30_000, at)
				want := rowOf(truth[len(truth)-1])
				if now := f.market.Quotes(busy, at-30_000, at+test.lag.Milliseconds()); len(now) > len(truth) {
					newer++
				}
				var listed struct{ Results []quoteRow }
				f.get("/v3/quotes/"+busy+"?limit=1", &listed)
				var one struct{ Results chainRow }
				f.get("/v3/snapshot/options/SPY/"+busy, &one)
				var any struct{ Results []unifiedRow }
				f.get("/v3/snapshot?ticker="+busy, &any)
				var chain struct{ Results []chainRow }
				f.get("/v3/snapshot/options/SPY?strike_price=656&contract_type=call&expiration_date=2026-11-23", &chain)
				if len(listed.Results) != 1 || listed.Results[0] != want {
					t.Errorf("listed %+v, in force %+v", listed.Results, want)
				}
				for _, q := range []*lastQuote{one.Results.LastQuote, any.Results[0].LastQuote, chain.Results[0].LastQuote} {
					if shown := (quoteRow{q.AskExchange, q.Ask, q.AskSize, q.BidExchange, q.Bid, q.BidSize, want.Sequence, q.LastUpdated}); shown != want {
						t.Errorf("shown %+v, in force %+v", shown, want)
					}
				}
			}
			if test.lag > 0 && newer < 10 {
				t.Errorf("only %d times a newer quote existed", newer)
			}
		})
	}
}
