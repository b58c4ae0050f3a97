package feed

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"optflow/feed/faults"
	"optflow/feed/link"
	"optflow/model"
)

const (
	planText = "Your plan doesn't include websocket access. Visit https://massive.com/pricing to upgrade."
	maxText  = "Maximum number of websocket connections exceeded."
)

// Each state that a silent server leaves us in has a deadline and a sentence,
// and all of them end in Backoff with REST at work.
func TestSilencesHaveDeadlines(t *testing.T) {
	for _, tt := range []struct {
		name   string
		knob   func(*server)
		phase  model.Phase
		within time.Duration
		reason string
	}{
		{"black hole", func(s *server) { s.blackHole = true }, model.PhaseDialing, link.DialTimeout + time.Second, "deadline exceeded"},
		{"no greeting", func(s *server) { s.mute = true }, model.PhaseGreeting, link.GreetingTimeout + time.Second, "server sent no greeting"},
		{"no login", func(s *server) { s.noLogin = true }, model.PhaseAuthenticating, link.AuthTimeout + time.Second, "server did not answer the login"},
		{"auth timeout", func(s *server) { s.login = [2]string{"auth_timeout", "No authentication request received."} }, model.PhaseIdle, time.Second, "login came too late"},
		{"no acknowledgement", func(s *server) { s.noAcks, s.silent = true, true }, model.PhaseSubscribing, 2*link.AckTimeout + 2*time.Second, "subscription was not acknowledged"},
		{"refused", func(s *server) { s.dialErr = dialError("feed refused connection") }, model.PhaseIdle, time.Second, "feed refused connection"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				m := newMarket(chainSymbols("SPY", 8)...)
				tt.knob(m.server)
				r := newRig(t, m, func(o *Options) {
					if tt.phase == model.PhaseSubscribing {
						o.Subscribe = link.SubscribeAll
					}
				})
				if tt.phase != model.PhaseIdle {
					r.phase(tt.phase, 500*time.Millisecond)
				}
				s := r.phase(model.PhaseBackoff, tt.within)
				if !strings.Contains(s.Reason, tt.reason) || s.Link != model.Polling || s.RetryAt == 0 {
					t.Errorf("link %d, reason %q, retry at %d", s.Link, s.Reason, s.RetryAt)
				}
				dials := r.server.dialled()
				time.Sleep(time.Hour)
				if more := r.server.dialled() - dials; more < 20 {
					t.Errorf("only %d more dials in an hour: it must never give up", more)
				}
				if r.market.count("chain") < 100 {
					t.Errorf("%d polls in an hour", r.market.count("chain"))
				}
			})
		})
	}
}

// Another program takes the key's slot: wait a minute, try once more, then
// leave it the stream and poll, until somebody asks for it back.
func TestFault11Evicted(t *testing.T) {
	run := faults.Open(t, 11)
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		m.server.onDial = func(_ int, w *fakeWire) {
			if !w.wait(90 * time.Second) {
				return
			}
			w.say("max_connections", maxText)
			w.cut(closeWith(1008))
		}
		r := newRig(t, m, nil)
		r.live(time.Second)
		evicted := time.Now().Add(90 * time.Second)
		s := r.phase(model.PhaseEvicted, 91*time.Second)
		run.Noticed(max(time.Since(evicted), 0))
		if !strings.HasPrefix(s.Reason, "another program took this key's connection at 10:01:3") || s.Link != model.Polling {
			t.Errorf("link %d, reason %q", s.Link, s.Reason)
		}
		r.holds(link.EvictedWait-time.Second, "does not dial for a minute", func(*model.State) bool { return r.server.dialled() == 1 })
		r.live(link.EvictedJitter + 2*time.Second)
		r.phase(model.PhaseEvicted, 92*time.Second)
		polls := r.market.count("chain")
		r.holds(time.Hour, "leaves it to the other", func(s *model.State) bool {
			return s.Reason == link.ReasonUsed && s.RetryAt == 0 && r.server.dialled() == 2
		})
		if r.market.count("chain") < polls+100 {
			t.Error("does not poll")
		}
		asked := time.Now()
		r.engine.Retake()
		r.live(time.Second)
		run.Recovered(time.Since(asked))
	})
}

// Our own session, still counted by the server after a loss, is not another
// program.
func TestFault11OwnGhost(t *testing.T) {
	faults.Open(t, 11)
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		m.server.onDial = func(n int, w *fakeWire) {
			if !w.wait(3 * time.Second) {
				return
			}
			switch n {
			case 1:
				w.cut(errConnection)
			case 2:
				w.say("max_connections", maxText)
				w.cut(closeWith(1008))
			}
		}
		r := newRig(t, m, nil)
		s := r.phase(model.PhaseEvicted, 10*time.Second)
		if s.Reason != link.ReasonGhost {
			t.Errorf("reason %q", s.Reason)
		}
		r.holds(link.GhostWait-time.Second, "waits", func(*model.State) bool { return r.server.dialled() == 2 })
		r.live(2 * time.Second)
		r.holds(10*time.Minute, "stays live", func(s *model.State) bool { return s.Link == model.Live })
	})
}

// Two engines on one key that a server gives to the newest settle: one streams,
// the other polls.
func TestFault12TwoOnOneKey(t *testing.T) {
	run := faults.Open(t, 12)
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		evictions, last := 0, time.Now()
		m.server.onDial = func(_ int, w *fakeWire) {
			if !w.wait(time.Second) {
				return
			}
			m.server.mu.Lock()
			defer m.server.mu.Unlock()
			for _, other := range m.server.wires {
				if other == w || other.over() {
					continue
				}
				evictions, last = evictions+1, time.Now()
				other.say("max_connections", maxText)
				time.AfterFunc(10*time.Millisecond, func() { other.cut(closeWith(1008)) })
			}
		}
		a := newRig(t, m, nil)
		a.live(time.Second)
		time.Sleep(2 * time.Minute)
		m2 := newMarket()
		m2.server = m.server
		m2.symbols = m.symbols
		both := time.Now()
		b := newRig(t, m2, func(o *Options) { o.Rand = rand.New(rand.NewPCG(11, 12)) })
		time.Sleep(10 * time.Minute)
		before := evictions
		time.Sleep(30 * time.Minute)
		synctest.Wait()
		run.Recovered(last.Sub(both))
		if evictions != before || evictions > 4 {
			t.Errorf("%d evictions, %d after ten minutes", evictions, before)
		}
		if live := a.state().Link == model.Live; live == (b.state().Link == model.Live) {
			t.Errorf("links %d and %d", a.state().Link, b.state().Link)
		}
	})
}

// Every close code is noticed at once, and waited after as docs/faults.md#close-codes says.
func TestFault26CloseCodes(t *testing.T) {
	run := faults.Open(t, 26)
	for code, tt := range map[int]struct {
		reason string
		least  time.Duration
	}{
		1000: {link.ReasonLost, 0}, 1001: {"server is going away", time.Second}, 1002: {"protocol error (1002)", 0}, 1006: {link.ReasonLost, 0},
		1008: {"server dropped us as too slow", 5 * time.Second}, 1009: {"server found a message of ours too big", 0}, 1011: {"server error", 0},
		1012: {"server restarts", time.Second}, 1013: {"server asks to come back later", 10 * time.Second}, 4000: {"server closed the connection (4000)", 0},
	} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				r := newRig(t, newMarket(chainSymbols("SPY", 8)...), nil)
				r.live(time.Second)
				time.Sleep(5 * time.Second)
				r.server.set(func() { r.server.blackHole = true })
				r.server.last().cut(closeWith(code))
				closed := time.Now()
				s := r.await(time.Second, "not live", func(s *model.State) bool { return s.Link != model.Live })
				run.Noticed(time.Since(closed))
				if s.Reason != tt.reason {
					t.Errorf("reason %q, want %q", s.Reason, tt.reason)
				}
				r.await(tt.least+link.BackoffCap, "dials again", func(*model.State) bool { return r.server.dialled() == 2 })
				waited := r.server.dialTimes()[1].Sub(closed)
				run.Recovered(waited)
				if waited < tt.least {
					t.Errorf("dialled %v after, want %v at least", waited, tt.least)
				}
			})
		})
	}
}

// A message found too big is not sent again as it was.
func TestFault26TooBigHalvesTheBatch(t *testing.T) {
	faults.Open(t, 26)
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 1200)...)
		kicked := 0
		m.server.onDial = func(_ int, w *fakeWire) {
			for w.wait(20 * time.Millisecond) {
				m.server.mu.Lock()
				big := len(m.server.batches) > 0 && slices.Max(m.server.batches) > 150
				m.server.mu.Unlock()
				if big {
					m.server.set(func() { m.server.batches = nil; kicked++ })
					w.cut(closeWith(1009))
					return
				}
			}
		}
		r := newRig(t, m, func(o *Options) { o.Subscribe = link.SubscribeContracts })
		r.await(2*time.Minute, "all subscribed", func(s *model.State) bool { return s.Link == model.Live && s.Subscribed == 1200 })
		if kicked != 2 {
			t.Errorf("kicked %d times on the way from 500 to 125 names", kicked)
		}
	})
}

// The backoff starts from its base again only after a minute of Live: a server
// that accepts and kicks is not hammered.
func TestFault27KickLoop(t *testing.T) {
	faults.Open(t, 27)
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		m.server.onDial = func(_ int, w *fakeWire) {
			w.wait(5 * time.Second)
			w.cut(closeWith(1000))
		}
		r := newRig(t, m, nil)
		time.Sleep(20 * time.Minute)
		r.end()
		// A mean wait of 15 s and 5 s of Live: about 60.
		if n := r.server.dialled(); n < 30 || n > 80 {
			t.Errorf("%d dials in 20 minutes of kicks", n)
		}
	})
}

// A loss every two hours is a matter of seconds each time.
func TestFault27TwoHourDrops(t *testing.T) {
	run := faults.Open(t, 27)
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		m.perSec = 1
		m.server.onDial = func(_ int, w *fakeWire) {
			w.wait(2 * time.Hour)
			w.cut(errConnection)
		}
		r := newRig(t, m, nil)
		time.Sleep(5 * time.Hour)
		synctest.Wait()
		if n := r.server.dialled(); n != 3 {
			t.Fatalf("%d dials", n)
		}
		for i, at := range r.server.dialTimes()[1:] {
			run.Recovered(at.Sub(r.server.dialTimes()[i]) - 2*time.Hour)
			if gone := at.Sub(r.server.dialTimes()[i]) - 2*time.Hour; gone > 5*time.Second {
				t.Errorf("loss %d lasted %v", i, gone)
			}
		}
	})
}

// Left to another program on this machine, the stream is not touched until
// somebody says so; REST serves meanwhile.
func TestFault12Yields(t *testing.T) {
	run := faults.Open(t, 12)
	inBubble(t, func(t *testing.T) {
		const why = "optflow process 1 streams on this key, r takes it over"
		r := newRig(t, newMarket(chainSymbols("SPY", 8)...), func(o *Options) { o.Yield = why })
		s := r.await(2*time.Second, "polls", func(s *model.State) bool { return s.Link == model.Polling && r.market.count("chain") > 0 })
		if s.Reason != why || s.RetryAt != 0 {
			t.Errorf("reason %q, retry at %d", s.Reason, s.RetryAt)
		}
		r.holds(20*time.Minute, "leaves the stream alone", func(s *model.State) bool { return s.Link == model.Polling && s.Counters.Dials == 0 })
		freed := time.Now()
		r.engine.Retake()
		r.live(2 * time.Second)
		run.Recovered(time.Since(freed))
		r.checkAccounts()
	})
}
