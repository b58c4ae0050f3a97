package burst

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"unsafe"

	"optflow/model"
)

// burstTraffic is a stream of second bars: `rate` windows a second over some
// contracts, heavy on few of them, 2 % late and 2 % corrections.
func burstTraffic(tb testing.TB, n, rate, count int) (*model.Contracts, []model.Row) {
	tb.Helper()
	contracts := model.NewRegistry()
	for i := range count {
		if _, err := contracts.Intern(fmt.Sprintf("O:%s261218C%08d", [...]string{"SPY", "QQQ"}[i%2], 1_000*(i/2+1))); err != nil {
			tb.Fatal(err)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(random, 1.1, 200, uint64(count-1))
	rows := make([]model.Row, 0, n)
	last := map[model.Identity]int{}
	for len(rows) < n {
		i := len(rows)
		second := i / rate
		if random.IntN(50) == 0 {
			second = max(0, second-random.IntN(20))
		}
		r := bar(model.ContractID(zipf.Uint64()), float64(second), uint32(1+random.IntN(60)), 2)
		r.Side, r.Certainty = model.Side(random.IntN(8)), model.CertaintySure
		if i > 100 && random.IntN(50) == 0 {
			r.Start, r.Contract = rows[i-1-random.IntN(100)].Start, rows[i-1-random.IntN(100)].Contract
			if j, ok := last[r.Identity()]; ok {
				r.Replaces = uint32(i - j)
			}
		} else if _, ok := last[r.Identity()]; ok {
			continue
		}
		last[r.Identity()] = i
		rows = append(rows, r)
	}
	return &contracts.Contracts, rows
}

// Goal: at most 300 ns and next to no allocations per window at 20,000 a second.
func BenchmarkBurstsAdd(b *testing.B) {
	contracts, rows := burstTraffic(b, 1<<20, 20_000, 90_000)
	for _, interval := range []Interval{IntervalOff, Interval10s, Interval5m} {
		b.Run(interval.String(), func(b *testing.B) {
			b.ReportAllocs()
			var bursts *Set
			for i := 0; b.Loop(); i++ {
				k := i & (len(rows) - 1)
				if k == 0 {
					bursts = New(contracts, Options{
						Interval: interval, At: func(seq uint64) (model.Row, bool) { return rows[seq], true },
					})
				}
				bursts.Add(rows[k], uint64(k))
				if k&511 == 0 {
					bursts.Drain()
				}
			}
		})
	}
}

// Memory of 200,000 bursts over the floor and a quarter of an hour of windows
// at 300 a second.
func BenchmarkBurstsMemory(b *testing.B) {
	contracts, rows := burstTraffic(b, 16*60*300, 300, 4_000)
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		bursts := New(contracts, Options{
			Interval: Interval10s, Rules: &model.Rules{Floor: 1}, At: func(seq uint64) (model.Row, bool) { return rows[seq], true },
		})
		for i, r := range rows {
			bursts.Add(r, uint64(i))
			if i&511 == 0 {
				bursts.Drain()
			}
		}
		windows := 0
		for _, s := range bursts.strands {
			if s != nil {
				windows += len(s.windows)
			}
		}
		for i := 0; bursts.Counts().Over < 200_000; i++ {
			bursts.Add(with(rows[len(rows)-1], func(r *model.Row) { r.Contract, r.Start = model.ContractID(i%4_000), r.Start+int64(i/4_000)*11_000 }), 0)
			bursts.Drain()
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB")
		b.ReportMetric(float64(windows), "windows")
		runtime.KeepAlive(bursts)
	}
	b.ReportMetric(float64(unsafe.Sizeof(Burst{})), "B/burst")
}
