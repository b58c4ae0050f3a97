package book

import (
	"math/rand/v2"
	"testing"
	"time"

	"optflow/model"
	"optflow/model/tape"
)

// endOfDay is a book of so many contracts as a long day leaves it: each traded in
// some seconds, was read thrice, and has a quote.
func endOfDay(b *testing.B, contracts, windows int) *Book {
	b.Helper()
	on := tape.New(tape.Options{})
	book := New(on, Options{})
	rng := rand.New(rand.NewPCG(1, 1))
	ids, volumes := make([]model.ContractID, contracts), make([]int64, contracts)
	for i := range ids {
		ids[i] = internTest(on, i)
	}
	now := marketOpen
	for w := range windows {
		for i, id := range ids {
			now = marketOpen + int64(w)*6*int64(time.Hour/time.Millisecond)/int64(windows) + int64(i)/100*1000
			size, price := 1+rng.Int64N(60), float64(1+rng.IntN(900))/100
			volumes[i] += size
			book.Apply(&Bar{Bar: model.Bar{
				Contract: id, Span: model.Second, Start: now, Volume: size, DayVolume: volumes[i],
				Open: price, High: price + 0.05, Low: price, Close: price, Vwap: price + 0.0123, DayVwap: price + 0.0421, AvgSize: 3,
			}})
			if w%(windows/3+1) == 0 {
				q := model.Quote{Bid: price, Ask: price + 0.1, BidSize: 12, AskSize: 30, Updated: now - rng.Int64N(60_000), Read: now}
				book.Apply(&Snapshot{&model.Snapshot{
					Contract: id, Read: now, Shares: 100, HasQuote: true, Quote: q, OpenInterest: float64(rng.IntN(10_000)), IV: rng.Float64(), Delta: rng.Float64(),
					Gamma: rng.Float64(), Theta: rng.Float64(), Vega: rng.Float64(), Spot: 600, SpotUpdated: now,
				}, ModeEnrich})
			}
		}
		on.Publish()
	}
	book.Apply(&Tick{Now: now})
	return book
}

// What is carried over at midnight after a day in which 50,000 contracts traded.
func BenchmarkCarry(b *testing.B) {
	run := endOfDay(b, 50_000, 30)
	var data []byte
	b.ReportAllocs()
	for b.Loop() {
		data = LogOf(run).Carry(nil)
	}
	b.ReportMetric(float64(len(data))/1e6, "MB")
}

func BenchmarkCarryTaken(b *testing.B) {
	run := endOfDay(b, 50_000, 30)
	data := LogOf(run).Carry(nil)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		again := New(tape.New(tape.Options{}), Options{})
		for symbol := range LogOf(run).Contracts {
			again.Apply(&Contract{Symbol: symbol})
		}
		b.StartTimer()
		in := Carry{Image: data}
		if again.Apply(&in); !in.Taken {
			b.Fatal(in.Err)
		}
	}
}

// What it costs a recorder to ask of each bar whether the date moves.
func BenchmarkMoves(b *testing.B) {
	on := tape.New(tape.Options{})
	book := New(on, Options{})
	id := internTest(on, 0)
	in := &Bar{Bar: model.Bar{Contract: id, Span: model.Second, Start: marketOpen, Volume: 5, DayVolume: 5}}
	book.Apply(in)
	for b.Loop() {
		if _, moves := LogOf(book).Moves(in); moves {
			b.Fatal("it is today's")
		}
	}
}
