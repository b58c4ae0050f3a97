package exchange

import (
	"slices"
	"strings"
	"testing"
	"time"

	"optflow/feed/sim/basis"
)

func TestRepeatable(t *testing.T) {
	var lists [3][]Trade
	for i, rest := range []time.Duration{5 * time.Minute, 37 * time.Millisecond, 5 * time.Minute} {
		inBubble(t, func(t *testing.T) {
			o := Options{Seed: 9, Start: monday.Add(123 * time.Millisecond), Rate: 50, Speed: 2, Faults: AllFaults(), Tickers: []string{"TSLA"}}
			if i == 2 {
				o.Faults = Faults{}
			}
			m := NewMarket(o)
			for end := time.Now().Add(3 * time.Minute); time.Now().Before(end); {
				time.Sleep(min(rest, time.Until(end)))
				m.Trades("nobody's") // makes the market catch up
			}
			lists[i] = m.Trades("")
		})
	}
	if len(lists[0]) < 10_000 {
		t.Fatalf("only %d trades", len(lists[0]))
	}
	if !slices.Equal(lists[0], lists[1]) {
		t.Error("the wall clock's rhythm changed the trades")
	}
	// Without faults nothing is late: what they delayed is there too.
	plain := map[string]int64{}
	for _, tr := range lists[2] {
		plain[tr.Symbol] += tr.Size
	}
	for _, tr := range lists[0] {
		plain[tr.Symbol] -= tr.Size
	}
	for symbol, rest := range plain {
		if rest < 0 {
			t.Errorf("%s: the faults added %d contracts", symbol, -rest)
		}
	}
	first, other := NewMarket(Options{Seed: 9, Start: monday, Rate: 50}), NewMarket(Options{Seed: 10, Start: monday, Rate: 50})
	if slices.Equal(other.Trades(busy), first.Trades(busy)) {
		t.Error("another seed gives the same trades")
	}
}

func TestTheDayIsAU(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := NewMarket(Options{Seed: 2, Start: monday.Add(-71 * time.Minute), Rate: 5, Keep: true, Tickers: []string{"NVDA"}})
		time.Sleep(390 * time.Minute)
		var perHalfHour [13]int
		trades := 0
		m.mu.Lock()
		m.catchUp()
		for seq := m.Prints.log.first; seq < m.Prints.log.next; seq++ {
			if i := (m.Prints.log.at(seq).time - m.live) / (30 * basis.Minute); i < 13 {
				perHalfHour[i]++
				trades++
			}
		}
		m.mu.Unlock()
		if noon := perHalfHour[6]; perHalfHour[0] < 2*noon || float64(perHalfHour[12]) < 1.3*float64(noon) {
			t.Errorf("not a U: %v", perHalfHour)
		}
		if rate := float64(trades) / (390 * 60); rate < 4.2 || rate > 5.8 {
			t.Errorf("%.1f trades a second, want about 5", rate)
		}
	})
}

func TestFlowIsWorthWatching(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := NewMarket(Options{Seed: 5, Start: monday})
		time.Sleep(5 * time.Minute)
		m.mu.Lock()
		defer m.mu.Unlock()
		m.catchUp()
		whales, over25k, ones, n := 0, 0, 0, 0
		twins := map[[3]int64]int{}
		roots := map[string]bool{}
		traded := map[int32]bool{}
		for seq := m.Prints.log.first; seq < m.Prints.log.next; seq++ {
			tr := m.Prints.log.at(seq)
			c := m.Contracts[tr.contract]
			premium := float64(tr.price) * float64(tr.size)
			n++
			roots[c.root] = true
			traded[c.Id] = true
			if tr.size == 1 {
				ones++
			}
			if premium >= 1e6 {
				whales++
			}
			if premium >= 25_000 {
				over25k++
			}
			if tr.size >= 50 && strings.ContainsRune("fgj", rune(tr.code)) {
				twins[[3]int64{tr.time / 1000, int64(tr.size), int64(c.Expiry)}]++
			}
		}
		pairs := 0
		for _, k := range twins {
			if k == 2 {
				pairs++
			}
		}
		t.Logf("%d trades, %d contracts, %d over $25K, %d over $1M, %d pairs, %d%% of one lot", n, len(traded), over25k, whales, pairs, 100*ones/n)
		if whales < 5 || over25k < n/100 || pairs < 20 || ones < n/10 || len(traded) < 2000 || len(roots) != 30 {
			t.Errorf("dull: roots %v", roots)
		}
	})
}

func TestMonthlyIndexContractsStopTheDayBefore(t *testing.T) {
	friday := monday.AddDate(0, 0, 25) // 18 December, the third Friday
	m := NewMarket(Options{Start: friday, Rate: 1, Tickers: []string{"SPX"}})
	roots := map[string]int{}
	for _, s := range m.Symbols() {
		if strings.Contains(s, "261218") {
			roots[s[:6]]++
		}
	}
	if roots["O:SPXW"] == 0 || len(roots) != 1 {
		t.Errorf("roots that trade on the expiry day: %v", roots)
	}
}

func TestSpeed(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := NewMarket(Options{Start: monday, Speed: 60, Rate: 1})
		time.Sleep(10 * time.Second)
		if got := m.Now().Sub(monday); got != 10*time.Minute {
			t.Errorf("10 s at speed 60 are %v", got)
		}
	})
}

func TestOldTradesAreFolded(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		o := Options{Seed: 1, Start: monday, Rate: 40, Faults: AllFaults(), Tickers: []string{"SPY", "SPX"}}
		m := NewMarket(o)
		o.Keep = true
		kept := NewMarket(o)
		time.Sleep(70 * time.Minute)
		m.Trades("nobody's")
		if age := m.frontier - m.Prints.log.at(m.Prints.log.first).time; age < 30*basis.Minute || age > 45*basis.Minute {
			t.Errorf("the log begins %d minutes ago", age/basis.Minute)
		}
		folded := 0
		for _, symbol := range kept.Symbols() {
			id := m.bySymbol[symbol]
			a, b := m.Contracts[id], kept.Contracts[id]
			folded += len(a.bars)
			from, to, at := m.startDay, m.frontier-basis.Minute, m.frontier
			got, want := m.Prints.Bars(a, basis.Minute, from, to, at), kept.Prints.Bars(b, basis.Minute, from, to, at)
			for i := range got { // a late trade may be folded behind its time
				got[i].Open, got[i].Close = want[i].Open, want[i].Close
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%s: %d minutes, %d without folding", symbol, len(got), len(want))
			}
			now := m.frontier - basis.Second
			dayA, _ := m.Prints.dayAt(a, now)
			if dayB, _ := kept.Prints.dayAt(b, now); dayA != dayB {
				t.Fatalf("%s: day %+v, without folding %+v", symbol, dayA, dayB)
			}
		}
		if folded == 0 {
			t.Error("nothing was folded")
		}
	})
}

func TestLogIsBounded(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := NewMarket(Options{Seed: 1, Start: monday, Rate: 90, Tickers: []string{"QQQ"}})
		m.Prints.fits = 5000
		time.Sleep(4 * time.Minute)
		m.Trades("nobody's")
		if age := m.frontier - m.Prints.log.at(m.Prints.log.first).time; age < 90*basis.Second || age > 155*basis.Second {
			t.Errorf("%d trades of %d s held", m.Prints.log.next-m.Prints.log.first, age/basis.Second)
		}
	})
}
