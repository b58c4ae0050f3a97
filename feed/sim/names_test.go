package sim

import (
	"math"
	"slices"
	"testing"
	"time"

	"optflow/model"
)

// The market lists by default what breaks naive clients, under the names that the
// vendor has for it on each endpoint.
func TestNamesThatMakeTrouble(t *testing.T) {
	type kind struct {
		root    string
		chain   string // path of its chain
		states  string // underlying_asset.ticker
		listing string // underlying_ticker
		shares  int
		more    []further
	}
	kinds := []kind{
		{"BRKB", "BRK.B", "BRK.B", "BRK.B", 100, nil},
		{"BFB", "BF.B", "BF.B", "BF.B", 100, nil},
		{"SDS1", "SDS", "SDS", "SDS", 20, nil},
		{"UVXY1", "UVXY", "UVXY", "UVXY", 10, nil},
		{"T1", "T", "T", "T", 100, []further{{24, "equity", "WBD"}}},
		{"AAPL7", "AAPL", "AAPL", "AAPL", 10, nil},
		{"SPXW", "SPX", "I:SPX", "SPX", 100, nil}, {"SPX", "I:SPX", "I:SPX", "SPX", 100, nil},
		{"NDXP", "NDX", "I:NDX", "NDX", 100, nil}, {"NDX", "I:NDX", "I:NDX", "NDX", 100, nil},
		{"RUTW", "I:RUT", "I:RUT", "RUT", 100, nil}, {"RUT", "RUT", "I:RUT", "RUT", 100, nil},
		{"VIXW", "I:VIX", "I:VIX", "VIX", 100, nil}, {"VIX", "VIX", "I:VIX", "VIX", 100, nil},
		{"XSP", "I:XSP", "I:XSP", "XSP", 100, nil},
		{"RUI", "I:RUI", "I:RUI", "RUI", 100, nil},
	}
	inBubble(t, func(t *testing.T) {
		f := serve(t, Options{Seed: 3, Start: monday}, ServerOptions{})
		for _, k := range kinds {
			found := 0
			for _, row := range f.wholeChain(k.chain) {
				if rootIn(row.Details.Ticker) != k.root {
					continue
				}
				found++
				if row.Underlying.Ticker != k.states || row.Details.Shares != k.shares {
					t.Fatalf("%s: %+v of %+v", k.root, row.Details, row.Underlying)
				}
			}
			var list struct{ Results []reference }
			symbol := ""
			for _, s := range f.market.Symbols() {
				if rootIn(s) == k.root {
					symbol = s
					break
				}
			}
			f.get("/v3/reference/options/contracts?underlying_ticker="+k.listing+"&ticker="+symbol, &list)
			if found < 20 || len(list.Results) != 1 || list.Results[0].Underlying != k.listing || list.Results[0].Shares != k.shares || !slices.Equal(list.Results[0].More, k.more) {
				t.Errorf("%s: %d in the chain %s, listed as %+v", k.root, found, k.chain, list.Results)
			}
		}
		var unified struct{ Results []unifiedRow }
		if f.get("/v3/snapshot?ticker.any_of=I:XSP,I:RUI,BRK.B", &unified); len(unified.Results) != 3 || unified.Results[2].Value < 600 || unified.Results[0].Error != "" {
			t.Errorf("unified %+v", unified.Results)
		}
		for _, none := range []string{"/v3/snapshot/options/RUI", "/v3/snapshot/options/BRKB", "/v3/reference/options/contracts?underlying_ticker=I:RUI", "/v3/reference/options/contracts?underlying_ticker=BRKB"} {
			var page anyPage
			if f.get(none, &page); len(page.Results) > 0 && string(page.Results) != "[]" {
				t.Errorf("%s finds %.80s", none, page.Results)
			}
		}
	})
}

func rootIn(symbol string) string { return symbol[2 : len(symbol)-15] }

// What 100 times the strike buys is what a contract is priced by; what the
// snapshot states beside it is the price of one share.
func TestAdjustedContractsArePricedByWhatTheyDeliver(t *testing.T) {
	m := NewMarket(Options{Seed: 1, Start: monday, Tickers: []string{"SDS", "T", "AAPL", "SPX", "XSP"}})
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.catchUp()
	spots := map[string][2]float64{}
	for _, c := range m.contracts {
		v := m.viewAt(c, now, now)
		spots[c.root] = [2]float64{c.under.exactly(now), v.spot}
	}
	for root, want := range map[string]float64{"SDS1": .2 * spots["SDS"][0], "T1": spots["T"][0] + 5.72, "AAPL7": spots["AAPL"][0], "XSP": spots["SPXW"][0] / 10} {
		if got := spots[root][0]; math.Abs(got-want) > 1e-9 {
			t.Errorf("%s is priced by %v, want %v", root, got, want)
		}
	}
	for class, plain := range map[string]string{"SDS1": "SDS", "T1": "T", "AAPL7": "AAPL"} {
		if spots[class][1] != spots[plain][1] {
			t.Errorf("%s states a spot of %v, %s of %v", class, spots[class][1], plain, spots[plain][1])
		}
	}
}

// Contracts on the volatility index settle by the opening, on Wednesdays that
// lie 30 days before a third Friday.
func TestVolatilityExpiries(t *testing.T) {
	for _, want := range []model.Date{
		model.MakeDate(2026, time.November, 18), model.MakeDate(2026, time.December, 16), model.MakeDate(2027, time.January, 20), model.MakeDate(2027, time.February, 17),
	} {
		y, m, _ := want.UTC().Date()
		if got := volatilityMonthly(y, m); got != want {
			t.Errorf("%s %d: %s, want %s", m, y, got, want)
		}
	}
	market := NewMarket(Options{Seed: 1, Start: monday, Tickers: []string{"VIX"}})
	roots := map[model.Date]string{}
	for _, c := range market.contracts {
		if !c.am || c.trades(c.expiry) || roots[c.expiry] != "" && roots[c.expiry] != c.root {
			t.Fatalf("%s: settled by the opening %t", c.symbol, c.am)
		}
		roots[c.expiry] = c.root
	}
	if roots[model.MakeDate(2026, time.December, 16)] != "VIX" || roots[model.MakeDate(2026, time.December, 2)] != "VIXW" {
		t.Errorf("roots %v", roots)
	}
}

// The additions are small: the great ones trade as much as before, and the
// market as a whole not a trade more.
func TestTheGreatOnesKeepTheirShare(t *testing.T) {
	total, added, great := 0.0, 0.0, map[string]float64{}
	for _, p := range profiles {
		total += p.weight
		if p.listing == few || p.listing == volatility {
			added += p.weight
		}
		great[p.ticker] += p.weight
	}
	if added/total > 0.05 {
		t.Errorf("the additions have %.1f%% of the trades", 100*added/total)
	}
	for ticker, before := range map[string]float64{"SPY": 24 / 101.5, "QQQ": 15 / 101.5, "NVDA": 12 / 101.5} {
		if now := great[ticker] / total; math.Abs(now/before-1) > 0.05 {
			t.Errorf("%s has %.1f%% of the trades, had %.1f%%", ticker, 100*now, 100*before)
		}
	}
}
