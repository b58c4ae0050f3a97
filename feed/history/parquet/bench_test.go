package parquet

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"testing"
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
