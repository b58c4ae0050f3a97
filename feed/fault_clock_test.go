package feed

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"optflow/feed/faults"
	"optflow/model"
)

// clocks are the sources of market time beside the bars, each wrong by so much.
type clocks struct {
	*rig
	rest, wall atomic.Int64 // ns
}

func newClocks(t *testing.T) *clocks {
	c := &clocks{}
	c.rig = newRig(t, newMarket(chainSymbols("SPY", 12)...), func(o *Options) {
		o.Machine.Wall = func() time.Time { return time.Now().Add(time.Duration(c.wall.Load())) }
	})
	return c
}

// pass lets time pass in which REST states its time every two seconds.
func (c *clocks) pass(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(2 * time.Second) {
		c.engine.clock.Set(time.Now().Add(time.Duration(c.rest.Load())).Unix()*1000, time.Now())
	}
	synctest.Wait()
}

// whole holds every lot against the truth: all in rows, none in gaps.
func (c *clocks) whole() {
	c.t.Helper()
	c.market.set(func() { c.market.perSec = 0 })
	c.pass(2 * time.Minute)
	c.everyLot()
	s := c.state()
	if want := model.TradingDate(time.Now().UnixMilli()); s.Session.Date != want || s.Counters.Held != 0 {
		c.t.Errorf("shows %v on %v, %d bars held back", s.Session.Date, want, s.Counters.Held)
	}
	if rows, gaps := c.checkAccounts(); rows == 0 || gaps != 0 {
		c.t.Errorf("%d lots in rows, %d in gaps", rows, gaps)
	}
}

// One clock but the bars' own stamps is wrong, by whatever, from whenever on, with
// the stream there or away: no row is lost.
func TestFault37OneClockIsWrong(t *testing.T) {
	faults.Open(t, 37)
	for _, by := range []time.Duration{26 * time.Hour, -26 * time.Hour, 9 * time.Minute, 40 * 24 * time.Hour} {
		for name, liar := range map[string]func(c *clocks) *atomic.Int64{
			"server":       func(c *clocks) *atomic.Int64 { return &c.rest },
			"this machine": func(c *clocks) *atomic.Int64 { return &c.wall },
		} {
			for _, streams := range []bool{true, false} {
				t.Run(fmt.Sprintf("%s by %v, stream %v", name, by, streams), func(t *testing.T) {
					inBubble(t, func(t *testing.T) {
						c := newClocks(t)
						c.live(time.Second)
						c.pass(time.Minute)
						liar(c).Store(int64(by))
						if !streams {
							c.server.set(func() { c.server.silent = true })
						}
						c.pass(90 * time.Second)
						c.server.set(func() { c.server.silent = false })
						c.pass(5 * time.Minute)
						c.whole()
					})
				})
			}
		}
	}
}

// Any one source may say anything at any time.
func TestFault37ClocksFromSeeds(t *testing.T) {
	faults.Open(t, 37)
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { silences(t, seed, true) })
	}
}

// Silences that begin and end anywhere in a second, and polls between: seeds in
// which lots that REST has once stayed a gap.
func TestFault20SilencesFromSeeds(t *testing.T) {
	faults.Open(t, 20)
	for _, seed := range []uint64{81, 101, 121, 197, 284, 299} {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { silences(t, seed, false) })
	}
}

// silences plays a stream that falls silent and comes back, with or without a
// clock that lies meanwhile, and holds every lot against the truth.
func silences(t *testing.T, seed uint64, lies bool) {
	inBubble(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(seed, 37))
		c := newClocks(t)
		c.live(time.Second)
		liar := []*atomic.Int64{&c.rest, &c.wall}[seed%2]
		for range 12 {
			liar.Store(0)
			if r.IntN(3) > 0 {
				if by := r.Int64N(int64(2000*time.Hour)) - int64(1000*time.Hour); lies {
					liar.Store(by)
				}
			}
			c.server.set(func() { c.server.silent = r.IntN(4) == 0 })
			c.pass(time.Duration(1+r.IntN(60)) * time.Second)
		}
		liar.Store(0)
		c.server.set(func() { c.server.silent = false })
		c.pass(5 * time.Minute)
		c.whole()
	})
}

// Bars stamped for tomorrow are held back and counted, and close no account; so
// are those of a day that is over.
func TestFault37BarsOfAnotherDay(t *testing.T) {
	inFault(t, 37, func(t *testing.T, run *faults.Run) {
		c := newClocks(t)
		c.live(time.Second)
		c.pass(10 * time.Second)
		for _, by := range []time.Duration{26 * time.Hour, -50 * time.Hour} {
			var frame []string
			for _, symbol := range chainSymbols("SPY", 5) {
				frame = append(frame, bar{"A", symbol, time.Now().Add(by).Unix() * 1000, 1000, 7, 1000, 4}.json())
			}
			c.server.last().put([]byte("[" + strings.Join(frame, ",") + "]"))
		}
		c.await(time.Second, "held", func(s *model.State) bool { return s.Counters.Held == 10 && len(s.Notes) > 0 })
		c.pass(2 * time.Minute)
		c.market.set(func() { c.market.perSec = 0 })
		c.pass(2 * time.Minute)
		c.everyLot()
		if s := c.state(); s.Counters.Held != 10 || s.Session.Date != model.MakeDate(2000, time.January, 3) {
			t.Errorf("%d held, date %v", s.Counters.Held, s.Session.Date)
		}
		if _, gaps := c.checkAccounts(); gaps != 0 {
			t.Errorf("%d lots in gaps", gaps)
		}
	})
}

// Midnight is progress and needs no vote, while a clock is wrong as well.
func TestFault37MidnightWithAWrongClock(t *testing.T) {
	inFault(t, 37, func(t *testing.T, run *faults.Run) {
		for _, by := range []time.Duration{0, 26 * time.Hour, -3 * time.Hour} {
			time.Sleep(time.Until(model.TradingDate(time.Now().UnixMilli()).At(22, 0)))
			c := newClocks(t)
			c.live(time.Second)
			c.wall.Store(int64(by))
			c.pass(time.Minute)
			c.market.set(func() { c.market.perSec = 0 }) // two hours in which nothing trades
			time.Sleep(time.Until(model.TradingDate(time.Now().UnixMilli()).At(23, 57)))
			c.market.set(func() { c.market.perSec = 5 })
			c.pass(4 * time.Minute)
			if s := c.state(); s.Session.Date != model.TradingDate(time.Now().UnixMilli()) {
				t.Errorf("wall wrong by %v: shows %v", by, s.Session.Date)
			}
			c.end()
		}
	})
}
