package exchange

import (
	"cmp"
	"math"
	"slices"
	"testing"
	"time"

	"optflow/feed/sim/basis"
)

// tape is what a person would see of a market: rows of one contract's ten seconds,
// those over the monitor's usual floor, and each trade.
type tape struct {
	rows, premium map[string]float64 // of the rows over the floor, by what they are
	premiums      []float64          // dollars, sorted
	sizes         []int32            // of the trades, sorted
	round         float64            // share of round numbers among sizes from 100
	volume        map[byte]float64   // share of contracts by condition
	where         map[Where]float64  // share of trades
	expiries      map[string]map[int64]bool
	moved         map[string]float64 // of each spot, over the run
	vol           map[string]float64 // realised, a year, as a multiple of the profile's
}

const (
	usualFloor  = 25_000 // dollars; the default floor
	usualWindow = 10 * basis.Second
)

// watch runs a market and looks at all of it.
func watch(t *testing.T, seed uint64, span time.Duration) (p tape) {
	inBubble(t, func(t *testing.T) {
		m := NewMarket(Options{Seed: seed, Start: monday})
		time.Sleep(span)
		m.mu.Lock()
		defer m.mu.Unlock()
		m.catchUp()
		p = tape{
			rows: map[string]float64{}, premium: map[string]float64{}, volume: map[byte]float64{}, where: map[Where]float64{},
			expiries: map[string]map[int64]bool{}, moved: map[string]float64{}, vol: map[string]float64{},
		}
		type row struct {
			c      *Contract
			window int64
		}
		rows := map[row]float64{}
		big := 0.0
		for seq := m.Prints.log.first; seq < m.Prints.log.next; seq++ {
			tr := m.Prints.log.at(seq)
			c := m.Contracts[tr.contract]
			rows[row{c, tr.time / usualWindow}] += float64(tr.price) * float64(tr.size)
			p.sizes = append(p.sizes, tr.size)
			p.volume[tr.code] += float64(tr.size)
			p.volume[0] += float64(tr.size)
			before, _ := m.Quoted.fills.at(tr.met)
			met := m.makers.standing(c, &before, tr.time)
			p.where[whereOf(tr.price, &met.nbbo)]++
			if tr.size >= 100 {
				big++
				if tr.size%10 == 0 {
					p.round++
				}
			}
		}
		p.round /= big
		slices.Sort(p.sizes)
		for r, dollars := range rows {
			if dollars < usualFloor {
				continue
			}
			p.premiums = append(p.premiums, dollars)
			c, at := r.c, r.window*usualWindow
			th := m.makers.think(c, max(at, m.live))
			delta := math.Abs(basis.BlackScholes(c.Put, th.spot, c.StrikeDollars(), th.years, th.Vol).Delta)
			money := "otm"
			switch {
			case delta >= 0.4 && delta <= 0.6: // docs/words.md#moneyness
				money = "atm"
			case c.intrinsic(th.spot) > 0:
				money = "itm"
			}
			days := "later"
			switch dte := c.Expiry - m.Day; {
			case dte == 0:
				days = "today"
			case dte <= 7:
				days = "week"
			case dte <= 45:
				days = "month"
			}
			deep := "not deep"
			if delta > 0.85 {
				deep = "deep"
			}
			for _, is := range []string{"all", c.Kind(), money, days, deep, c.Kind() + " " + money} {
				p.rows[is]++
				p.premium[is] += dollars
			}
			if p.expiries[c.Under.Ticker] == nil {
				p.expiries[c.Under.Ticker] = map[int64]bool{}
			}
			p.expiries[c.Under.Ticker][int64(c.Expiry)] = true
		}
		slices.Sort(p.premiums)
		for _, u := range m.Underlyings {
			sum, n := 0.0, 0.0
			for ms := m.live + basis.Second; ms < m.frontier; ms += basis.Second {
				step := math.Log(u.Exactly(ms) / u.Exactly(ms-basis.Second))
				sum += step * step
				n++
			}
			p.vol[u.Ticker] = math.Sqrt(sum/n) / perSecond / u.Vol
			p.moved[u.Ticker] = u.Exactly(m.frontier-basis.Second)/u.Exactly(m.live) - 1
		}
	})
	return p
}

// share of the rows over the floor that are something, or of their premium.
func (p *tape) share(of map[string]float64, is string) float64 { return of[is] / of["all"] }

// raced says that the race detector runs. It has nothing to find in a market that
// one goroutine watches, and makes a minute of this.
var raced bool

// TestTheMarketIsBelievable looks at several seeds as a trader would. Nobody
// publishes a table of such shares; where there is a figure (docs/wire.md#the-trades-of-a-market)
// it is named, else the bound is what nobody would raise an eyebrow at.
func TestTheMarketIsBelievable(t *testing.T) {
	if raced {
		t.Skip("statistics of one goroutine: judged without the race detector")
	}
	const seeds = 8
	var tapes []tape
	for seed := range uint64(seeds) {
		tapes = append(tapes, watch(t, 1000+seed*7919, 6*time.Minute))
	}
	// check holds a number of each seed, and its mean over them, within bounds.
	check := func(what string, of func(*tape) float64, low, high, meanLow, meanHigh float64) {
		t.Helper()
		mean, least, most := 0.0, math.Inf(1), math.Inf(-1)
		for i := range tapes {
			x := of(&tapes[i])
			mean += x / seeds
			least, most = min(least, x), max(most, x)
			if x < low || x > high {
				t.Errorf("%s: %.3f, seed %d, want %.3f to %.3f", what, x, i, low, high)
			}
		}
		if mean < meanLow || mean > meanHigh {
			t.Errorf("%s: %.3f on average, want %.3f to %.3f", what, mean, meanLow, meanHigh)
		}
		t.Logf("%-28s %.3f on average, %.3f to %.3f", what, mean, least, most)
	}
	rows := func(is string) func(*tape) float64 {
		return func(p *tape) float64 { return p.share(p.rows, is) }
	}
	premium := func(is string) func(*tape) float64 {
		return func(p *tape) float64 { return p.share(p.premium, is) }
	}

	// Calls and puts: even over the days, a day leans, none is one-sided. (It was
	// 190 to 64 once: cases D16.)
	check("calls", rows("call"), 0.32, 0.68, 0.44, 0.57)
	check("calls' premium", premium("call"), 0.28, 0.72, 0.42, 0.59)
	leaning := 0
	for i := range tapes {
		if math.Abs(rows("call")(&tapes[i])-0.5) > 0.04 {
			leaning++
		}
	}
	if leaning < 2 {
		t.Errorf("%d of %d days lean", leaning, seeds)
	}

	// Mostly out of and at the money; of what is in it little is deep.
	check("out of the money", rows("otm"), 0.33, 0.60, 0.40, 0.55)
	check("at the money", rows("atm"), 0.25, 0.50, 0.30, 0.46)
	check("in the money", rows("itm"), 0.05, 0.22, 0.08, 0.19)
	check("in the money's premium", premium("itm"), 0.04, 0.28, 0.08, 0.22)
	check("deep in the money", rows("deep"), 0, 0.04, 0.002, 0.02)
	check("in the money puts' premium", premium("put itm"), 0, 0.15, 0.02, 0.10)

	// The front is where most is: what expires today drowns the rest,
	// and yet every name trades several expiries.
	check("expiring today", rows("today"), 0.12, 0.36, 0.17, 0.30)
	check("within a week", func(p *tape) float64 { return rows("today")(p) + rows("week")(p) }, 0.45, 0.75, 0.50, 0.68)
	check("beyond 45 days", rows("later"), 0.05, 0.22, 0.08, 0.16)
	check("expiries of SPY", func(p *tape) float64 { return float64(len(p.expiries["SPY"])) }, 10, 40, 14, 40)
	check("expiries of NVDA", func(p *tape) float64 { return float64(len(p.expiries["NVDA"])) }, 5, 40, 8, 40)

	// Sizes: most trades are a few contracts, one in a hundred is a hundred or more,
	// mostly round, and some day or other somebody trades thousands.
	size := func(at float64) func(*tape) float64 {
		return func(p *tape) float64 { return float64(p.sizes[int(at*float64(len(p.sizes)-1))]) }
	}
	check("median size", size(0.5), 2, 6, 2, 6)
	check("size of one in ten", size(0.9), 18, 45, 20, 40)
	check("size of one in a hundred", size(0.99), 80, 250, 100, 200)
	check("size of one in 10,000", size(0.9999), 500, 20_000, 1000, 20_000)
	check("round sizes from 100", func(p *tape) float64 { return p.round }, 0.6, 1, 0.7, 1)

	// Where trades stand: at the quote mostly, either side alike; some improved; two
	// in a hundred beyond.
	where := func(at ...Where) func(*tape) float64 {
		return func(p *tape) float64 {
			n := 0.0
			for _, w := range at {
				n += p.where[w] / float64(len(p.sizes))
			}
			return n
		}
	}
	check("at the ask", where(AtAsk), 0.31, 0.43, 0.34, 0.40)
	check("at the bid", where(AtBid), 0.31, 0.43, 0.34, 0.40)
	check("in the middle", where(Mid), 0.12, 0.26, 0.14, 0.24)
	check("inside, not in the middle", where(Inside), 0.02, 0.12, 0.03, 0.10)
	check("beyond the quote", where(AboveAsk, BelowBid), 0.013, 0.027, 0.015, 0.025)

	// Kinds by volume, 2020: electronic 55 %, auctions 17 to 24, complex
	// 12, crosses 4 to 5, floor up to 10. Whales make the last two uneven.
	kind := func(codes string) func(*tape) float64 {
		return func(p *tape) float64 {
			n := 0.0
			for _, code := range []byte(codes) {
				n += p.volume[code] / p.volume[0]
			}
			return n
		}
	}
	check("electronic volume", kind("IS"), 0.45, 0.72, 0.52, 0.68)
	check("auctions' volume", kind("a"), 0.10, 0.30, 0.14, 0.24)
	check("packages' volume", kind("fgj"), 0.06, 0.20, 0.09, 0.17)
	check("crosses and floor", kind("ce"), 0.01, 0.15, 0.02, 0.10)

	// Premiums over the floor fall off as a power: the half within twice the floor,
	// one in thirty or so ten times as much, a million for one in some hundreds.
	over := func(dollars float64) func(*tape) float64 {
		return func(p *tape) float64 {
			i, _ := slices.BinarySearch(p.premiums, dollars)
			return float64(len(p.premiums)-i) / float64(len(p.premiums))
		}
	}
	check("median premium", func(p *tape) float64 { return p.premiums[len(p.premiums)/2] }, 37_000, 60_000, 40_000, 52_000)
	check("premiums over $250K", over(250_000), 0.01, 0.08, 0.02, 0.06)
	check("premiums over $1M", over(1_000_000), 0.001, 0.02, 0.002, 0.015)

	// Spots move as their volatility says, give or take the market's weather, and
	// over the seeds as often down as up.
	up, moves := 0.0, 0.0
	for _, ticker := range basis.Underlyings() {
		check("volatility of "+ticker, func(p *tape) float64 { return p.vol[ticker] }, 0.45, 2.2, 0.7, 1.4)
		check("move of "+ticker, func(p *tape) float64 { return math.Abs(p.moved[ticker]) }, 0, 0.025, 0.0001, 0.01)
		for i := range tapes {
			moves++
			if tapes[i].moved[ticker] > 0 {
				up++
			}
		}
	}
	if up < moves*0.25 || up > moves*0.75 {
		t.Errorf("%v of %v moves are up", up, moves)
	}
	for i := range tapes {
		if spy, spx := tapes[i].moved["SPY"], tapes[i].moved["SPX"]; math.Abs(spy-spx) > 1e-9 {
			t.Errorf("SPY moved %v, its index %v", spy, spx)
		}
	}
}

// TestTheTapeBeginsBelievably looks at what the monitor loads when it starts: the
// last half hour of the contracts that most premium went into. They are few, so
// they lean more than the market does; but not three to one, and not because the
// spot came from elsewhere.
func TestTheTapeBeginsBelievably(t *testing.T) {
	if raced {
		t.Skip("statistics of one goroutine: judged without the race detector")
	}
	const seeds, loaded = 12, 50
	mean, leaning := 0.0, 0
	for seed := range uint64(seeds) {
		m := NewMarket(Options{Seed: 5000 + seed*104_729, Start: monday, Tickers: []string{"NVDA", "QQQ", "SPY"}})
		type history struct {
			put     bool
			premium float64
			rows    int // minutes over the floor
		}
		var all []history
		for _, c := range m.Contracts {
			minutes := map[int64]float64{}
			m.past.each(c, func(_ int, tr *trade) bool {
				if tr.time >= m.live-30*basis.Minute {
					minutes[tr.time/basis.Minute] += float64(tr.price) * float64(tr.size)
				}
				return true
			})
			h := history{put: c.Put}
			for _, dollars := range minutes {
				h.premium += dollars
				if dollars >= usualFloor {
					h.rows++
				}
			}
			all = append(all, h)
		}
		slices.SortFunc(all, func(a, b history) int { return cmp.Compare(b.premium, a.premium) })
		calls, rows := 0.0, 0.0
		for _, h := range all[:loaded] {
			rows += float64(h.rows)
			if !h.put {
				calls += float64(h.rows)
			}
		}
		share := calls / rows
		mean += share / seeds
		if math.Abs(share-0.5) > 0.05 {
			leaning++
		}
		if share < 0.33 || share > 0.67 || rows < 500 {
			t.Errorf("seed %d: %.2f of %v rows are calls", seed, share, rows)
		}
	}
	t.Logf("%.3f are calls on average, %d of %d lean", mean, leaning, seeds)
	if mean < 0.43 || mean > 0.57 || leaning < 2 {
		t.Errorf("%.2f are calls on average, %d of %d lean", mean, leaning, seeds)
	}
}
