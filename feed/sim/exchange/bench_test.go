package exchange

import "testing"

// BenchmarkStart is a market from nothing to its first second.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		m := NewMarket(Options{Seed: 1, Start: monday, Faults: AllFaults()})
		m.mu.Lock()
		m.catchUp()
		m.mu.Unlock()
	}
}

// BenchmarkTrade makes trades and their bars, without anybody listening.
func BenchmarkTrade(b *testing.B) {
	for _, rate := range []float64{250, 50_000} {
		b.Run(ms(int64(rate)), func(b *testing.B) {
			m := NewMarket(Options{Seed: 1, Start: monday, Rate: rate})
			m.mu.Lock()
			defer m.mu.Unlock()
			m.catchUp()
			from := m.Prints.log.next
			for b.Loop() {
				m.step()
				m.schedule.release(m.frontier)
			}
			n := float64(m.Prints.log.next-from) / float64(b.N)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/trade")
			b.ReportMetric(n, "trades/step")
		})
	}
}
