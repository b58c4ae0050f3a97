package sim

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestBlackScholes compares with the worked example of Hull, Options, Futures
// and Other Derivatives: a stock at 42, strike 40, six months, 10 %, 20 %. Its
// rate is not ours, so the spot is moved to the same forward value.
func TestBlackScholes(t *testing.T) {
	spot := 42 * math.Exp(0.1*0.5) * math.Exp(-riskFree*0.5)
	grow := math.Exp(0.1*0.5 - riskFree*0.5)
	call := blackScholes(false, spot, 40, 0.5, 0.2).price / grow
	put := blackScholes(true, spot, 40, 0.5, 0.2).price / grow
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
		at := func(spot, years, vol float64) float64 { return blackScholes(put, spot, strike, years, vol).price }
		v := blackScholes(put, 100, strike, years, vol)
		const h = 1e-3
		close := func(name string, got, want, scale float64) {
			if math.Abs(got-want) > 1e-3*scale {
				t.Fatalf("%s %v, slope %v", name, got, want)
			}
		}
		close("delta", v.delta, (at(100+h, years, vol)-at(100-h, years, vol))/(2*h), 1)
		close("gamma", v.gamma, (blackScholes(put, 100+h, strike, years, vol).delta-blackScholes(put, 100-h, strike, years, vol).delta)/(2*h), 1)
		close("vega", v.vega*100, (at(100, years, vol+h)-at(100, years, vol-h))/(2*h), 10)
		const day = 1e-5
		close("theta", v.theta*365, -(at(100, years+day, vol)-at(100, years-day, vol))/(2*day), 100)
	})
}

// TestQuotesAreSane: no negative bid, bid below ask, prices on the tick, and
// calls and puts of one strike agree within their spreads.
func TestQuotesAreSane(t *testing.T) {
	m := NewMarket(Options{Seed: 8, Start: monday})
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.catchUp()
	pairs := 0
	for _, c := range m.contracts {
		shown := m.quoteAt(c, now)
		if shown.bid < 0 || shown.bid >= shown.ask || shown.bidSize < 0 || shown.askSize < 1 || (shown.bid == 0) != (shown.bidSize == 0) {
			t.Fatalf("%s: %+v", c.symbol, shown)
		}
		if shown.bid%c.tickAt(shown.bid) != 0 || shown.ask%c.tickAt(shown.ask) != 0 {
			t.Fatalf("%s: %d to %d are not on the tick", c.symbol, shown.bid, shown.ask)
		}
		q := m.think(c, floor(now, second))
		if cents := q.price * 100; cents < float64(q.bid)-0.01 || cents > float64(q.ask)+0.01 {
			t.Fatalf("%s: the model's %v is outside %d to %d", c.symbol, cents, q.bid, q.ask)
		}
		if c.put || c.am {
			continue
		}
		twin := m.contracts[m.bySymbol[symbolOf(c.root, c.expiry, true, c.strike)]]
		p := m.think(twin, q.from)
		// Parity is an equation for European options; early exercise turns it into
		// S - K <= C - P <= S - K exp(-rt).
		high := (q.spot - c.strikeDollars()*math.Exp(-riskFree*q.years)) * 100
		low := (q.spot - c.strikeDollars()) * 100
		if c.under.index {
			low = high
		}
		spread := float64(q.ask-q.bid+p.ask-p.bid)/2 + 2
		if apart := float64(q.bid+q.ask-p.bid-p.ask) / 2; apart < low-spread || apart > high+spread {
			t.Fatalf("%s: call less put is %.1f cents, parity wants %.1f to %.1f, spreads are %.1f", c.symbol, apart, low, high, spread)
		}
		pairs++
	}
	if pairs < 2000 {
		t.Errorf("only %d pairs compared", pairs)
	}
}

func TestTradesArePricedAroundTheQuote(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := NewMarket(Options{Seed: 8, Start: monday})
		time.Sleep(2 * time.Minute)
		count, total := map[Where]int{}, 0
		for _, tr := range m.Trades("") {
			if tr.Time >= m.live {
				count[tr.Where]++
				total++
			}
		}
		for where := AboveAsk; where <= BelowBid; where++ {
			t.Logf("%-9s %5.1f %%", where, 100*float64(count[where])/float64(total))
		}
	})
}
