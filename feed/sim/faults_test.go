package sim

import (
	"testing"
	"time"

	"optflow/feed/sim/exchange"
)

// barsDuring collects the second bars of a market with some faults.
func barsDuring(t *testing.T, faults exchange.Faults) (f *floorUnderTest, bars []wireEvent) {
	f = serve(t, exchange.Options{Seed: 5, Start: monday, Rate: 150, Faults: faults, Tickers: []string{"AMD"}}, ServerOptions{})
	p := f.login()
	p.send(`{"action":"subscribe","params":"A.*"}`)
	p.expect("success subscribed to: A.*")
	return f, p.during(2 * time.Minute)
}

// missing counts the seconds that REST has and the stream had not.
func missing(f *floorUnderTest, bars []wireEvent) int {
	sent := map[key]bool{}
	from, to := bars[0].S, int64(0)
	for _, e := range bars {
		sent[key{"A", e.Sym, e.S}] = true
		from, to = min(from, e.S), max(to, e.S)
	}
	lost := 0
	for _, symbol := range f.market.Symbols()[:120] {
		var got aggPage
		f.get("/v2/aggs/ticker/"+symbol+"/range/1/second/"+ms(from+5000)+"/"+ms(to-20_000)+"?limit=50000", &got)
		for _, b := range got.Results {
			if !sent[key{"A", symbol, b.Start}] {
				lost++
			}
		}
	}
	return lost
}

func TestLostBarsAreInREST(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f, bars := barsDuring(t, exchange.Faults{})
		if n := missing(f, bars); n != 0 {
			t.Errorf("%d bars lost without the fault", n)
		}
	})
	inBubble(t, func(t *testing.T) {
		f, bars := barsDuring(t, exchange.Faults{LostBars: true})
		if n := missing(f, bars); n == 0 || n > len(bars)/50 {
			t.Errorf("%d of %d bars lost", n, len(bars))
		}
	})
}

func TestOrderOfBars(t *testing.T) {
	for _, fault := range []bool{false, true} {
		inBubble(t, func(t *testing.T) {
			_, bars := barsDuring(t, exchange.Faults{OutOfOrder: fault})
			newest := map[string]int64{}
			strays := 0
			for _, e := range bars {
				if e.S < newest[e.Sym] {
					strays++
				}
				newest[e.Sym] = max(newest[e.Sym], e.S)
			}
			if fault != (strays > 0) {
				t.Errorf("fault %v: %d bars of a contract out of order", fault, strays)
			}
		})
	}
}

// TestBarsComeWhenTheyShould: second bars about 2 s after their window, minute
// bars in a burst in random order.
func TestBarsComeWhenTheyShould(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 5, Start: monday, Tickers: []string{"SPY"}}, ServerOptions{})
		p := f.login()
		p.send(`{"action":"subscribe","params":"A.*,AM.*"}`)
		p.expect("success subscribed to: A.*", "success subscribed to: AM.*")
		sorted, minutes, last := 0, 0, ""
		for f.market.Now().Before(monday.Add(2*time.Minute + 30*time.Second)) {
			e := p.must()
			after := f.market.Now().UnixMilli() - e.E
			low, high := int64(1900), int64(2500)
			if e.EV == "AM" {
				low, high = 900, 3200
				minutes++
				if e.Sym > last {
					sorted++
				}
				last = e.Sym
			}
			if after < low || after > high {
				t.Errorf("%s came %d ms after its window", e.EV, after)
			}
		}
		if minutes < 200 || sorted > minutes*2/3 {
			t.Errorf("%d minute bars, %d in order of symbol", minutes, sorted)
		}
	})
}
