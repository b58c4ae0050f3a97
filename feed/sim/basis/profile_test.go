package basis

import (
	"math"
	"testing"
)

// The additions are small: the great ones trade as much as before, and the
// market as a whole not a trade more.
func TestTheGreatOnesKeepTheirShare(t *testing.T) {
	total, added, great := 0.0, 0.0, map[string]float64{}
	for _, p := range profiles {
		total += p.Weight
		if p.Listing == Few || p.Listing == Volatility {
			added += p.Weight
		}
		great[p.Ticker] += p.Weight
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
