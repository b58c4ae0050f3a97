package sim

import (
	"slices"
	"testing"

	"optflow/feed/sim/basis"
	"optflow/feed/sim/exchange"
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
		more    []basis.Further
	}
	kinds := []kind{
		{"BRKB", "BRK.B", "BRK.B", "BRK.B", 100, nil},
		{"BFB", "BF.B", "BF.B", "BF.B", 100, nil},
		{"SDS1", "SDS", "SDS", "SDS", 20, nil},
		{"UVXY1", "UVXY", "UVXY", "UVXY", 10, nil},
		{"T1", "T", "T", "T", 100, []basis.Further{{Amount: 24, Type: "equity", Underlying: "WBD"}}},
		{"AAPL7", "AAPL", "AAPL", "AAPL", 10, nil},
		{"SPXW", "SPX", "I:SPX", "SPX", 100, nil}, {"SPX", "I:SPX", "I:SPX", "SPX", 100, nil},
		{"NDXP", "NDX", "I:NDX", "NDX", 100, nil}, {"NDX", "I:NDX", "I:NDX", "NDX", 100, nil},
		{"RUTW", "I:RUT", "I:RUT", "RUT", 100, nil}, {"RUT", "RUT", "I:RUT", "RUT", 100, nil},
		{"VIXW", "I:VIX", "I:VIX", "VIX", 100, nil}, {"VIX", "VIX", "I:VIX", "VIX", 100, nil},
		{"XSP", "I:XSP", "I:XSP", "XSP", 100, nil},
		{"RUI", "I:RUI", "I:RUI", "RUI", 100, nil},
	}
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 3, Start: monday}, ServerOptions{})
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
