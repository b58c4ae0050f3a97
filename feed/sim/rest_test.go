package sim

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// anyPage is any page of a listing.
type anyPage struct {
	Status    string
	RequestID string `json:"request_id"`
	Error     string
	Message   string
	Next      string `json:"next_url"`
	Results   json.RawMessage
}

func TestErrors(t *testing.T) {
	const wrongKey, noKey = "Authorization", "Authorization"
	tests := []struct {
		name, path string
		plan       Plan
		header     []string
		code       int
		status     string
		text       string // in error, or in message for NOT_AUTHORIZED and NOT_FOUND
	}{
		{"wrong key", "/v1/marketstatus/now", Plan{}, []string{wrongKey, "Bearer nope"}, 401, "ERROR", "Unknown API Key"},
		{"no key", "/v1/marketstatus/now", Plan{}, []string{noKey, ""}, 401, "ERROR", "API Key was not provided"},
		{"limit of a chain", "/v3/snapshot/options/SPY?limit=251", Plan{}, nil, 400, "ERROR", "limit must be between 1 and 250"},
		{"limit of contracts", "/v3/reference/options/contracts?limit=1001", Plan{}, nil, 400, "ERROR", "limit must be between 1 and 1000"},
		{"limit of trades", "/v3/trades/" + busy + "?limit=50001", Plan{}, nil, 400, "ERROR", "limit must be between 1 and 50000"},
		{"limit of bars", "/v2/aggs/ticker/" + busy + "/range/1/second/1/2?limit=50001", Plan{}, nil, 400, "ERROR", "limit must be between 1 and 50000"},
		{"limit that is none", "/v3/snapshot/options/SPY?limit=x", Plan{}, nil, 400, "ERROR", "limit"},
		{"order", "/v3/snapshot/options/SPY?order=up", Plan{}, nil, 400, "ERROR", "order"},
		{"sort", "/v3/snapshot/options/SPY?sort=premium", Plan{}, nil, 400, "ERROR", "sort"},
		{"strike", "/v3/snapshot/options/SPY?strike_price.gte=x", Plan{}, nil, 400, "ERROR", "strike_price.gte"},
		{"date", "/v3/snapshot/options/SPY?expiration_date=2026-02-30", Plan{}, nil, 400, "ERROR", "expiration_date"},
		{"type", "/v3/snapshot/options/SPY?contract_type=both", Plan{}, nil, 400, "ERROR", "contract_type"},
		{"cursor", "/v3/snapshot/options/SPY?cursor=%21", Plan{}, nil, 400, "ERROR", "cursor"},
		{"timespan", "/v2/aggs/ticker/" + busy + "/range/1/fortnight/1/2", Plan{}, nil, 400, "ERROR", "timespan"},
		{"multiplier", "/v2/aggs/ticker/" + busy + "/range/0/second/1/2", Plan{}, nil, 400, "ERROR", "multiplier"},
		{"from", "/v2/aggs/ticker/" + busy + "/range/1/second/yesterday/2", Plan{}, nil, 400, "ERROR", "from"},
		{"from after to", "/v2/aggs/ticker/" + busy + "/range/1/second/3/2", Plan{}, nil, 400, "ERROR", "from"},
		{"too many tickers", "/v3/snapshot?ticker.any_of=" + strings.Repeat("A,", 251), Plan{}, nil, 400, "ERROR", "250"},
		{"no contract", "/v3/snapshot/options/SPY/O:SPY261123C00000001", Plan{}, nil, 404, "NOT_FOUND", "not found"},
		{"another's contract", "/v3/snapshot/options/QQQ/" + busy, Plan{}, nil, 404, "NOT_FOUND", "not found"},
		{"no reference", "/v3/reference/options/contracts/O:SPY261123C00000001", Plan{}, nil, 404, "NOT_FOUND", "not found"},
		{"plan without snapshots", "/v3/snapshot/options/SPY", Plan{NoSnapshots: true}, nil, 403, "NOT_AUTHORIZED", entitledText},
		{"plan without snapshots, one", "/v3/snapshot/options/SPY/" + busy, Plan{NoSnapshots: true}, nil, 403, "NOT_AUTHORIZED", entitledText},
		{"plan without snapshots, any", "/v3/snapshot?ticker=" + busy, Plan{NoSnapshots: true}, nil, 403, "NOT_AUTHORIZED", entitledText},
		{"plan without trades", "/v3/trades/" + busy, Plan{NoTrades: true}, nil, 403, "NOT_AUTHORIZED", entitledText},
		{"free plan, seconds", "/v2/aggs/ticker/" + busy + "/range/1/second/1/2", Plan{Free: true}, nil, 403, "NOT_AUTHORIZED", entitledText},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := serve(t, Options{Seed: 1, Start: monday, Rate: 1, Plan: test.plan, Tickers: []string{"SPY", "QQQ"}}, ServerOptions{Key: "k"})
				var got anyPage
				resp := f.get(test.path, &got, test.header...)
				text := got.Error
				if test.status != "ERROR" {
					text = got.Message
				}
				if resp.StatusCode != test.code || got.Status != test.status || !strings.Contains(text, test.text) || got.RequestID == "" {
					t.Errorf("%d %+v", resp.StatusCode, got)
				}
			})
		})
	}
}

func TestUnknownRoutes(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, Options{Start: monday, Rate: 1}, ServerOptions{})
		for _, path := range []string{"/", "/v3", "/v3/snapshot/options", "/v3/snapshot/options/SPY/x/y", "/v9/aggs", "/v3/trades/"} {
			resp := f.get(path, nil)
			body, _ := io.ReadAll(resp.Body)
			if resp.StatusCode != 404 || !strings.Contains(string(body), "404 page not found") {
				t.Errorf("%s: %d %q", path, resp.StatusCode, body)
			}
		}
	})
}

func TestFreePlanIsPaced(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, Options{Start: monday, Rate: 1, Plan: Plan{Free: true}}, ServerOptions{})
		for i := range freeRequests + 1 {
			want := 200
			if i == freeRequests {
				want = 429
			}
			var got anyPage
			if resp := f.get("/v3/reference/options/contracts", &got); resp.StatusCode != want {
				t.Errorf("request %d: %d", i+1, resp.StatusCode)
			}
			if want == 429 && (got.Error != tooManyText || got.Status != "ERROR") {
				t.Errorf("%+v", got)
			}
		}
		time.Sleep(time.Minute)
		if resp := f.get("/v3/reference/options/contracts", nil); resp.StatusCode != 200 {
			t.Errorf("a minute later: %d", resp.StatusCode)
		}
	})
}

func TestKeyInTheQueryIsEnough(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, Options{Start: monday, Rate: 1}, ServerOptions{Key: "k"})
		var got anyPage
		if resp := f.get("/v3/snapshot/options/SPY?apiKey=k", &got, "Authorization", ""); resp.StatusCode != 200 {
			t.Fatalf("%d", resp.StatusCode)
		}
		if got.Next == "" || strings.Contains(strings.ToLower(got.Next), "apikey") {
			t.Errorf("next_url %q", got.Next)
		}
	})
}

// TestPagesMakeTheWhole follows next_url for every listing, filter and order.
func TestPagesMakeTheWhole(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, Options{Seed: 1, Start: monday, Rate: 1, Tickers: []string{"SPY", "SPX"}}, ServerOptions{})
		expiries := map[string]bool{}
		for _, row := range f.wholeChain("SPY") {
			expiries[row.Details.Expiry] = true
		}
		if len(expiries) < 15 || !expiries["2026-11-23"] || !expiries["2026-12-18"] || !expiries["2027-01-15"] || expiries["2026-11-26"] {
			t.Errorf("expiries %v", expiries)
		}
		tests := []struct {
			path string
			keep func(details) bool
			sort func(a, b details) bool // a may come before b
		}{
			{"/v3/snapshot/options/SPY?limit=100", func(d details) bool { return strings.HasPrefix(d.Ticker, "O:SPY") }, func(a, b details) bool { return a.Ticker < b.Ticker }},
			{"/v3/snapshot/options/SPY?limit=7&contract_type=put&expiration_date=2026-12-18", func(d details) bool { return d.Type == "put" && d.Expiry == "2026-12-18" }, nil},
			{"/v3/snapshot/options/SPY?limit=50&strike_price.gte=650&strike_price.lt=660&order=desc", func(d details) bool { return d.Strike >= 650 && d.Strike < 660 }, func(a, b details) bool { return a.Ticker > b.Ticker }},
			{"/v3/snapshot/options/I:SPX?limit=250&sort=strike_price&expiration_date.gt=2026-12-01&expiration_date.lte=2026-12-31", func(d details) bool {
				return d.Expiry > "2026-12-01" && d.Expiry <= "2026-12-31" && d.Exercise == "european"
			}, func(a, b details) bool { return a.Strike <= b.Strike }},
			{"/v3/snapshot/options/SPX?limit=250&expiration_date=2026-12-18&sort=expiration_date", func(d details) bool { return d.Expiry == "2026-12-18" }, nil},
		}
		for _, test := range tests {
			var all []details
			seen := map[string]bool{}
			pages := 0
			for path := test.path; path != ""; pages++ {
				var got struct {
					Results []chainRow `json:"results"`
					Next    string     `json:"next_url"`
				}
				f.get(path, &got)
				for _, row := range got.Results {
					d := row.Details
					if seen[d.Ticker] || !test.keep(d) {
						t.Errorf("%s: %+v", test.path, d)
					}
					if n := len(all); n > 0 && test.sort != nil && !test.sort(all[n-1], d) {
						t.Errorf("%s: %s after %s", test.path, d.Ticker, all[n-1].Ticker)
					}
					seen[d.Ticker] = true
					all = append(all, d)
				}
				path = strings.TrimPrefix(got.Next, "http://sim")
			}
			if len(all) == 0 || pages < 1 {
				t.Errorf("%s: %d contracts on %d pages", test.path, len(all), pages)
			}
		}
	})
}

func TestContracts(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, Options{Seed: 1, Start: monday, Rate: 1}, ServerOptions{})
		total := func(query string) (n int, roots map[string]bool) {
			roots = map[string]bool{}
			for path := "/v3/reference/options/contracts?" + query; path != ""; {
				var got struct {
					Results []reference `json:"results"`
					Next    string      `json:"next_url"`
				}
				f.get(path, &got)
				n += len(got.Results)
				for _, row := range got.Results {
					roots[row.Ticker[:len(row.Ticker)-15]] = true
				}
				path = strings.TrimPrefix(got.Next, "http://sim")
				if !strings.Contains(query, "limit") {
					return n, roots
				}
			}
			return n, roots
		}
		if n, _ := total("underlying_ticker=SPY"); n != 10 {
			t.Errorf("the default page has %d rows", n)
		}
		if n, _ := total("underlying_ticker=I:SPX&limit=1000"); n != 0 {
			t.Errorf("I:SPX has %d contracts here", n)
		}
		if n, roots := total("underlying_ticker=SPX&limit=1000"); n < 500 || len(roots) != 2 {
			t.Errorf("SPX has %d contracts, roots %v", n, roots)
		}
		n, _ := total("limit=1000")
		if listed := len(f.market.Symbols()); n != listed || n < 5000 || n > 15_000 {
			t.Errorf("%d contracts of %d", n, listed)
		}
	})
}

func TestSnapshotRows(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, Options{Seed: 1, Start: monday}, ServerOptions{})
		time.Sleep(10 * time.Second)
		rows := append(f.wholeChain("SPY"), f.wholeChain("I:SPX")...)
		noGreeks, traded := 0, 0
		for _, row := range rows {
			d := row.Details
			if row.Greeks == nil {
				noGreeks++
			} else if (row.Greeks.Delta < 0) != (d.Type == "put") || row.IV < 0.04 || row.IV > 2 {
				t.Errorf("%s: %+v iv %v", d.Ticker, *row.Greeks, row.IV)
			}
			if count(row.Day.Volume) > 0 {
				traded++
				if row.Day.Low > row.Day.High || row.Day.Vwap < row.Day.Low-0.01 || row.Day.Vwap > row.Day.High+0.01 {
					t.Errorf("%s: %+v", d.Ticker, row.Day)
				}
			}
			u := row.Underlying
			if spx := u.Ticker == "I:SPX"; spx != (u.Value > 6000) || spx == (u.Price > 600) {
				t.Errorf("%s: %+v", d.Ticker, u)
			}
			if row.LastQuote == nil || row.LastQuote.Ask <= row.LastQuote.Bid || row.LastQuote.LastUpdated > f.market.Now().UnixNano() {
				t.Errorf("%s: %+v", d.Ticker, row.LastQuote)
			}
		}
		if share := float64(noGreeks) / float64(len(rows)); share < 0.03 || share > 0.25 {
			t.Errorf("%.0f%% without greeks", 100*share)
		}
		if traded < len(rows)/3 || traded == len(rows) {
			t.Errorf("%d of %d contracts traded", traded, len(rows))
		}
		var one struct{ Results chainRow }
		f.get("/v3/snapshot/options/SPY/"+strings.ReplaceAll(busy, ":", "%3A"), &one)
		if one.Results.Details.Ticker != busy {
			t.Errorf("one contract: %+v", one)
		}
	})
}

func TestPlans(t *testing.T) {
	row := func(t *testing.T, p Plan) (chainRow, string, *floorUnderTest) {
		f := serve(t, Options{Seed: 1, Start: monday, Plan: p, Tickers: []string{"SPY"}}, ServerOptions{})
		time.Sleep(time.Second)
		var got struct {
			Status  string
			Results chainRow
		}
		f.get("/v3/snapshot/options/SPY/"+busy, &got)
		return got.Results, got.Status, f
	}
	inBubble(t, func(t *testing.T) {
		r, status, f := row(t, Plan{})
		if r.LastQuote == nil || r.LastTrade == nil || r.Underlying.Timeframe != "REAL-TIME" || status != "OK" {
			t.Errorf("everything: %+v", r)
		}
		if age := f.market.Now().UnixNano() - r.Underlying.LastUpdated; age > 2e9 {
			t.Errorf("spot is %d ns old", age)
		}
	})
	inBubble(t, func(t *testing.T) {
		r, _, _ := row(t, Plan{NoQuotes: true, NoTrades: true, NoUnderlying: true})
		if r.LastQuote != nil || r.LastTrade != nil || r.Underlying.Price != 0 || r.Underlying.Ticker != "SPY" {
			t.Errorf("nothing: %+v", r)
		}
	})
	inBubble(t, func(t *testing.T) {
		r, _, f := row(t, Plan{DelayedUnderlying: true})
		late := f.market.Now().UnixNano() - r.Underlying.LastUpdated
		if r.Underlying.Timeframe != "DELAYED" || late < int64(Delay) || late > int64(Delay)+2e9 || r.LastQuote.Timeframe != "REAL-TIME" {
			t.Errorf("delayed underlying: %+v", r)
		}
	})
	inBubble(t, func(t *testing.T) {
		r, status, f := row(t, Plan{DelayedHost: true})
		late := f.market.Now().UnixNano() - r.LastQuote.LastUpdated
		if status != "DELAYED" || r.LastQuote.Timeframe != "DELAYED" || late < int64(Delay) {
			t.Errorf("delayed: %s %+v", status, r)
		}
	})
}

func TestSnapshotLag(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, Options{Seed: 1, Start: monday, Rate: 2000, Tickers: []string{"SPY"}, Faults: Faults{SnapshotLag: time.Hour}}, ServerOptions{})
		ahead, behind := 0, 0
		for range 60 {
			time.Sleep(3 * time.Second)
			var got struct{ Results chainRow }
			f.get("/v3/snapshot/options/SPY/"+busy, &got)
			now := f.market.Now().UnixMilli()
			var seen, soon, earlier int64
			f.market.mu.Lock()
			soonest, _ := f.market.dayAt(f.market.contracts[f.market.bySymbol[busy]], now+15_000)
			f.market.mu.Unlock()
			soon = soonest.volume
			for _, tr := range f.market.Trades(busy) {
				seen += tr.Size
				if tr.Seen <= now-15_000 {
					earlier += tr.Size
				}
			}
			volume := count(got.Results.Day.Volume)
			if volume < earlier || volume > soon {
				t.Errorf("volume %d is outside %d to %d", volume, earlier, soon)
			}
			if volume > seen {
				ahead++
			} else if volume < seen {
				behind++
			}
			if last := got.Results.LastTrade.Time; last > now*1e6 {
				t.Error("a trade from the future")
			}
		}
		if ahead < 10 || behind < 10 {
			t.Errorf("%d ahead, %d behind", ahead, behind)
		}
	})
}

func TestYesterdaysDay(t *testing.T) {
	for _, fault := range []bool{false, true} {
		inBubble(t, func(t *testing.T) {
			f := serve(t, Options{Seed: 1, Start: monday, Rate: 20, Tickers: []string{"GOOGL"}, Faults: Faults{YesterdaysDay: fault}}, ServerOptions{})
			old, bare := 0, 0
			friday := startOfDay(f.market.day-3) * 1e6
			for _, row := range f.wholeChain("GOOGL") {
				switch {
				case row.Day.LastUpdated == friday && count(row.Day.Volume) > 0:
					old++
				case count(row.Day.Volume) == 0:
					bare++
				}
			}
			if (old > 0) != fault || !fault && bare == 0 {
				t.Errorf("fault %v: %d of Friday, %d without volume", fault, old, bare)
			}
		})
	}
}

func TestUnified(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, Options{Seed: 1, Start: monday}, ServerOptions{})
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
		f := serve(t, Options{Seed: 1, Start: monday}, ServerOptions{})
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
			if b.Start >= floor(from, minute)+minute && b.Start < floor(to, minute) {
				seconds += count(b.Volume)
			}
		}
		for _, b := range minutes.Results {
			if b.Start >= floor(from, minute)+minute && b.Start < floor(to, minute) {
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
		f := serve(t, Options{Seed: 1, Start: monday}, ServerOptions{})
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
			if want := truth[i]; r.Time != want.Time*1e6 || r.Price != want.Price || r.Size != want.Size || r.Sequence != want.Sequence {
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
		f := serve(t, Options{Start: night, Rate: 1, Speed: 10}, ServerOptions{})
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
		f := serve(t, Options{Seed: 1, Start: monday, Rate: 1}, ServerOptions{})
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
