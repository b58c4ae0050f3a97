package feed

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func statusFrame(n int) frame {
	return frame{data: fmt.Appendf(nil, `[{"ev":"status","n":%d}]`, n), conn: uint64(n)}
}

func dataFrame(n, size int) frame {
	return frame{data: []byte(strings.Repeat("x", size)), conn: uint64(n), at: time.Unix(int64(n), 0)}
}

// Whatever is pushed and taken: the order stays, the bounds hold, no status is
// lost, and what is lost is counted.
func TestRingKeepsOrderBoundsAndStatuses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const most = 8
		r := newRing(most, 1000)
		var statuses, got []uint64
		pushed, taken, dropped := 0, 0, 0
		last := uint64(0)
		into := make([]frame, 3)
		drain := func(n int) {
			k := r.take(into[:n])
			for _, f := range into[:k] {
				if f.conn <= last {
					t.Fatalf("frame %d after %d", f.conn, last)
				}
				last = f.conn
				if holdsStatus(f.data) {
					got = append(got, f.conn)
				}
			}
			taken += k
			r.recycle(into[:k])
		}
		// Statuses stay few enough for the ring's patience with them.
		for n := 1; n <= rapid.IntRange(0, 100).Draw(t, "steps"); n++ {
			pushed++
			if len(statuses)-len(got) < 2*most && rapid.IntRange(0, 4).Draw(t, "status") == 0 {
				statuses = append(statuses, uint64(n))
				r.push(statusFrame(n))
			} else {
				r.push(dataFrame(n, rapid.IntRange(1, 400).Draw(t, "size")))
			}
			if data := r.n - (len(statuses) - len(got)); data > most {
				t.Fatalf("%d frames of data held", data)
			}
			if rapid.Bool().Draw(t, "take") {
				drain(rapid.IntRange(1, 3).Draw(t, "n"))
			}
			d, _ := r.drops()
			dropped += int(d)
		}
		for r.n > 0 {
			drain(3)
		}
		if pushed != taken+dropped {
			t.Fatalf("%d pushed, %d taken, %d dropped", pushed, taken, dropped)
		}
		if fmt.Sprint(statuses) != fmt.Sprint(got) {
			t.Fatalf("statuses %v came out as %v", statuses, got)
		}
		if r.bytes != 0 {
			t.Fatalf("an empty ring counts %d bytes", r.bytes)
		}
	})
}

func TestRingDropsTheOldestAndSaysSince(t *testing.T) {
	r := newRing(2, 1000)
	for n := 1; n <= 5; n++ {
		r.push(dataFrame(n, 10))
	}
	n, since := r.drops()
	if n != 3 || !since.Equal(time.Unix(1, 0)) {
		t.Fatalf("dropped %d since %v", n, since)
	}
	if n, _ := r.drops(); n != 0 {
		t.Fatalf("%d drops told twice", n)
	}
	into := make([]frame, 4)
	if k := r.take(into); k != 2 || into[0].conn != 4 || into[1].conn != 5 {
		t.Fatalf("%d frames left, %d and %d", k, into[0].conn, into[1].conn)
	}
}

// A server that sends nothing but statuses, faster than they can be read, does
// not take all memory.
func TestRingBoundsStatusesToo(t *testing.T) {
	r := newRing(4, 1<<20)
	for n := range 1000 {
		r.push(statusFrame(n))
	}
	if r.n > statusSlack*4+1 {
		t.Fatalf("%d statuses held", r.n)
	}
}

func BenchmarkRing(b *testing.B) {
	r := newRing(1024, 1<<20)
	into := make([]frame, drainFrames)
	buf := make([]byte, 0, 256)
	b.ReportAllocs()
	for b.Loop() {
		for range drainFrames {
			buf = r.push(frame{data: append(buf[:0], "some text"...)})
		}
		r.recycle(into[:r.take(into)])
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/drainFrames, "ns/frame")
}
