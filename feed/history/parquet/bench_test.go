package parquet

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"optflow/feed/history"
	"optflow/feed/history/historytest"
	"optflow/feed/history/rerun"
	"optflow/model"
	"optflow/model/book"
)

// A row costs 2 µs at most to write (docs/performance.md).
func BenchmarkWrite(b *testing.B) {
	r, contracts := rand.New(rand.NewPCG(1, 2)), manyContracts(b)
	rows := market(r, contracts, 1<<18)
	path := filepath.Join(b.TempDir(), Bursts)
	f, err := create(path, columnsOf(true), nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if err := f.add(&rows[i%len(rows)]); err != nil {
			b.Fatal(err)
		}
	}
	if err := f.finish(); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(sizeOf(b, path))/float64(b.N), "B/row")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N), "ns/row")
}

// A search reads a day of a million rows in 50 ms (docs/performance.md).
func BenchmarkScan(b *testing.B) {
	const rows = 1 << 20
	path := filepath.Join(b.TempDir(), Bursts)
	f, err := create(path, columnsOf(true), nil)
	if err != nil {
		b.Fatal(err)
	}
	for _, l := range market(rand.New(rand.NewPCG(1, 2)), manyContracts(b), rows) {
		if err := f.add(&l); err != nil {
			b.Fatal(err)
		}
	}
	if err := f.finish(); err != nil {
		b.Fatal(err)
	}
	for _, search := range []struct {
		name       string
		conditions []Condition
	}{
		{"calls over a million", []Condition{{Column: "underlying", In: []string{"NVDA"}}, {Column: "type", In: []string{"call"}}, AtLeast("premium", 4e6)}},
		{"a ticker", []Condition{{Column: "underlying", In: []string{"NVDA"}}}},
		{"all", nil},
	} {
		b.Run(search.name, func(b *testing.B) {
			found := 0
			b.ReportAllocs()
			for range b.N {
				found = 0
				if err := Scan(context.Background(), path, search.conditions, func(*Row) bool { found++; return true }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
			b.ReportMetric(float64(found), "found")
		})
	}
}

// A day of a million rows is gone through and written, in so much memory beyond
// its book's.
func BenchmarkDerive(b *testing.B) {
	root := b.TempDir()
	day := busy(b, root, 1<<20)
	alone, _ := peak(b, func() error {
		return rerun.Day(context.Background(), day, nil, rerun.Face{})
	})
	b.ResetTimer()
	for range b.N {
		heap, took := peak(b, func() error {
			_, err := Derive(context.Background(), Request{Day: day, History: root})
			return err
		})
		made := Dir(root, "sim", monday)
		b.ReportMetric(float64(took.Nanoseconds())/(1<<20), "ns/row")
		b.ReportMetric(float64(heap-alone)/(1<<20), "MB-beyond-book")
		b.ReportMetric(float64(sizeOf(b, filepath.Join(made, Windows)))/(1<<20), "B/window")
		b.ReportMetric(float64(sizeOf(b, filepath.Join(made, Bursts)))/(1<<20), "burst-B/window")
		b.ReportMetric(float64(sizeOf(b, filepath.Join(made, Minutes))), "minutes-B")
	}
}

// busy is a recorded day of so many bars, as market makes them.
func busy(b *testing.B, root string, bars int) history.Day {
	d := historytest.New(b, monday, 7)
	contracts := manyContracts(b)
	ids := make([]model.ContractID, len(contracts))
	for i, c := range contracts {
		in := &book.Contract{Symbol: c.Symbol, Traded: true}
		d.Tell(in)
		ids[i] = in.ID
	}
	for _, name := range []string{"NVDA", "SPX", "SPY", "TSLA", "AAPL"} {
		d.Tell(&book.Baseline{Ticker: name, Read: d.Now})
	}
	last := make(map[model.ContractID]int64)
	for _, l := range market(rand.New(rand.NewPCG(1, 2)), contracts, bars) {
		id := ids[l.Of.ID]
		if at := l.Start + 1000; at > d.Now {
			d.Tick(at - d.Now)
		}
		if last[id] == l.Start {
			continue // one bar of a second
		}
		last[id] = l.Start
		p := float64(l.Close)
		d.Tell(&book.Bar{Bar: model.Bar{Contract: id, Span: model.Second, Start: l.Start, Volume: int64(l.Size), DayVolume: int64(l.DayVolume),
			Open: p, High: p, Low: p, Close: p, Vwap: p, DayVwap: p, AvgSize: 3}})
	}
	return d.Save(history.Store{Dir: filepath.Join(root, "sim")}, history.Header{Sim: true})
}

// peak is the most heap that was in use, and how long it took.
func peak(b *testing.B, work func() error) (heap int64, took time.Duration) {
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	runtime.GC()
	var before, m runtime.MemStats
	runtime.ReadMemStats(&before)
	done := make(chan error, 1)
	began := time.Now()
	go func() { done <- work() }()
	for {
		select {
		case err := <-done:
			if err != nil {
				b.Fatal(err)
			}
			return heap, time.Since(began)
		case <-time.After(20 * time.Millisecond):
			runtime.ReadMemStats(&m)
			heap = max(heap, int64(m.HeapAlloc-before.HeapAlloc))
		}
	}
}
