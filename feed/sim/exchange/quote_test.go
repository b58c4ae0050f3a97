package exchange

import (
	"math"
	"testing"
	"time"

	"optflow/feed/sim/basis"
)

// TestQuotesAreSane: no negative bid, bid below ask, prices on the tick, and
// calls and puts of one strike agree within their spreads.
func TestQuotesAreSane(t *testing.T) {
	m := NewMarket(Options{Seed: 8, Start: monday})
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.catchUp()
	pairs := 0
	for _, c := range m.Contracts {
		shown := m.Quoted.at(c, now)
		if shown.Bid < 0 || shown.Bid >= shown.Ask || shown.BidSize < 0 || shown.AskSize < 1 || (shown.Bid == 0) != (shown.BidSize == 0) {
			t.Fatalf("%s: %+v", c.Symbol, shown)
		}
		if shown.Bid%c.tickAt(shown.Bid) != 0 || shown.Ask%c.tickAt(shown.Ask) != 0 {
			t.Fatalf("%s: %d to %d are not on the tick", c.Symbol, shown.Bid, shown.Ask)
		}
		q := m.makers.think(c, basis.Floor(now, basis.Second))
		if cents := q.Price * 100; cents < float64(q.bid)-0.01 || cents > float64(q.ask)+0.01 {
			t.Fatalf("%s: the model's %v is outside %d to %d", c.Symbol, cents, q.bid, q.ask)
		}
		if c.Put || c.am {
			continue
		}
		twin := m.Contracts[m.bySymbol[basis.SymbolOf(c.root, c.Expiry, true, c.Strike)]]
		p := m.makers.think(twin, q.from)
		// Parity is an equation for European options; early exercise turns it into
		// S - K <= C - P <= S - K exp(-rt).
		high := (q.spot - c.StrikeDollars()*math.Exp(-basis.RiskFree*q.years)) * 100
		low := (q.spot - c.StrikeDollars()) * 100
		if c.Under.Index {
			low = high
		}
		spread := float64(q.ask-q.bid+p.ask-p.bid)/2 + 2
		if apart := float64(q.bid+q.ask-p.bid-p.ask) / 2; apart < low-spread || apart > high+spread {
			t.Fatalf("%s: call less put is %.1f cents, parity wants %.1f to %.1f, spreads are %.1f", c.Symbol, apart, low, high, spread)
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
