package feed

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"optflow/feed/faults"
	"optflow/feed/massive"
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
		const bytesMost = 4000 // more than its statuses are
		r := newRing(most, bytesMost, massive.HasStatus)
		var statuses, got []uint64
		pushed, taken, dropped := 0, 0, 0
		last := uint64(0)
		into := make([]frame, 3)
		drain := func(n int) {
			k := r.take(into[:n], 1<<20)
			for _, f := range into[:k] {
				if f.conn <= last {
					t.Fatalf("frame %d after %d", f.conn, last)
				}
				last = f.conn
				if massive.HasStatus(f.data) {
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
			held := 0
			for i := range r.n {
				held += cap(r.frames[(r.head+i)%len(r.frames)].data)
			}
			if held != r.bytes || held > bytesMost {
				t.Fatalf("%d bytes held, %d counted", held, r.bytes)
			}
			if rapid.Bool().Draw(t, "take") {
				drain(rapid.IntRange(1, 3).Draw(t, "n"))
			}
			d := r.drops()
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

func TestRingDropsTheOldestAndCounts(t *testing.T) {
	r := newRing(2, 1000, massive.HasStatus)
	for n := 1; n <= 5; n++ {
		r.push(dataFrame(n, 10))
	}
	if n := r.drops(); n != 3 {
		t.Fatalf("dropped %d", n)
	}
	if n := r.drops(); n != 0 {
		t.Fatalf("%d drops told twice", n)
	}
	into := make([]frame, 4)
	if k := r.take(into, 1<<20); k != 2 || into[0].conn != 4 || into[1].conn != 5 {
		t.Fatalf("%d frames left, %d and %d", k, into[0].conn, into[1].conn)
	}
}

// A server that sends nothing but statuses, faster than they can be read, does
// not take all memory, and neither do giant frames that may hold one, or big
// buffers with little in them.
func TestFault28RingBoundsStatusesToo(t *testing.T) {
	faults.Open(t, 28)
	r := newRing(4, 1<<20, massive.HasStatus)
	for n := range 5000 {
		r.push(statusFrame(n))
	}
	if r.n > 4+statusMost+1 {
		t.Fatalf("%d statuses held", r.n)
	}
	for name, data := range map[string][]byte{
		"large statuses":  []byte(`[{"ev":"status"` + strings.Repeat(" ", massive.MaxStatus-100)),
		"giant statuses":  []byte(`[{"ev":"status"` + strings.Repeat(" ", 200<<10)),
		"escapes":         []byte(`[\` + strings.Repeat(" ", 60<<10)),
		"hollow statuses": append(make([]byte, 0, 100<<10), `"status"`...),
		"hollow bars":     make([]byte, 10, 100<<10),
	} {
		r := newRing(ringFrames, 1<<20, massive.HasStatus)
		for n := range 5000 {
			r.push(frame{data: data, conn: uint64(n)})
			if r.bytes > 1<<20 || r.n*cap(data) != r.bytes {
				t.Fatalf("%s: %d frames of %d bytes count as %d", name, r.n, cap(data), r.bytes)
			}
		}
		if last := r.frames[(r.head+r.n-1)%len(r.frames)]; last.conn != 4999 {
			t.Errorf("%s: the last frame is %d", name, last.conn)
		}
	}
}

// A status that is written with escapes is as dear as any other.
func TestRingKeepsEscapedStatuses(t *testing.T) {
	r := newRing(2, 1000, massive.HasStatus)
	r.push(frame{data: []byte(`[{"ev":"st\u0061tus","st\u0061tus":"max_connections"}]`), conn: 1})
	for n := 2; n < 9; n++ {
		r.push(dataFrame(n, 10))
	}
	into := make([]frame, 4)
	if n := r.take(into, 1000); n != 3 || into[0].conn != 1 {
		t.Fatalf("%d frames, the first %d", n, into[0].conn)
	}
}

func TestRingGivesInPortions(t *testing.T) {
	r := newRing(10, 1<<20, massive.HasStatus)
	for n := 1; n <= 4; n++ {
		r.push(dataFrame(n, 100*n))
	}
	into := make([]frame, 8)
	for _, want := range []int{2, 1, 1, 0} {
		if n := r.take(into, 300); n != want {
			t.Errorf("%d frames, want %d", n, want)
		}
	}
}

func BenchmarkRing(b *testing.B) {
	r := newRing(1024, 1<<20, massive.HasStatus)
	into := make([]frame, drainFrames)
	buf := make([]byte, 0, 256)
	b.ReportAllocs()
	for b.Loop() {
		for range drainFrames {
			buf = r.push(frame{data: append(buf[:0], "some text"...)})
		}
		r.recycle(into[:r.take(into, 1<<20)])
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/drainFrames, "ns/frame")
}

// While giant frames come one buffer goes round for them, and a small one between
// them takes no more than it needs. Once they come no more it goes.
func TestRingKeepsOneGiantBuffer(t *testing.T) {
	r := newRing(ringFrames, ringBytes, massive.HasStatus)
	into := make([]frame, 1)
	take := func() {
		r.take(into, 1<<30)
		r.recycle(into)
	}
	giant := make([]byte, 2*bufferKeep)
	r.push(frame{data: giant})
	take()
	next := r.push(frame{data: []byte("small")})
	if cap(next) != cap(giant) {
		t.Fatalf("a buffer of %d bytes, want the giant one", cap(next))
	}
	next = r.push(frame{data: append(next, "small"...)})
	if cap(next) != cap(giant) || r.bytes > 2*bufferFirst {
		t.Fatalf("%d bytes are counted for two small frames, and the next buffer has %d", r.bytes, cap(next))
	}
	for range giantFor {
		next = r.push(frame{data: append(next, "small"...)})
		take()
	}
	if cap(next) > bufferKeep || r.giant != nil {
		t.Errorf("a buffer of %d bytes after %d small frames", cap(next), giantFor)
	}
}
