package sim

import (
	"cmp"
	"slices"
	"strings"
)

// listing says which expiries an underlying has near the front.
type listing uint8

const (
	weekly     listing = iota // Fridays
	threeAWeek                // Mondays, Wednesdays and Fridays for two weeks
	daily                     // every trading day for two weeks
	few                       // Fridays for two weeks, and monthlies for three months
	volatility                // Wednesdays for three weeks, and those that stand for monthlies
)

// profile is what sets one underlying apart. Levels are plausible, invented.
type profile struct {
	ticker  string
	roots   []string // the first one for all expiries; a second one for AM-settled monthlies
	name    string
	index   bool
	spot    float64 // dollars at the start
	vol     float64 // a year, at the money, long-dated
	front   float64 // added to vol for the shortest expiries
	beta    float64 // to the market's move
	basket  string  // what is written on the same one moves alike: give it the same vol and beta
	skew    float64 // slope of the smile
	weight  float64 // share of the market's trades
	step    float64 // narrowest distance of strikes
	listing listing
	penny   bool    // a tick of 0.01 at every price
	wide    float64 // width of quotes against SPY's
	mic     string

	am       bool   // all of its contracts settle by the opening, not those of the second root alone
	prefixed bool   // an index whose chain is found as I:TICKER only
	tied     string // its spot is that of another ticker, times ratio, plus plus dollars
	ratio    float64
	plus     float64
	terms    *terms // of an adjusted or mini class, which is listed under its ticker beside the standard one
}

// terms are what a contract of a class delivers that is not standard. Its strikes
// and premiums are multiplied by 100 all the same, a mini's by 10.
type terms struct {
	shares int
	more   []further
}

// further is one more thing that a contract delivers, in the vendor's words.
type further struct {
	Amount     float64 `json:"amount"`
	Type       string  `json:"type"` // equity or currency
	Underlying string  `json:"underlying"`
}

var profiles = []profile{
	{ticker: "SPY", roots: []string{"SPY"}, name: "SPDR S&P 500 ETF Trust", spot: 655.02, vol: .145, front: -.03, beta: 1, basket: "S&P 500", skew: .11, weight: 24, step: 1, listing: daily, penny: true, wide: 1, mic: "ARCX"},
	{ticker: "QQQ", roots: []string{"QQQ"}, name: "Invesco QQQ Trust", spot: 597.4, vol: .19, front: -.03, beta: 1.25, skew: .09, weight: 15, step: 1, listing: daily, penny: true, wide: 1.1, mic: "XNAS"},
	{ticker: "SPX", roots: []string{"SPXW", "SPX"}, name: "S&P 500 Index", index: true, spot: 6561.3, vol: .145, front: -.03, beta: 1, basket: "S&P 500", skew: .12, weight: 13, step: 5, listing: daily, wide: 1.6, mic: "XCBO"},
	{ticker: "NVDA", roots: []string{"NVDA"}, name: "NVIDIA Corporation", spot: 178.21, vol: .42, front: .05, beta: 1.8, skew: .04, weight: 12, step: 2.5, listing: threeAWeek, wide: 1.2, mic: "XNAS"},
	{ticker: "TSLA", roots: []string{"TSLA"}, name: "Tesla, Inc.", spot: 391.6, vol: .52, front: .06, beta: 1.9, skew: .03, weight: 11, step: 2.5, listing: threeAWeek, wide: 1.4, mic: "XNAS"},
	{ticker: "AAPL", roots: []string{"AAPL"}, name: "Apple Inc.", spot: 271.8, vol: .26, front: .03, beta: 1.1, skew: .05, weight: 6, step: 2.5, listing: threeAWeek, wide: 1.3, mic: "XNAS"},
	{ticker: "AMD", roots: []string{"AMD"}, name: "Advanced Micro Devices, Inc.", spot: 206.9, vol: .5, front: .05, beta: 1.9, skew: .03, weight: 5, step: 2.5, listing: weekly, wide: 1.6, mic: "XNAS"},
	{ticker: "IWM", roots: []string{"IWM"}, name: "iShares Russell 2000 ETF", spot: 236.1, vol: .21, front: -.02, beta: 1.2, skew: .09, weight: 4, step: 1, listing: daily, penny: true, wide: 1.2, mic: "ARCX"},
	{ticker: "META", roots: []string{"META"}, name: "Meta Platforms, Inc.", spot: 594.3, vol: .33, front: .04, beta: 1.3, skew: .05, weight: 3.5, step: 2.5, listing: threeAWeek, wide: 2.2, mic: "XNAS"},
	{ticker: "AMZN", roots: []string{"AMZN"}, name: "Amazon.com, Inc.", spot: 220.7, vol: .31, front: .03, beta: 1.3, skew: .05, weight: 3, step: 2.5, listing: threeAWeek, wide: 1.5, mic: "XNAS"},
	{ticker: "MSFT", roots: []string{"MSFT"}, name: "Microsoft Corporation", spot: 472.1, vol: .24, front: .03, beta: 1, skew: .05, weight: 2.5, step: 2.5, listing: threeAWeek, wide: 1.8, mic: "XNAS"},
	{ticker: "GOOGL", roots: []string{"GOOGL"}, name: "Alphabet Inc.", spot: 299.7, vol: .32, front: .03, beta: 1.1, skew: .05, weight: 2.5, step: 2.5, listing: threeAWeek, wide: 1.6, mic: "XNAS"},

	// The names that make trouble: indices with second roots or none that anybody
	// knows, classes of shares, minis, and what corporate actions leave behind. Small,
	// so that the others trade as before.
	{ticker: "NDX", roots: []string{"NDXP", "NDX"}, name: "Nasdaq-100 Index", index: true, spot: 24542.6, vol: .19, front: -.03, beta: 1.25, skew: .1, weight: .6, step: 25, listing: few, wide: 1.8, mic: "XNAS"},
	{ticker: "RUT", roots: []string{"RUTW", "RUT"}, name: "Russell 2000 Index", index: true, spot: 2372.4, vol: .21, front: -.02, beta: 1.2, skew: .1, weight: .4, step: 5, listing: few, wide: 1.8, mic: "XCBO"},
	{ticker: "VIX", roots: []string{"VIXW", "VIX"}, name: "Cboe Volatility Index", index: true, spot: 17.42, vol: .95, front: .25, beta: -4, skew: -.08, weight: .9, step: .5, listing: volatility, am: true, wide: 1.3, mic: "XCBO"},
	{ticker: "XSP", roots: []string{"XSP"}, name: "Mini-SPX Index", index: true, spot: 656.13, vol: .145, front: -.03, beta: 1, skew: .12, weight: .4, step: 1, listing: few, wide: 1.5, mic: "XCBO", tied: "SPX", ratio: .1},
	{ticker: "RUI", roots: []string{"RUI"}, name: "Russell 1000 Index", index: true, prefixed: true, spot: 3582.7, vol: .15, front: -.03, beta: 1, skew: .11, weight: .1, step: 10, listing: few, wide: 2.5, mic: "XCBO"},
	{ticker: "BRK.B", roots: []string{"BRKB"}, name: "Berkshire Hathaway Inc. Class B", spot: 504.3, vol: .19, front: .01, beta: .7, skew: .06, weight: .6, step: 2.5, listing: few, wide: 1.6, mic: "XNYS"},
	{ticker: "BF.B", roots: []string{"BFB"}, name: "Brown-Forman Corporation Class B", spot: 29.6, vol: .33, front: .04, beta: .6, skew: .04, weight: .1, step: .5, listing: few, wide: 2.4, mic: "XNYS"},
	{ticker: "AAPL", roots: []string{"AAPL7"}, name: "Apple Inc.", spot: 271.8, vol: .26, front: .03, beta: 1.1, skew: .05, weight: .08, step: 5, listing: few, wide: 2.2, mic: "XNAS", tied: "AAPL", ratio: 1, terms: &terms{shares: 10}},
	{ticker: "SDS", roots: []string{"SDS"}, name: "ProShares UltraShort S&P500", spot: 61.2, vol: .29, front: -.04, beta: -2, skew: -.08, weight: .15, step: 1, listing: few, wide: 2, mic: "ARCX"},
	{ticker: "SDS", roots: []string{"SDS1"}, name: "ProShares UltraShort S&P500", spot: 12.24, vol: .29, front: -.04, beta: -2, skew: -.08, weight: .08, step: .5, listing: few, wide: 2.6, mic: "ARCX", tied: "SDS", ratio: .2, terms: &terms{shares: 20}},
	{ticker: "UVXY", roots: []string{"UVXY"}, name: "ProShares Ultra VIX Short-Term Futures ETF", spot: 38.4, vol: .98, front: .2, beta: -4.5, skew: -.06, weight: .25, step: 1, listing: few, wide: 1.8, mic: "BATS"},
	{ticker: "UVXY", roots: []string{"UVXY1"}, name: "ProShares Ultra VIX Short-Term Futures ETF", spot: 3.84, vol: .98, front: .2, beta: -4.5, skew: -.06, weight: .08, step: .5, listing: few, wide: 2.4, mic: "BATS", tied: "UVXY", ratio: .1, terms: &terms{shares: 10}},
	{ticker: "T", roots: []string{"T"}, name: "AT&T Inc.", spot: 25.9, vol: .23, front: .03, beta: .5, skew: .05, weight: .25, step: .5, listing: few, wide: 1.3, mic: "XNYS"},
	{ticker: "T", roots: []string{"T1"}, name: "AT&T Inc.", spot: 31.62, vol: .23, front: .03, beta: .5, skew: .05, weight: .08, step: .5, listing: few, wide: 2, mic: "XNYS", tied: "T", ratio: 1, plus: 5.72, terms: &terms{shares: 100, more: []further{{24, "equity", "WBD"}}}},
}

// Underlyings returns the tickers that a market can list, sorted.
func Underlyings() []string {
	var names []string
	for i := range profiles {
		names = append(names, profiles[i].ticker)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// chosenProfiles are those of the wanted tickers, all if none is wanted, in
// order of ticker. An unknown one is left out: it has no contracts here.
func chosenProfiles(tickers []string) []profile {
	var chosen []profile
	for _, p := range profiles {
		if len(tickers) == 0 || slices.ContainsFunc(tickers, func(t string) bool { return strings.EqualFold(t, p.ticker) }) {
			chosen = append(chosen, p)
		}
	}
	slices.SortStableFunc(chosen, func(a, b profile) int { return cmp.Compare(a.ticker, b.ticker) })
	return chosen
}
