package exchange

import (
	"math"
	"testing"
	"time"

	"optflow/feed/sim/basis"
	"optflow/model"
)

// What 100 times the strike buys is what a contract is priced by; what the
// snapshot states beside it is the price of one share.
func TestAdjustedContractsArePricedByWhatTheyDeliver(t *testing.T) {
	m := NewMarket(Options{Seed: 1, Start: monday, Tickers: []string{"SDS", "T", "AAPL", "SPX", "XSP"}})
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.catchUp()
	spots := map[string][2]float64{}
	for _, c := range m.Contracts {
		v := m.ViewAt(c, now, now)
		spots[c.root] = [2]float64{c.Under.Exactly(now), v.Spot}
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
		if got := basis.VolatilityMonthly(y, m); got != want {
			t.Errorf("%s %d: %s, want %s", m, y, got, want)
		}
	}
	market := NewMarket(Options{Seed: 1, Start: monday, Tickers: []string{"VIX"}})
	roots := map[model.Date]string{}
	for _, c := range market.Contracts {
		if !c.am || c.Trades(c.Expiry) || roots[c.Expiry] != "" && roots[c.Expiry] != c.root {
			t.Fatalf("%s: settled by the opening %t", c.Symbol, c.am)
		}
		roots[c.Expiry] = c.root
	}
	if roots[model.MakeDate(2026, time.December, 16)] != "VIX" || roots[model.MakeDate(2026, time.December, 2)] != "VIXW" {
		t.Errorf("roots %v", roots)
	}
}
