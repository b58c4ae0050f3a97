package clock

import (
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"optflow/feed/faults"
)

// hand is a machine whose time goes on when a test says so.
type hand struct{ at time.Time }

func newHand() *hand { return &hand{time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)} }

func (h *hand) now() time.Time       { return h.at }
func (h *hand) pass(d time.Duration) { h.at = h.at.Add(d) }
func (h *hand) clock() *Clock        { return On(Machine{Now: h.now, Wall: h.now}) }

// server is another machine's clock: some time ahead of ours, running at its
// own rate, stating whole seconds.
type server struct {
	*hand
	start time.Time
	first int64
	rate  float64
}

func (h *hand) server(ahead time.Duration, rate float64) *server {
	return &server{hand: h, start: h.at, first: h.at.Add(ahead).UnixMilli(), rate: rate}
}

func (s *server) now() int64 {
	return s.first + int64(s.rate*float64(s.at.Sub(s.start))/float64(time.Millisecond))
}

func (s *server) date() int64 { return s.now() / 1000 * 1000 }

func within(t *testing.T, what string, got, want, tolerance int64) {
	t.Helper()
	if got < want-tolerance || got > want+tolerance {
		t.Errorf("%s: market time is off by %d ms, at most %d are fine", what, got-want, tolerance)
	}
}

func TestClockStartsAsWallTime(t *testing.T) {
	h := newHand()
	c := h.clock()
	h.pass(90 * time.Minute)
	within(t, "unset", c.Now(), h.at.UnixMilli(), 0)
}

func TestFault37ClockFollowsAServer(t *testing.T) {
	faults.Open(t, 37)
	for _, ahead := range []time.Duration{0, 400 * time.Millisecond, 10 * time.Minute, -10 * time.Minute, 8 * time.Hour, -90 * 24 * time.Hour} {
		h := newHand()
		c, s := h.clock(), h.server(ahead+123*time.Millisecond, 1)
		for range 50 {
			c.Set(s.date(), h.at)
			within(t, ahead.String(), c.Now(), s.now(), 1000)
			h.pass(7300 * time.Millisecond)
		}
		within(t, ahead.String(), c.Now(), s.now(), 1000)
		if off := time.Duration(c.Standing(h.at).Machine)*time.Millisecond + ahead; off < -time.Second || off > time.Second {
			t.Errorf("this machine is %v ahead, want about %v", c.Standing(h.at).Machine, -ahead)
		}
	}
}

// Rounding to whole seconds and slow answers must not make the clock jitter.
// What this machine's time had begun, such as a trading date, is put right by
// whoever sees the leap.
func TestFault37TheFirstStatementMayBeALeap(t *testing.T) {
	faults.Open(t, 37)
	for ahead, leaps := range map[time.Duration]uint64{0: 0, 30 * time.Second: 0, -30 * time.Second: 0, -6 * 24 * time.Hour: 1, 3 * time.Hour: 1} {
		h := newHand()
		c, s := h.clock(), h.server(ahead, 1)
		c.Set(s.date(), h.at)
		if got := c.Standing(h.at).Leaps; got != leaps {
			t.Errorf("%s ahead: %d leaps, want %d", ahead, got, leaps)
		}
	}
}

func TestClockRunsEvenly(t *testing.T) {
	h := newHand()
	c, s := h.clock(), h.server(3700*time.Millisecond, 1)
	for i := range 200 {
		stated := s.date()
		h.pass(time.Duration(i*i%900) * time.Millisecond)
		c.Set(stated, h.at)
		before := c.Now()
		h.pass(time.Second)
		if step := c.Now() - before; i > 20 && step != 1000 {
			t.Fatalf("statement %d: a second lasted %d ms", i, step)
		}
	}
	within(t, "end", c.Now(), s.now(), 1000)
}

func TestClockLearnsTheRate(t *testing.T) {
	for _, rate := range []float64{0.5, 2, 10, 60, 390} {
		h := newHand()
		c, s := h.clock(), h.server(time.Hour, rate)
		for range 40 {
			c.Set(s.date(), h.at)
			h.pass(1500 * time.Millisecond)
		}
		before, truth := c.Now(), s.now()
		h.pass(10 * time.Second)
		step, want := float64(c.Now()-before), float64(s.now()-truth)
		if step < want*0.97 || step > want*1.03 {
			t.Errorf("rate %g: %g ms passed, want %g", rate, step, want)
		}
		within(t, "speed", c.Now(), s.now(), int64(1500+300*rate))
	}
}

// A step of the server's clock is no rate. A long one is taken once the server
// has said it often enough, since this machine's clock says otherwise.
func TestFault37ClockTakesAStep(t *testing.T) {
	faults.Open(t, 37)
	for step, after := range map[time.Duration]int{
		8 * time.Hour: 6, -8 * time.Hour: 6, 30 * time.Second: 0, -30 * time.Second: agreeing,
	} {
		h := newHand()
		c, s := h.clock(), h.server(0, 1)
		for i := range 30 {
			if i == 12 {
				s.first += step.Milliseconds()
			}
			c.Set(s.date(), h.at)
			h.pass(5 * time.Second)
			switch {
			case i >= 12+after:
				within(t, step.String(), c.Now(), s.now(), 2000)
			case i >= 12 && after > agreeing:
				within(t, step.String()+" said too few times", c.Now(), h.at.UnixMilli(), 2000)
			}
		}
		before := c.Now()
		h.pass(time.Minute)
		if passed := c.Now() - before; passed != 60_000 {
			t.Errorf("after a step of %v a minute lasts %d ms", step, passed)
		}
	}
}

func TestClockHoldsOverSmallCorrections(t *testing.T) {
	h := newHand()
	c := h.clock()
	now := h.at.UnixMilli()
	c.Set(now+4_001, h.at) // not whole seconds: exact
	high := c.Now()
	for range agreeing {
		c.Set(now+1, h.at)
	}
	if got := c.Now(); got != high {
		t.Errorf("a small correction moved the clock by %d ms", got-high)
	}
	h.pass(3500 * time.Millisecond)
	within(t, "after the hold", c.Now(), now+1+travel+3_500, 0)
}

func TestClockSeesEvents(t *testing.T) {
	h := newHand()
	c := h.clock()
	now := c.Now()
	c.Event(now-1_000, h.at)
	within(t, "past event", c.Now(), now, 0)
	c.Event(now+2_000, h.at)
	within(t, "event ahead", c.Now(), now+2_000, 0)
	c.Event(now+1e12, h.at)
	within(t, "absurd event", c.Now(), now+2_000, 0)
	for i := range int64(20) {
		c.Event(now+600_000+i, h.at)
	}
	within(t, "strays", c.Now(), now+2_000, 0)
	c.Set(now/1000*1000, h.at)
	h.pass(5 * time.Second) // it stands still, and does not go back
	within(t, "a server knows better", c.Now(), now+5_000, 1000)
}

// Whatever is stated, time given out never goes back by a little, on any
// goroutine.
func TestClockNeverSlipsBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		h := newHand()
		c := h.clock()
		base, last := c.Now(), int64(0)
		for _, by := range rapid.SliceOfN(rapid.Int64Range(-4_000, 1_000_000), 1, 40).Draw(r, "statements") {
			if by%2 == 0 {
				c.Event(base+by, h.at)
			} else {
				c.Set(base+by, h.at)
			}
			now := c.Now()
			if now < last && last-now <= heldBack {
				r.Fatalf("slipped back by %d ms", last-now)
			}
			last = now
		}
	})
}

// A clock that is driven runs at the rate given, forwards, backwards and not at
// all, whatever anybody says of the time.
func TestClockDriven(t *testing.T) {
	h := newHand()
	c, s := h.clock(), h.server(time.Hour, 60)
	for range 20 { // it has learnt something to be forgotten
		c.Set(s.date(), h.at)
		h.pass(2 * time.Second)
	}
	for _, d := range []struct {
		at   int64
		rate float64
	}{{1_000_000_000_000, 1}, {1_000_000_000_000, 600}, {999_999_000_000, 0.25}, {1_000_000_000_000, 0}, {500, 1}, {1_795_000_000_000, 10}} {
		c.Drive(d.at, d.rate)
		if now := c.Now(); now != d.at {
			t.Errorf("at rate %v it starts at %d, want %d", d.rate, now, d.at)
		}
		for range 8 {
			h.pass(4 * time.Second)
			c.Set(s.date(), h.at)
			c.Event(c.Now()+30_000, h.at)
			c.Heard(c.Now()-3_600_000, 0, h.at)
		}
		if now, want := c.Now(), d.at+int64(d.rate*32_000); now != want {
			t.Errorf("at rate %v from %d it shows %d, want %d", d.rate, d.at, now, want)
		}
		if s := c.Standing(h.at); s.Provisional || s.Server != 0 || s.Stream != 0 || s.Machine != 0 {
			t.Errorf("driven, it rests on %+v", s)
		}
	}
}

func TestClockFromManyGoroutines(t *testing.T) {
	c := New()
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			last := int64(0)
			for i := range int64(2_000) {
				switch now := c.Now(); {
				case now < last:
					t.Errorf("slipped back by %d ms", last-now)
				case i%50 == 0:
					c.Set(now-i%3*400, time.Now())
				case i%7 == 0:
					c.Event(now+1, time.Now())
				default:
					last = now
				}
			}
		})
	}
	group.Wait()
}

func BenchmarkClockNow(b *testing.B) {
	c := New()
	for b.Loop() {
		c.Now()
	}
}

func BenchmarkClockPastEvent(b *testing.B) {
	c := New()
	now, at := c.Now(), time.Now()
	for b.Loop() {
		c.Event(now-2_000, at)
	}
}
