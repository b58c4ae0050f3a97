package basis

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestBlackScholes compares with the worked example of Hull, Options, Futures
// and Other Derivatives: a stock at 42, strike 40, six months, 10 %, 20 %. Its
// rate is not ours, so the spot is moved to the same forward value.
func TestBlackScholes(t *testing.T) {
	spot := 42 * math.Exp(0.1*0.5) * math.Exp(-RiskFree*0.5)
	grow := math.Exp(0.1*0.5 - RiskFree*0.5)
	call := BlackScholes(false, spot, 40, 0.5, 0.2).Price / grow
	put := BlackScholes(true, spot, 40, 0.5, 0.2).Price / grow
	if math.Abs(call-4.76) > 0.005 || math.Abs(put-0.81) > 0.005 {
		t.Errorf("call %.3f want 4.76, put %.3f want 0.81", call, put)
	}
}

func TestGreeksAreSlopes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		put := rapid.Bool().Draw(t, "put")
		strike := rapid.Float64Range(80, 120).Draw(t, "strike")
		years := rapid.Float64Range(0.01, 2).Draw(t, "years")
		vol := rapid.Float64Range(0.08, 0.9).Draw(t, "vol")
		at := func(spot, years, vol float64) float64 { return BlackScholes(put, spot, strike, years, vol).Price }
		v := BlackScholes(put, 100, strike, years, vol)
		const h = 1e-3
		close := func(name string, got, want, scale float64) {
			if math.Abs(got-want) > 1e-3*scale {
				t.Fatalf("%s %v, slope %v", name, got, want)
			}
		}
		close("delta", v.Delta, (at(100+h, years, vol)-at(100-h, years, vol))/(2*h), 1)
		close("gamma", v.Gamma, (BlackScholes(put, 100+h, strike, years, vol).Delta-BlackScholes(put, 100-h, strike, years, vol).Delta)/(2*h), 1)
		close("vega", v.Vega*100, (at(100, years, vol+h)-at(100, years, vol-h))/(2*h), 10)
		const day = 1e-5
		close("theta", v.Theta*365, -(at(100, years+day, vol)-at(100, years-day, vol))/(2*day), 100)
	})
}
