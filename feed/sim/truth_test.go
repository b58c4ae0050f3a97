package sim

import (
	"math"
	"strings"
	"testing"
	"time"

	"optflow/feed/sim/basis"
	"optflow/feed/sim/exchange"
	"optflow/model"
)

// key is a bar's identity.
type key struct {
	ev, sym string
	start   int64
}

// TestEverythingDerivesFromTheTrades runs every fault but the loss of bars for
// longer than the longest correction and compares what came over both wires with
// the list of trades.
func TestEverythingDerivesFromTheTrades(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		faults := exchange.AllFaults()
		faults.LostBars, faults.SnapshotLag, faults.RoundedVwap = false, 0, false
		f := serve(t, exchange.Options{Seed: 3, Start: monday, Rate: 30, Faults: faults, Tickers: []string{"SPX", "NVDA"}}, ServerOptions{QueueBytes: 1 << 28})
		p := f.login()
		p.send(`{"action":"subscribe","params":"A.*,AM.*"}`)
		p.expect("success subscribed to: A.*", "success subscribed to: AM.*")
		live := monday.UnixMilli()
		bars := map[key]wireEvent{}
		versions := map[key]int{}
		first := int64(math.MaxInt64)
		for _, e := range p.during(20 * time.Minute) {
			k := key{e.EV, e.Sym, e.S}
			if e.V < bars[k].V {
				t.Errorf("%v: an older version came later", k)
			}
			bars[k] = e
			versions[k]++
			if e.EV == "A" {
				first = min(first, e.S)
			}
		}
		resent, odd := 0, 0
		for _, n := range versions {
			if n > 1 {
				resent++
			}
		}
		if resent == 0 {
			t.Error("no bar was sent again")
		}
		now := f.market.Now().UnixMilli()
		settled := now - 30_000 // every first version of a window before is out
		days := map[string]chainRow{}
		for _, u := range []string{"I:SPX", "NVDA"} {
			for _, row := range f.wholeChain(u) {
				days[row.Details.Ticker] = row
			}
		}
		for _, symbol := range f.market.Symbols() {
			trades := f.market.Trades(symbol)
			var volume, late, noBar int64
			want := map[key]*exchange.Window{}
			cents := int64(0)
			for _, tr := range trades {
				volume += tr.Size
				cents += tr.Size * int64(math.Round(tr.Price*100))
				if tr.Barred == 0 {
					noBar += tr.Size
				}
				if tr.Time < live || tr.Barred == 0 || tr.Barred > settled {
					continue
				}
				if tr.Seen > tr.Time {
					late++
				}
				for _, ev := range []string{"A", "AM"} {
					width := basis.Second
					if ev == "AM" {
						width = basis.Minute
					}
					if start := basis.Floor(tr.Time, width); start+width <= settled && start >= first {
						k := key{ev, symbol, start}
						if want[k] == nil {
							want[k] = &exchange.Window{Start: start}
						}
						want[k].Add(int32(math.Round(tr.Price*100)), int32(tr.Size))
					}
				}
			}
			if noBar > 0 {
				odd++
			}
			day := days[symbol].Day
			if day.LastUpdated != basis.StartOfDay(model.TradingDate(now))*1e6 {
				day = chainDay{} // of the day it last traded
			}
			if got := count(day.Volume); got != volume {
				t.Errorf("%s: snapshot's day volume %d, trades sum to %d", symbol, got, volume)
			}
			if volume > 0 {
				if got, want := day.Vwap, float64(cents)/float64(volume)/100; math.Abs(got-want) > 1e-7 {
					t.Errorf("%s: snapshot's vwap %v, trades' %v", symbol, got, want)
				}
			}
			for k, w := range want {
				got, sent := bars[k]
				if !sent {
					t.Errorf("%v was never sent", k)
					continue
				}
				if int64(got.V) != w.Volume || cents32(got.O) != w.Open || cents32(got.H) != w.High || cents32(got.L) != w.Low || rawCents(got.C) != w.Close {
					// A trade barred after settled may be in the wire's version.
					if !f.stillMoving(symbol, k, settled) {
						t.Errorf("%v: wire %+v, trades %+v", k, got, *w)
					}
				}
			}
			f.compareAggs(t, symbol, bars, first, settled)
		}
		if odd == 0 {
			t.Error("no trade outside bars")
		}
	})
}

// stillMoving says whether a bar takes in a trade after a time.
func (f *floorUnderTest) stillMoving(symbol string, k key, after int64) bool {
	width := basis.Second
	if k.ev == "AM" {
		width = basis.Minute
	}
	for _, tr := range f.market.Trades(symbol) {
		if tr.Barred > after && tr.Time >= k.start && tr.Time < k.start+width {
			return true
		}
	}
	return false
}

// compareAggs holds /v2/aggs against the last version of every bar on the wire.
func (f *floorUnderTest) compareAggs(t *testing.T, symbol string, bars map[key]wireEvent, from, to int64) {
	t.Helper()
	for ev, span := range map[string]string{"A": "second", "AM": "minute"} {
		var got aggPage
		f.get("/v2/aggs/ticker/"+symbol+"/range/1/"+span+"/"+ms(from)+"/"+ms(to-basis.Minute)+"?limit=50000", &got)
		for _, b := range got.Results {
			k := key{ev, symbol, b.Start}
			wire, sent := bars[k]
			same := sent && int64(wire.V) == count(b.Volume) && wire.H == b.High && wire.L == b.Low && wire.O == b.Open && math.Abs(wire.VW-b.Vwap) < 1e-7
			if !same && !f.stillMoving(symbol, k, to-basis.Minute) {
				t.Errorf("%v: REST %+v, wire %+v", k, b, wire)
			}
		}
	}
}

// wholeChain follows next_url to the end.
func (f *floorUnderTest) wholeChain(underlying string) []chainRow {
	f.t.Helper()
	var all []chainRow
	path := "/v3/snapshot/options/" + underlying + "?limit=250"
	for path != "" {
		var got struct {
			Results []chainRow `json:"results"`
			Next    string     `json:"next_url"`
		}
		f.get(path, &got)
		all = append(all, got.Results...)
		path = strings.TrimPrefix(got.Next, "http://sim")
	}
	return all
}

// TestAccumulatedVolume holds av, a and op of first versions against the trades
// seen when the window closed.
func TestAccumulatedVolume(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 4, Start: monday, Rate: 50, Faults: exchange.Faults{LateTrades: true, NoBarTrades: true}, Tickers: []string{"QQQ"}}, ServerOptions{})
		p := f.login()
		p.send(`{"action":"subscribe","params":"A.*,AM.*"}`)
		seen := map[key]bool{}
		truth := map[string][]exchange.Trade{}
		checked := 0
		for _, e := range p.during(3 * time.Minute) {
			k := key{e.EV, e.Sym, e.S}
			if e.EV == "status" || seen[k] {
				continue
			}
			seen[k] = true
			var volume, cents int64
			open := 0.0
			late := false
			if truth[e.Sym] == nil {
				truth[e.Sym] = f.market.Trades(e.Sym)
			}
			for _, tr := range truth[e.Sym] {
				late = late || tr.Time >= e.S && tr.Time < e.E && tr.Seen > tr.Time
				if tr.Seen < e.E {
					volume += tr.Size
					cents += tr.Size * int64(math.Round(tr.Price*100))
					if open == 0 && tr.Barred == tr.Time {
						open = tr.Price
					}
				}
			}
			if late {
				continue // may be a correction of a window without a first version
			}
			checked++
			if int64(e.AV) != volume || math.Abs(e.A-float64(cents)/float64(volume)/100) > 1e-7 || e.OP != open {
				t.Fatalf("%v: av %v a %v op %v, trades say %d %v %v", k, e.AV, e.A, e.OP, volume, float64(cents)/float64(volume)/100, open)
			}
		}
		if checked < 500 {
			t.Errorf("only %d bars compared", checked)
		}
	})
}

// TestMonthlyIndexContractsStopTheDayBefore: the opening settles them.
// TestOldTradesAreFolded: the log forgets, the day's minutes and sums do not.
// TestLogIsBounded: a market too fast to remember half an hour forgets sooner.
