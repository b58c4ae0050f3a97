package feed

import (
	"math/rand/v2"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"optflow/feed/faults"
	"optflow/feed/source"
	"optflow/model"
	"optflow/model/tape"
)

// A day and a night on a bad network: every ten minutes something goes wrong for
// up to a minute. Nothing grows, and in the end every lot is accounted for.
func TestFault67Soak(t *testing.T) {
	faults.Open(t, 67)
	if raced {
		t.Skip("what grows in a day is judged without the race detector")
	}
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 40)...)
		m.hours, m.perSec = true, 3
		r := newRig(t, m, func(o *Options) {
			o.Tape = tape.New(tape.Options{}) // which forgets, as the program's does
		})
		r.tape = r.engine.tape
		r.live(time.Second)
		random := rand.New(rand.NewPCG(67, 67))
		var heap []uint64 // after each hour, in bytes
		goroutines := 0
		for hour := range 24 {
			for range 6 {
				spoil(r, random.IntN(9))
				time.Sleep(time.Duration(1+random.IntN(60)) * time.Second)
				r.server.set(func() {
					hostility(r.server, -1)
					r.server.deaf = false
				})
				m.set(func() { m.fail = nil })
				r.live(10 * time.Minute)
				next := time.Now().Truncate(10 * time.Minute).Add(10 * time.Minute)
				time.Sleep(time.Until(next))
				synctest.Wait()
			}
			heap = append(heap, heapInUse(r))
			if hour == 0 {
				goroutines = runtime.NumGoroutine()
			}
			if n := runtime.NumGoroutine(); n > goroutines+2 { // a request may be under way
				t.Errorf("%d goroutines after hour %d, %d after the first", n, hour, goroutines)
			}
			if now := time.Now().In(model.NewYork); now.Hour() == 17 {
				r.everyLot()
			}
		}
		// The first hours fill what is bounded, so the last twelve tell.
		const most = 1 << 20 // bytes an hour
		if grown := int64(heap[23]) - int64(heap[11]); grown > 12*most {
			t.Errorf("the heap grew by %d bytes in twelve hours: %d", grown, heap)
		}
		m.set(func() { m.perSec = 0 })
		time.Sleep(5 * time.Minute)
		r.everyLot()
		if n := len(r.dials()); n < 60 {
			t.Errorf("only %d dials: the faults did not reach it", n)
		}
	})
}

// spoil lets one thing go wrong.
func spoil(r *rig, what int) {
	s, m := r.server, r.market
	switch what {
	case 0, 1:
		s.last().cut(closeWith(1006))
	case 2:
		s.last().cut(closeWith(1012))
	case 3:
		s.set(func() { s.dialErr = dialError("connection refused") })
		s.last().cut(errConnection)
	case 4:
		s.set(func() { s.deaf, s.silent, s.noAcks = true, true, true })
	case 5:
		m.set(func() { m.fail = failWith(source.ErrorRateLimited, 429) })
		s.last().cut(closeWith(1001))
	case 6:
		m.set(func() { m.fail = failWith(source.ErrorServer, 503) })
		s.last().cut(closeWith(1011))
	case 7:
		s.set(func() { s.mute = true })
		s.last().cut(closeWith(1000))
	case 8:
		for range 5 {
			s.last().put([]byte(`[{"ev":"A","sym":"O:`))
		}
	}
}

// heapInUse is what the engine and its tape hold, the test's own truth left out.
func heapInUse(r *rig) uint64 {
	r.noKey("log", r.log.String())
	r.log.drop()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
