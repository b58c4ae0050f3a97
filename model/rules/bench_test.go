package rules

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"optflow/bench/cpu"
	"optflow/model"
	"optflow/model/tape"
)

// fifty are rules as people write them: of a ticker, by premium, side, expiry,
// moneyness and what is unusual.
func fifty() (list []Written) {
	for i, ticker := range []string{"spy", "qqq", "nvda", "tsla", "aapl", "amd", "spy,qqq", "nvda,amd", "not spy", ""} {
		for k, rest := range []string{"prem>=500k side=ask sure", "calls dte<=7 prem>=250k otm>5%", "whale", "unusual vol/oi>3 prem>=50k", "puts side=bid prem>=1m or top<=1%"} {
			list = append(list, Written{Name: fmt.Sprint("rule ", i, k), When: ticker + " (" + rest + ")", Cooldown: "60s contract", Max: "20/h"})
		}
	}
	return list
}

// traffic is second bars at 20,000 a second over 90,000 contracts, heavy on few
// of them, 2 % late and 2 % corrections.
func traffic(b *testing.B, n int) (*tape.Writer, []model.Row) {
	b.Helper()
	t := tape.New(tape.Options{})
	const count = 90_000
	for i := range count {
		root := [...]string{"SPY", "QQQ", "NVDA", "TSLA", "AAPL", "AMD", "META", "MSFT"}[i%8]
		if _, err := t.Registry.Intern(fmt.Sprintf("O:%s261218%c%08d", root, "CP"[i/8%2], 100_000+1_000*(i/16))); err != nil {
			b.Fatal(err)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(random, 1.1, 200, count-1)
	rows := make([]model.Row, 0, n)
	seen := map[model.Identity]bool{}
	for len(rows) < n {
		size := uint32(1 + random.ExpFloat64()*20)
		price := float32(0.05 + random.ExpFloat64()*3)
		second := len(rows) / 20_000
		if random.IntN(50) == 0 {
			second -= random.IntN(20)
		}
		w := model.Row{
			Kind: model.KindBar, Contract: model.ContractID(zipf.Uint64()), Start: start + int64(second)*1000, Span: model.Second, Size: size,
			Vwap: price, Open: price, High: price, Low: price, Close: price, Premium: float64(size) * float64(price) * 100, Prints: 1,
			DayVolume: uint32(random.IntN(9000)), Spot: 180, OpenInterest: uint32(random.IntN(9000)), IV: 0.4, Delta: 0.5, Bid: price, Ask: price, QuoteAge: 500,
			Side: model.Side(random.IntN(8)), Certainty: model.Certainty(random.IntN(4)),
		}
		if k := len(rows) - 1 - random.IntN(100); k >= 0 && random.IntN(50) == 0 {
			w.Contract, w.Start, w.Replaces = rows[k].Contract, rows[k].Start, uint32(len(rows)-k)
		} else if seen[w.Identity()] {
			continue
		}
		seen[w.Identity()] = true
		rows = append(rows, w)
	}
	return t, rows
}

// Goal: 50 rules at 20,000 rows a second cost at most 10 % of a core, which is
// 5,000 ns a row, the joining of bursts included.
func BenchmarkRules(b *testing.B) {
	for _, count := range []int{0, 1, 10, 50} {
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			t, rows := traffic(b, 400_000)
			var w *Watch
			list := parsed(b, fifty()[:count]...)
			for i := range rows {
				t.Append(rows[i])
			}
			t.Publish()
			b.ReportAllocs()
			fired, i := 0, 0
			var before time.Duration
			for b.Loop() {
				k := i % len(rows)
				if i == 0 {
					before = cpu.Used()
				}
				if k == 0 {
					w = NewWatch(&t.Tape, Options{})
					w.Set(list)
				}
				if k%200 == 0 { // as batches come
					w.At(Moment{Now: rows[k].End() + 1000})
					fired += len(w.Drain())
				}
				w.Row(rows[k], uint64(k))
				i++
			}
			used := float64(cpu.Used()-before) / float64(b.N)
			b.ReportMetric(used, "cpu-ns/row")
			b.ReportMetric(used*20_000/1e9*100, "%core")
			b.ReportMetric(float64(fired), "events")
		})
	}
}
