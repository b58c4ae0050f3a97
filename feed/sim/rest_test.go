package sim

import (
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"optflow/feed/sim/basis"
	"optflow/feed/sim/exchange"
	"optflow/model"
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
		plan       exchange.Plan
		header     []string
		code       int
		status     string
		text       string // in error, or in message for NOT_AUTHORIZED and NOT_FOUND
	}{
		{"wrong key", "/v1/marketstatus/now", exchange.Plan{}, []string{wrongKey, "Bearer nope"}, 401, "ERROR", "Unknown API Key"},
		{"no key", "/v1/marketstatus/now", exchange.Plan{}, []string{noKey, ""}, 401, "ERROR", "API Key was not provided"},
		{"limit of a chain", "/v3/snapshot/options/SPY?limit=251", exchange.Plan{}, nil, 400, "ERROR", "limit must be between 1 and 250"},
		{"limit of contracts", "/v3/reference/options/contracts?limit=1001", exchange.Plan{}, nil, 400, "ERROR", "limit must be between 1 and 1000"},
		{"limit of trades", "/v3/trades/" + busy + "?limit=50001", exchange.Plan{}, nil, 400, "ERROR", "limit must be between 1 and 50000"},
		{"limit of bars", "/v2/aggs/ticker/" + busy + "/range/1/second/1/2?limit=50001", exchange.Plan{}, nil, 400, "ERROR", "limit must be between 1 and 50000"},
		{"limit that is none", "/v3/snapshot/options/SPY?limit=x", exchange.Plan{}, nil, 400, "ERROR", "limit"},
		{"order", "/v3/snapshot/options/SPY?order=up", exchange.Plan{}, nil, 400, "ERROR", "order"},
		{"sort", "/v3/snapshot/options/SPY?sort=premium", exchange.Plan{}, nil, 400, "ERROR", "sort"},
		{"strike", "/v3/snapshot/options/SPY?strike_price.gte=x", exchange.Plan{}, nil, 400, "ERROR", "strike_price.gte"},
		{"date", "/v3/snapshot/options/SPY?expiration_date=2026-02-30", exchange.Plan{}, nil, 400, "ERROR", "expiration_date"},
		{"type", "/v3/snapshot/options/SPY?contract_type=both", exchange.Plan{}, nil, 400, "ERROR", "contract_type"},
		{"cursor", "/v3/snapshot/options/SPY?cursor=%21", exchange.Plan{}, nil, 400, "ERROR", "cursor"},
		{"timespan", "/v2/aggs/ticker/" + busy + "/range/1/fortnight/1/2", exchange.Plan{}, nil, 400, "ERROR", "timespan"},
		{"multiplier", "/v2/aggs/ticker/" + busy + "/range/0/second/1/2", exchange.Plan{}, nil, 400, "ERROR", "multiplier"},
		{"from", "/v2/aggs/ticker/" + busy + "/range/1/second/yesterday/2", exchange.Plan{}, nil, 400, "ERROR", "from"},
		{"from after to", "/v2/aggs/ticker/" + busy + "/range/1/second/3/2", exchange.Plan{}, nil, 400, "ERROR", "from"},
		{"too many tickers", "/v3/snapshot?ticker.any_of=" + strings.Repeat("A,", 251), exchange.Plan{}, nil, 400, "ERROR", "250"},
		{"no contract", "/v3/snapshot/options/SPY/O:SPY261123C00000001", exchange.Plan{}, nil, 404, "NOT_FOUND", "not found"},
		{"another's contract", "/v3/snapshot/options/QQQ/" + busy, exchange.Plan{}, nil, 404, "NOT_FOUND", "not found"},
		{"no reference", "/v3/reference/options/contracts/O:SPY261123C00000001", exchange.Plan{}, nil, 404, "NOT_FOUND", "not found"},
		{"plan without snapshots", "/v3/snapshot/options/SPY", exchange.Plan{NoSnapshots: true}, nil, 403, "NOT_AUTHORIZED", entitledText},
		{"plan without snapshots, one", "/v3/snapshot/options/SPY/" + busy, exchange.Plan{NoSnapshots: true}, nil, 403, "NOT_AUTHORIZED", entitledText},
		{"plan without snapshots, any", "/v3/snapshot?ticker=" + busy, exchange.Plan{NoSnapshots: true}, nil, 403, "NOT_AUTHORIZED", entitledText},
		{"plan without trades", "/v3/trades/" + busy, exchange.Plan{NoTrades: true}, nil, 403, "NOT_AUTHORIZED", entitledText},
		{"limit of quotes", "/v3/quotes/" + busy + "?limit=50001", exchange.Plan{}, nil, 400, "ERROR", "limit must be between 1 and 50000"},
		{"sort of quotes", "/v3/quotes/" + busy + "?sort=price", exchange.Plan{}, nil, 400, "ERROR", "sort"},
		{"timestamp of quotes", "/v3/quotes/" + busy + "?timestamp.lt=now", exchange.Plan{}, nil, 400, "ERROR", "timestamp.lt"},
		{"plan without quotes", "/v3/quotes/" + busy, exchange.Plan{NoQuotes: true}, nil, 403, "NOT_AUTHORIZED", entitledText},
		{"free plan, quotes", "/v3/quotes/" + busy, exchange.Plan{Free: true}, nil, 403, "NOT_AUTHORIZED", entitledText},
		{"free plan, seconds", "/v2/aggs/ticker/" + busy + "/range/1/second/1/2", exchange.Plan{Free: true}, nil, 403, "NOT_AUTHORIZED", entitledText},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := serve(t, exchange.Options{Seed: 1, Start: monday, Rate: 1, Plan: test.plan, Tickers: []string{"SPY", "QQQ"}}, ServerOptions{Key: "k"})
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
		f := serve(t, exchange.Options{Start: monday, Rate: 1}, ServerOptions{})
		for _, path := range []string{"/", "/v3", "/v3/snapshot/options", "/v3/snapshot/options/SPY/x/y", "/v9/aggs", "/v3/trades/", "/v3/quotes/"} {
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
		f := serve(t, exchange.Options{Start: monday, Rate: 1, Plan: exchange.Plan{Free: true}}, ServerOptions{})
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
		f := serve(t, exchange.Options{Start: monday, Rate: 1}, ServerOptions{Key: "k"})
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
		f := serve(t, exchange.Options{Seed: 1, Start: monday, Rate: 1, Tickers: []string{"SPY", "SPX"}}, ServerOptions{})
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
		f := serve(t, exchange.Options{Seed: 1, Start: monday, Rate: 1}, ServerOptions{})
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
		f := serve(t, exchange.Options{Seed: 1, Start: monday}, ServerOptions{})
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
	row := func(t *testing.T, p exchange.Plan) (chainRow, string, *floorUnderTest) {
		f := serve(t, exchange.Options{Seed: 1, Start: monday, Plan: p, Tickers: []string{"SPY"}}, ServerOptions{})
		time.Sleep(time.Second)
		var got struct {
			Status  string
			Results chainRow
		}
		f.get("/v3/snapshot/options/SPY/"+busy, &got)
		return got.Results, got.Status, f
	}
	inBubble(t, func(t *testing.T) {
		r, status, f := row(t, exchange.Plan{})
		if r.LastQuote == nil || r.LastTrade == nil || r.Underlying.Timeframe != "REAL-TIME" || status != "OK" {
			t.Errorf("everything: %+v", r)
		}
		if age := f.market.Now().UnixNano() - r.Underlying.LastUpdated; age > 2e9 {
			t.Errorf("spot is %d ns old", age)
		}
	})
	inBubble(t, func(t *testing.T) {
		r, _, _ := row(t, exchange.Plan{NoQuotes: true, NoTrades: true, NoUnderlying: true})
		if r.LastQuote != nil || r.LastTrade != nil || r.Underlying.Price != 0 || r.Underlying.Ticker != "SPY" {
			t.Errorf("nothing: %+v", r)
		}
	})
	inBubble(t, func(t *testing.T) {
		r, _, f := row(t, exchange.Plan{DelayedUnderlying: true})
		late := f.market.Now().UnixNano() - r.Underlying.LastUpdated
		if r.Underlying.Timeframe != "DELAYED" || late < int64(exchange.Delay) || late > int64(exchange.Delay)+2e9 || r.LastQuote.Timeframe != "REAL-TIME" {
			t.Errorf("delayed underlying: %+v", r)
		}
	})
	inBubble(t, func(t *testing.T) {
		r, status, f := row(t, exchange.Plan{DelayedHost: true})
		late := f.market.Now().UnixNano() - r.LastQuote.LastUpdated
		if status != "DELAYED" || r.LastQuote.Timeframe != "DELAYED" || late < int64(exchange.Delay) {
			t.Errorf("delayed: %s %+v", status, r)
		}
	})
}

func TestSnapshotLag(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 1, Start: monday, Rate: 2000, Tickers: []string{"SPY"}, Faults: exchange.Faults{SnapshotLag: time.Hour}}, ServerOptions{})
		ahead, behind := 0, 0
		for range 60 {
			time.Sleep(3 * time.Second)
			var got struct{ Results chainRow }
			f.get("/v3/snapshot/options/SPY/"+busy, &got)
			now := f.market.Now().UnixMilli()
			var seen, soon, earlier int64
			f.market.Hold()
			soon = f.market.ViewAt(f.market.Find(busy), now+15_000, now+15_000).Day.Volume
			f.market.Release()
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
			f := serve(t, exchange.Options{Seed: 1, Start: monday, Rate: 20, Tickers: []string{"GOOGL"}, Faults: exchange.Faults{YesterdaysDay: fault}}, ServerOptions{})
			old, bare := 0, 0
			friday := basis.StartOfDay(model.TradingDate(monday.UnixMilli())-3) * 1e6
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
