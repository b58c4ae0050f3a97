//go:build unix

package main

import (
	"os"
	"slices"
	"testing"
	"time"
)

// TestStartTime times the program from its being run to its first frame and to
// its first rows. It judges times, so it runs by `make bench-latency` only.
func TestStartTime(t *testing.T) {
	if os.Getenv("OPTFLOW_BENCH") == "" {
		t.Skip("measures real time: make bench-latency")
	}
	binary(t)
	var frames, rowsAt []time.Duration
	for range 15 {
		began := time.Now()
		x := start(t, 160, 43, nil)
		x.await("a frame", func(screen string) bool { return holds(screen, "TIME") })
		frames = append(frames, time.Since(began))
		x.await("rows", func(screen string) bool { return len(rows(screen)) > 0 })
		rowsAt = append(rowsAt, time.Since(began))
		x.press("q")
		x.awaitEnd(patience)
	}
	for _, m := range []struct {
		what string
		all  []time.Duration
		most time.Duration
	}{{"first frame", frames, 60 * time.Millisecond}, {"first rows of the built-in market", rowsAt, 500 * time.Millisecond}} {
		slices.Sort(m.all)
		median := m.all[len(m.all)/2]
		t.Logf("%s after %v, the longest %v (the goal is %v)", m.what, median.Round(100*time.Microsecond), m.all[len(m.all)-1].Round(100*time.Microsecond), m.most)
		if median > m.most {
			t.Errorf("%s after %v, the goal is %v", m.what, median, m.most)
		}
	}
}
