package search

import (
	"context"
	"path/filepath"
	"testing"

	"optflow/feed/history"
	"optflow/feed/history/historytest"
	"optflow/feed/history/parquet"
)

// A day of a million rows is searched in 50 ms (docs/performance.md).
func BenchmarkSearch(b *testing.B) {
	d := historytest.Of(b, monday, 1, historytest.Crowd(3000), 90)
	d.Seconds(23_000)
	root := b.TempDir()
	day := d.Save(history.Store{Dir: filepath.Join(root, "sim")}, history.Header{})
	made, err := parquet.Derive(context.Background(), parquet.Request{Day: day, History: root})
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%d windows in %d bursts, %d MB of log", made.Windows, made.Bursts, day.Size>>20)
	for _, line := range []string{"nvda calls prem>=1m", "nvda prem>=500k side=ask", "whale sure", "prem>=250k time>=15:30"} {
		b.Run(line, func(b *testing.B) {
			q := query(line, 25_000)
			q.History = root
			found := 0
			for b.Loop() {
				found = 0
				if _, err := q.Day(context.Background(), day, nil, func(Found) bool { found++; return true }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/day")
			b.ReportMetric(float64(found), "found")
		})
	}
	b.Run("log", func(b *testing.B) {
		q := query("nvda calls prem>=1m", 25_000)
		for b.Loop() {
			if _, err := q.Day(context.Background(), day, nil, func(Found) bool { return true }); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(made.Windows), "ns/row")
	})
}
