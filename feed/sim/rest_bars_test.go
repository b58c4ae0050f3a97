package sim

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"optflow/feed/sim/basis"
	"optflow/feed/sim/exchange"
)

func TestUnified(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 1, Start: monday}, ServerOptions{})
		time.Sleep(time.Second)
		var got struct{ Results []unifiedRow }
		f.get("/v3/snapshot?limit=250&ticker.any_of=O:BAD,SPY,I:SPX,"+busy, &got)
		byTicker := map[string]unifiedRow{}
		for _, row := range got.Results {
			byTicker[row.Ticker] = row
		}
		if bad := byTicker["O:BAD"]; bad.Error != "NOT_FOUND" || bad.Message != "Ticker not found." {
			t.Errorf("%+v", bad)
		}
		if o := byTicker[busy]; o.Type != "options" || count(o.Session.Volume) == 0 || o.Details.Strike != 656 || o.Details.Ticker != "" || o.LastQuote == nil || o.Greeks == nil || *o.OpenInterest == 0 || o.Underlying.Price == 0 {
			t.Errorf("%+v", o)
		}
		if u := byTicker["SPY"]; u.Type != "stocks" || u.Session.Price < 600 {
			t.Errorf("%+v", u)
		}
		if u := byTicker["I:SPX"]; u.Type != "indices" || u.Value < 6000 {
			t.Errorf("%+v", u)
		}
		symbols := f.market.Symbols()[:250]
		f.get("/v3/snapshot?limit=250&ticker.any_of="+strings.Join(symbols, ","), &got)
		if len(got.Results) != 250 {
			t.Errorf("%d of 250", len(got.Results))
		}
	})
}

func TestAggsPages(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 1, Start: monday}, ServerOptions{})
		time.Sleep(2 * time.Minute)
		from, to := monday.Add(-30*time.Minute).UnixMilli(), monday.Add(time.Minute).UnixMilli()
		read := func(query string) (bars []aggBar, pages int) {
			path := fmt.Sprintf("/v2/aggs/ticker/%s/range/1/second/%d/%d?%s", busy, from, to, query)
			for ; path != ""; pages++ {
				var got aggPage
				f.get(path, &got)
				if got.ResultsCount != len(got.Results) || got.Status != "OK" || got.Ticker != busy {
					t.Errorf("%+v", got)
				}
				bars = append(bars, got.Results...)
				path = strings.TrimPrefix(got.NextURL, "http://sim")
			}
			return bars, pages
		}
		whole, _ := read("limit=50000")
		paged, pages := read("limit=97")
		if len(whole) < 300 || pages != (len(whole)+96)/97 || !slices.Equal(whole, paged) {
			t.Errorf("%d bars, %d in %d pages", len(whole), len(paged), pages)
		}
		down, _ := read("limit=97&sort=desc")
		slices.Reverse(down)
		if !slices.Equal(whole, down) {
			t.Errorf("%d bars newest first", len(down))
		}
		if first := whole[0].Start; first > from+120_000 {
			t.Errorf("the past begins at %d", first)
		}
		var minutes, none, days aggPage
		f.get("/v2/aggs/ticker/"+busy+"/range/1/minute/2026-11-23/2026-11-23?limit=50000", &minutes)
		var seconds int64
		for _, b := range whole {
			if b.Start >= basis.Floor(from, basis.Minute)+basis.Minute && b.Start < basis.Floor(to, basis.Minute) {
				seconds += count(b.Volume)
			}
		}
		for _, b := range minutes.Results {
			if b.Start >= basis.Floor(from, basis.Minute)+basis.Minute && b.Start < basis.Floor(to, basis.Minute) {
				seconds -= count(b.Volume)
			}
		}
		if seconds != 0 {
			t.Errorf("minutes and seconds differ by %d", seconds)
		}
		if n := len(minutes.Results); n < 60 {
			t.Errorf("the day has %d minutes", n)
		}
		f.get("/v2/aggs/ticker/O:SPY261123C00000001/range/1/minute/2026-11-23/2026-11-23", &none)
		if none.ResultsCount != 0 || none.Results != nil || none.Status != "OK" {
			t.Errorf("%+v", none)
		}
		f.get("/v2/aggs/ticker/"+busy+"/range/1/day/2026-11-01/2026-11-23", &days)
		if len(days.Results) != 2 {
			t.Errorf("%+v", days.Results)
		}
	})
}

func TestTradesListing(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 1, Start: monday}, ServerOptions{})
		time.Sleep(30 * time.Second)
		read := func(query string) (rows []tradeRow) {
			for path := "/v3/trades/" + busy + "?" + query; path != ""; {
				var got struct {
					Results []tradeRow
					Next    string `json:"next_url"`
				}
				f.get(path, &got)
				rows = append(rows, got.Results...)
				path = strings.TrimPrefix(got.Next, "http://sim")
				time.Sleep(time.Second)
			}
			return rows
		}
		truth := f.market.Trades(busy)
		rows := read("limit=500&order=asc")
		if len(rows) != len(truth) {
			t.Fatalf("%d rows, %d trades", len(rows), len(truth))
		}
		for i, r := range rows {
			if want := truth[i]; r.Time != want.SIP || r.Time/1e6 != want.Time || r.Price != want.Price || r.Size != want.Size || r.Sequence != want.Sequence {
				t.Fatalf("row %d: %+v, trade %+v", i, r, want)
			}
		}
		newest := read(fmt.Sprintf("limit=500&timestamp.gte=%d", monday.UnixNano()))
		for i, r := range newest {
			if r.Time < monday.UnixNano() || i > 0 && r.Time > newest[i-1].Time {
				t.Fatalf("row %d: %+v", i, r)
			}
		}
		if len(newest) == 0 {
			t.Error("no trades since the start")
		}
	})
}

func TestMarketStatus(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		night := monday.Add(-7*time.Hour - 30*time.Minute) // 03:11
		f := serve(t, exchange.Options{Start: night, Rate: 1, Speed: 10}, ServerOptions{})
		time.Sleep(time.Minute)
		var now struct {
			Market, ServerTime string
			Exchanges          map[string]string
		}
		resp := f.get("/v1/marketstatus/now", &now)
		if now.Market != "open" || now.Exchanges["nyse"] != "open" || now.ServerTime != "2026-11-23T03:21:00-05:00" {
			t.Errorf("%+v", now)
		}
		if date, err := http.ParseTime(resp.Header.Get("Date")); err != nil || !date.Equal(night.Add(10*time.Minute)) {
			t.Errorf("Date is %s", resp.Header.Get("Date"))
		}
		if got := resp.Header.Get("Server"); got != ServerHeader {
			t.Errorf("Server is %q", got)
		}
		var upcoming []any
		f.get("/v1/marketstatus/upcoming", &upcoming)
		if upcoming == nil || len(upcoming) != 0 {
			t.Errorf("%v", upcoming)
		}
		for path, least := range map[string]int{"/v3/reference/exchanges?asset_class=options": 18, "/v3/reference/conditions?limit=1000": 9} {
			var got struct{ Results []any }
			f.get(path, &got)
			if len(got.Results) != least {
				t.Errorf("%s: %d rows", path, len(got.Results))
			}
		}
	})
}

func TestGzip(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 1, Start: monday, Rate: 1}, ServerOptions{})
		resp := f.get("/v3/snapshot/options/SPY?limit=250", nil, "Accept-Encoding", "gzip")
		if resp.Header.Get("Content-Encoding") != "gzip" {
			t.Fatalf("%v", resp.Header)
		}
		z, err := gzip.NewReader(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		var got struct{ Results []chainRow }
		if err := json.NewDecoder(z).Decode(&got); err != nil || len(got.Results) != 250 {
			t.Errorf("%d rows, %v", len(got.Results), err)
		}
	})
}
