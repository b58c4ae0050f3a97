package book

import (
	"math/rand/v2"
	"runtime"
	"testing"

	"optflow/model"
	"optflow/model/tape"
)

// benchBars are bars of many contracts as a busy stream brings them, with a
// day of seconds to go through.
func benchBars(tape *tape.Writer, contracts int) []model.Bar {
	rng := rand.New(rand.NewPCG(1, 1))
	ids := make([]model.ContractID, contracts)
	for i := range ids {
		ids[i] = internTest(tape, i)
	}
	volumes := make([]int64, contracts)
	var bars []model.Bar
	for second := range 600 {
		seen := make(map[int]bool)
		for range 300 {
			i := int(rng.ExpFloat64()*float64(contracts)/6) % contracts
			start := marketOpen + int64(second)*1000
			if seen[i] {
				continue
			}
			seen[i] = true
			size := 1 + rng.Int64N(50)
			volumes[i] += size
			bars = append(bars, model.Bar{
				Contract: ids[i], Span: model.Second, Start: start, Volume: size, DayVolume: volumes[i],
				Open: 2, High: 2.1, Low: 1.9, Close: 2, Vwap: 2.01, DayVwap: 2, AvgSize: 3,
			})
		}
	}
	return bars
}

func BenchmarkBookBar(b *testing.B) {
	on := tape.New(tape.Options{KeepRows: 1, KeepMillis: 16 * 60_000})
	bars := benchBars(on, 2000)
	book := New(on, Options{})
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if i%len(bars) == 0 && i > 0 {
			b.StopTimer()
			for j := range bars {
				bars[j].Start += 600_000
				bars[j].DayVolume += 1_000_000 // past differs, nothing is missing
			}
			on = tape.New(tape.Options{})
			on.Contracts = book.tape.Contracts
			book = New(on, Options{})
			b.StartTimer()
		}
		book.Apply(&Bar{Bar: bars[i%len(bars)]})
		if i%100 == 0 {
			on.Publish()
		}
	}
}

// What one row costs in memory, with everything that the book keeps beside it.
func BenchmarkBookMemory(b *testing.B) {
	for range b.N {
		tape := tape.New(tape.Options{KeepRows: 1 << 20, MaxRows: 1 << 20})
		bars := benchBars(tape, 2000)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		book := New(tape, Options{})
		for _, bar := range bars {
			book.Apply(&Bar{Bar: bar})
		}
		tape.Publish()
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(tape.Next()), "B/row")
		runtime.KeepAlive(book)
		runtime.KeepAlive(bars)
	}
}

func BenchmarkBookDuplicate(b *testing.B) {
	tape := tape.New(tape.Options{})
	bars := benchBars(tape, 200)[:10_000]
	book := New(tape, Options{})
	for _, bar := range bars {
		book.Apply(&Bar{Bar: bar})
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		book.Apply(&Bar{Bar: bars[i%len(bars)]})
	}
}
