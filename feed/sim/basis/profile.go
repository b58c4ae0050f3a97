package basis

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"optflow/model"
)

// listing says which expiries an underlying has near the front.
type listing uint8

const (
	weekly     listing = iota // Fridays
	threeAWeek                // Mondays, Wednesdays and Fridays for two weeks
	daily                     // every trading day for two weeks
	Few                       // Fridays for two weeks, and monthlies for three months
	Volatility                // Wednesdays for three weeks, and those that stand for monthlies
)

// Profile is what sets one underlying apart. Levels are plausible, invented.
type Profile struct {
	Ticker  string
	Roots   []string // the first one for all expiries; a second one for AM-settled monthlies
	Name    string
	Index   bool
	Spot    float64 // dollars at the start
	Vol     float64 // a year, at the money, long-dated
	front   float64 // added to vol for the shortest expiries
	Beta    float64 // to the market's move
	Basket  string  // what is written on the same one moves alike: give it the same vol and beta
	skew    float64 // slope of the smile
	Weight  float64 // share of the market's trades
	Step    float64 // narrowest distance of strikes
	Listing listing
	Penny   bool    // a tick of 0.01 at every price
	Wide    float64 // width of quotes against SPY's

	Am       bool   // all of its contracts settle by the opening, not those of the second root alone
	Prefixed bool   // an index whose chain is found as I:TICKER only
	Tied     string // its spot is that of another ticker, times ratio, plus plus dollars
	Ratio    float64
	Plus     float64
	Terms    *terms // of an adjusted or mini class, which is listed under its ticker beside the standard one
}

// terms are what a contract of a class delivers that is not standard. Its strikes
// and premiums are multiplied by 100 all the same, a mini's by 10.
type terms struct {
	Shares int
	More   []Further
}

// Further is one more thing that a contract delivers, in the vendor's words.
type Further struct {
	Amount     float64 `json:"amount"`
	Type       string  `json:"type"` // equity or currency
	Underlying string  `json:"underlying"`
}

var profiles = []Profile{
	{Ticker: "SPY", Roots: []string{"SPY"}, Name: "SPDR S&P 500 ETF Trust", Spot: 655.02, Vol: .145, front: -.03, Beta: 1, Basket: "S&P 500", skew: .11, Weight: 24, Step: 1, Listing: daily, Penny: true, Wide: 1},
	{Ticker: "QQQ", Roots: []string{"QQQ"}, Name: "Invesco QQQ Trust", Spot: 597.4, Vol: .19, front: -.03, Beta: 1.25, skew: .09, Weight: 15, Step: 1, Listing: daily, Penny: true, Wide: 1.1},
	{Ticker: "SPX", Roots: []string{"SPXW", "SPX"}, Name: "S&P 500 Index", Index: true, Spot: 6561.3, Vol: .145, front: -.03, Beta: 1, Basket: "S&P 500", skew: .12, Weight: 13, Step: 5, Listing: daily, Wide: 1.6},
	{Ticker: "NVDA", Roots: []string{"NVDA"}, Name: "NVIDIA Corporation", Spot: 178.21, Vol: .42, front: .05, Beta: 1.8, skew: .04, Weight: 12, Step: 2.5, Listing: threeAWeek, Wide: 1.2},
	{Ticker: "TSLA", Roots: []string{"TSLA"}, Name: "Tesla, Inc.", Spot: 391.6, Vol: .52, front: .06, Beta: 1.9, skew: .03, Weight: 11, Step: 2.5, Listing: threeAWeek, Wide: 1.4},
	{Ticker: "AAPL", Roots: []string{"AAPL"}, Name: "Apple Inc.", Spot: 271.8, Vol: .26, front: .03, Beta: 1.1, skew: .05, Weight: 6, Step: 2.5, Listing: threeAWeek, Wide: 1.3},
	{Ticker: "AMD", Roots: []string{"AMD"}, Name: "Advanced Micro Devices, Inc.", Spot: 206.9, Vol: .5, front: .05, Beta: 1.9, skew: .03, Weight: 5, Step: 2.5, Listing: weekly, Wide: 1.6},
	{Ticker: "IWM", Roots: []string{"IWM"}, Name: "iShares Russell 2000 ETF", Spot: 236.1, Vol: .21, front: -.02, Beta: 1.2, skew: .09, Weight: 4, Step: 1, Listing: daily, Penny: true, Wide: 1.2},
	{Ticker: "META", Roots: []string{"META"}, Name: "Meta Platforms, Inc.", Spot: 594.3, Vol: .33, front: .04, Beta: 1.3, skew: .05, Weight: 3.5, Step: 2.5, Listing: threeAWeek, Wide: 2.2},
	{Ticker: "AMZN", Roots: []string{"AMZN"}, Name: "Amazon.com, Inc.", Spot: 220.7, Vol: .31, front: .03, Beta: 1.3, skew: .05, Weight: 3, Step: 2.5, Listing: threeAWeek, Wide: 1.5},
	{Ticker: "MSFT", Roots: []string{"MSFT"}, Name: "Microsoft Corporation", Spot: 472.1, Vol: .24, front: .03, Beta: 1, skew: .05, Weight: 2.5, Step: 2.5, Listing: threeAWeek, Wide: 1.8},
	{Ticker: "GOOGL", Roots: []string{"GOOGL"}, Name: "Alphabet Inc.", Spot: 299.7, Vol: .32, front: .03, Beta: 1.1, skew: .05, Weight: 2.5, Step: 2.5, Listing: threeAWeek, Wide: 1.6},

	// The names that make trouble: indices with second roots or none that anybody
	// knows, classes of shares, minis, and what corporate actions leave behind. Small,
	// so that the others trade as before.
	{Ticker: "NDX", Roots: []string{"NDXP", "NDX"}, Name: "Nasdaq-100 Index", Index: true, Spot: 24542.6, Vol: .19, front: -.03, Beta: 1.25, skew: .1, Weight: .6, Step: 25, Listing: Few, Wide: 1.8},
	{Ticker: "RUT", Roots: []string{"RUTW", "RUT"}, Name: "Russell 2000 Index", Index: true, Spot: 2372.4, Vol: .21, front: -.02, Beta: 1.2, skew: .1, Weight: .4, Step: 5, Listing: Few, Wide: 1.8},
	{Ticker: "VIX", Roots: []string{"VIXW", "VIX"}, Name: "Cboe Volatility Index", Index: true, Spot: 17.42, Vol: .95, front: .25, Beta: -4, skew: -.08, Weight: .9, Step: .5, Listing: Volatility, Am: true, Wide: 1.3},
	{Ticker: "XSP", Roots: []string{"XSP"}, Name: "Mini-SPX Index", Index: true, Spot: 656.13, Vol: .145, front: -.03, Beta: 1, skew: .12, Weight: .4, Step: 1, Listing: Few, Wide: 1.5, Tied: "SPX", Ratio: .1},
	{Ticker: "RUI", Roots: []string{"RUI"}, Name: "Russell 1000 Index", Index: true, Prefixed: true, Spot: 3582.7, Vol: .15, front: -.03, Beta: 1, skew: .11, Weight: .1, Step: 10, Listing: Few, Wide: 2.5},
	{Ticker: "BRK.B", Roots: []string{"BRKB"}, Name: "Berkshire Hathaway Inc. Class B", Spot: 504.3, Vol: .19, front: .01, Beta: .7, skew: .06, Weight: .6, Step: 2.5, Listing: Few, Wide: 1.6},
	{Ticker: "BF.B", Roots: []string{"BFB"}, Name: "Brown-Forman Corporation Class B", Spot: 29.6, Vol: .33, front: .04, Beta: .6, skew: .04, Weight: .1, Step: .5, Listing: Few, Wide: 2.4},
	{Ticker: "AAPL", Roots: []string{"AAPL7"}, Name: "Apple Inc.", Spot: 271.8, Vol: .26, front: .03, Beta: 1.1, skew: .05, Weight: .08, Step: 5, Listing: Few, Wide: 2.2, Tied: "AAPL", Ratio: 1, Terms: &terms{Shares: 10}},
	{Ticker: "SDS", Roots: []string{"SDS"}, Name: "ProShares UltraShort S&P500", Spot: 61.2, Vol: .29, front: -.04, Beta: -2, skew: -.08, Weight: .15, Step: 1, Listing: Few, Wide: 2},
	{Ticker: "SDS", Roots: []string{"SDS1"}, Name: "ProShares UltraShort S&P500", Spot: 12.24, Vol: .29, front: -.04, Beta: -2, skew: -.08, Weight: .08, Step: .5, Listing: Few, Wide: 2.6, Tied: "SDS", Ratio: .2, Terms: &terms{Shares: 20}},
	{Ticker: "UVXY", Roots: []string{"UVXY"}, Name: "ProShares Ultra VIX Short-Term Futures ETF", Spot: 38.4, Vol: .98, front: .2, Beta: -4.5, skew: -.06, Weight: .25, Step: 1, Listing: Few, Wide: 1.8},
	{Ticker: "UVXY", Roots: []string{"UVXY1"}, Name: "ProShares Ultra VIX Short-Term Futures ETF", Spot: 3.84, Vol: .98, front: .2, Beta: -4.5, skew: -.06, Weight: .08, Step: .5, Listing: Few, Wide: 2.4, Tied: "UVXY", Ratio: .1, Terms: &terms{Shares: 10}},
	{Ticker: "T", Roots: []string{"T"}, Name: "AT&T Inc.", Spot: 25.9, Vol: .23, front: .03, Beta: .5, skew: .05, Weight: .25, Step: .5, Listing: Few, Wide: 1.3},
	{Ticker: "T", Roots: []string{"T1"}, Name: "AT&T Inc.", Spot: 31.62, Vol: .23, front: .03, Beta: .5, skew: .05, Weight: .08, Step: .5, Listing: Few, Wide: 2, Tied: "T", Ratio: 1, Plus: 5.72, Terms: &terms{Shares: 100, More: []Further{{24, "equity", "WBD"}}}},
}

// Underlyings returns the tickers that a market can list, sorted.
func Underlyings() []string {
	var names []string
	for i := range profiles {
		names = append(names, profiles[i].Ticker)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// ChosenProfiles are those of the wanted tickers, all if none is wanted, in
// order of ticker. An unknown one is left out: it has no contracts here.
func ChosenProfiles(tickers []string) []Profile {
	var chosen []Profile
	for _, p := range profiles {
		if len(tickers) == 0 || slices.ContainsFunc(tickers, func(t string) bool { return strings.EqualFold(t, p.Ticker) }) {
			chosen = append(chosen, p)
		}
	}
	slices.SortStableFunc(chosen, func(a, b Profile) int { return cmp.Compare(a.Ticker, b.Ticker) })
	return chosen
}

// SymbolOf writes a contract the vendor's way: O:, root, YYMMDD, C or P, and the
// strike in thousandths of a dollar in eight digits.
func SymbolOf(root string, expiry model.Date, put bool, strike int32) string {
	letter := byte('C')
	if put {
		letter = 'P'
	}
	y, m, d := expiry.UTC().Date()
	return fmt.Sprintf("O:%s%02d%02d%02d%c%08d", root, y%100, int(m), d, letter, strike)
}
