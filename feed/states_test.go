package feed

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"optflow/feed/massive"
	"optflow/model"

	"pgregory.net/rapid"
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
		{"black hole", func(s *server) { s.blackHole = true }, model.PhaseDialing, dialTimeout + time.Second, "deadline exceeded"},
		{"no greeting", func(s *server) { s.mute = true }, model.PhaseGreeting, greetingTimeout + time.Second, "server sent no greeting"},
		{"no login", func(s *server) { s.noLogin = true }, model.PhaseAuthenticating, authTimeout + time.Second, "server did not answer the login"},
		{"auth timeout", func(s *server) { s.login = [2]string{"auth_timeout", "No authentication request received."} }, model.PhaseIdle, time.Second, "login came too late"},
		{"no acknowledgement", func(s *server) { s.noAcks, s.silent = true, true }, model.PhaseSubscribing, 2*ackTimeout + 2*time.Second, "subscription was not acknowledged"},
		{"refused", func(s *server) { s.dialErr = dialError("feed refused connection") }, model.PhaseIdle, time.Second, "feed refused connection"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				m := newMarket(chainSymbols("SPY", 8)...)
				tt.knob(m.server)
				r := newRig(t, m, func(o *Options) {
					if tt.phase == model.PhaseSubscribing {
						o.Subscribe = SubscribeAll
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

// A wrong key costs two logins, then one every 15 minutes, and REST rests too.
func TestWrongKeyIsTriedTwice(t *testing.T) {
	for _, rest := range []bool{false, true} {
		t.Run(fmt.Sprintf("rest refuses too %v", rest), func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				m := newMarket(chainSymbols("SPY", 8)...)
				m.server.login = [2]string{"auth_failed", "authentication failed"}
				if rest {
					m.fail = failWith(massive.ErrorUnauthorized, 401)
				}
				r := newRig(t, m, nil)
				s := r.phase(model.PhaseRefused, 5*time.Second)
				if s.Link != model.Stopped || s.Reason != "key refused (authentication failed)" {
					t.Errorf("link %d, reason %q", s.Link, s.Reason)
				}
				if r.server.logins != 2 {
					t.Errorf("%d logins", r.server.logins)
				}
				time.Sleep(time.Second)
				asked := len(r.market.times)
				r.holds(10*time.Minute, "stopped", func(s *model.State) bool { return s.Link == model.Stopped })
				if len(r.market.times) != asked || r.server.dialled() != 2 {
					t.Errorf("%d requests, %d dials while refused", len(r.market.times)-asked, r.server.dialled())
				}
				time.Sleep(50*time.Minute + 5*time.Second)
				synctest.Wait()
				if r.server.logins != 2+4 || r.state().Link != model.Stopped {
					t.Errorf("%d logins in an hour, link %d", r.server.logins, r.state().Link)
				}
				r.server.set(func() { r.server.login = [2]string{} })
				r.market.set(func() { r.market.fail = nil })
				r.engine.Retake()
				r.live(5 * time.Second)
				r.await(15*time.Second, "REST works", func(s *model.State) bool { return s.Contracts == 8 })
			})
		})
	}
}

// Where the stream cannot be reached two refusals by REST settle it.
func TestRESTRefusesTheKey(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		m.server.dialErr = dialError("connection refused")
		m.fail = failWith(massive.ErrorUnauthorized, 401)
		r := newRig(t, m, nil)
		s := r.phase(model.PhaseRefused, keyPause+5*time.Second)
		if s.Link != model.Stopped || !strings.HasPrefix(s.Reason, "key refused") {
			t.Errorf("link %d, reason %q", s.Link, s.Reason)
		}
		asked := len(r.market.times)
		if asked > 2*restRate {
			t.Errorf("%d requests with a refused key", asked)
		}
		time.Sleep(time.Hour)
		if more := len(r.market.times) - asked; more < 1 || more > 5 {
			t.Errorf("%d requests in the hour after", more)
		}
	})
}

// Another program takes the key's slot: wait a minute, try once more, then
// leave it the stream and poll, until somebody asks for it back.
func TestEvictionSettles(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		m.server.onDial = func(_ int, w *wire) {
			if !w.wait(90 * time.Second) {
				return
			}
			w.say("max_connections", maxText)
			w.cut(closeWith(1008))
		}
		r := newRig(t, m, nil)
		r.live(time.Second)
		s := r.phase(model.PhaseEvicted, 91*time.Second)
		if !strings.HasPrefix(s.Reason, "another program took this key's connection at 10:01:3") || s.Link != model.Polling {
			t.Errorf("link %d, reason %q", s.Link, s.Reason)
		}
		r.holds(evictedWait-time.Second, "does not dial for a minute", func(*model.State) bool { return r.server.dialled() == 1 })
		r.live(evictedJitter + 2*time.Second)
		r.phase(model.PhaseEvicted, 92*time.Second)
		polls := r.market.count("chain")
		r.holds(time.Hour, "leaves it to the other", func(s *model.State) bool {
			return s.Reason == reasonUsed && s.RetryAt == 0 && r.server.dialled() == 2
		})
		if r.market.count("chain") < polls+100 {
			t.Error("does not poll")
		}
		r.engine.Retake()
		r.live(time.Second)
	})
}

// Our own session, still counted by the server after a loss, is not another
// program.
func TestOwnGhostDoesNotCount(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		m.server.onDial = func(n int, w *wire) {
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
		if s.Reason != reasonGhost {
			t.Errorf("reason %q", s.Reason)
		}
		r.holds(ghostWait-time.Second, "waits", func(*model.State) bool { return r.server.dialled() == 2 })
		r.live(2 * time.Second)
		r.holds(10*time.Minute, "stays live", func(s *model.State) bool { return s.Link == model.Live })
	})
}

// Two engines on one key that a server gives to the newest settle: one streams,
// the other polls.
func TestTwoOnOneKeySettle(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		evictions := 0
		m.server.onDial = func(n int, w *wire) {
			if !w.wait(time.Second) {
				return
			}
			m.server.mu.Lock()
			defer m.server.mu.Unlock()
			for _, other := range m.server.wires[:n-1] {
				if other.closed {
					continue
				}
				evictions++
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
		b := newRig(t, m2, func(o *Options) { o.Rand = rand.New(rand.NewPCG(11, 12)) })
		time.Sleep(10 * time.Minute)
		before := evictions
		time.Sleep(30 * time.Minute)
		synctest.Wait()
		if evictions != before || evictions > 4 {
			t.Errorf("%d evictions, %d after ten minutes", evictions, before)
		}
		if live := a.state().Link == model.Live; live == (b.state().Link == model.Live) {
			t.Errorf("links %d and %d", a.state().Link, b.state().Link)
		}
	})
}

// A plan without a stream leaves REST on and does not redial.
func TestPlanWithoutWebSocket(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		m.server.login = [2]string{"auth_failed", planText}
		r := newRig(t, m, nil)
		s := r.phase(model.PhaseNotEntitled, time.Second)
		if s.Link != model.Polling || s.Reason != reasonPlan || !s.Plan.NoWebSocket || s.RetryAt != 0 {
			t.Errorf("state %+v", s)
		}
		r.await(20*time.Second, "polls", func(s *model.State) bool { return s.PollEvery == 5000 && s.Plan.Known })
		time.Sleep(time.Hour)
		if r.server.dialled() != 1 {
			t.Errorf("%d dials", r.server.dialled())
		}
		r.checkAccounts()
	})
}

// A plan with neither stream nor chains is said to be one, never an endless
// Polling.
func TestPlanWithNothing(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		m.server.login = [2]string{"auth_failed", planText}
		m.fail = func(what string) error {
			if what == "status" || what == "upcoming" {
				return nil
			}
			return failWith(massive.ErrorNotEntitled, 403)(what)
		}
		r := newRig(t, m, nil)
		s := r.await(5*time.Second, "stopped", func(s *model.State) bool { return s.Link == model.Stopped })
		if s.Phase != model.PhaseNotEntitled || s.Reason != reasonNothing || !s.Plan.NoSnapshots || !s.Plan.NoWebSocket {
			t.Errorf("state %+v", s)
		}
		asked := len(m.times)
		time.Sleep(time.Hour)
		if len(m.times)-asked > 30 {
			t.Errorf("%d requests in an hour although nothing is to be had", len(m.times)-asked)
		}
	})
}

// With feed=auto a real-time refusal turns to the delayed host, once, half a
// minute later.
func TestDelayedHost(t *testing.T) {
	for _, how := range []string{"login", "channel"} {
		t.Run(how, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				m := newMarket(chainSymbols("SPY", 8)...)
				refuse := func(login, channel [2]string) {
					m.server.set(func() { m.server.login, m.server.refuseAll, m.server.refuseNames = login, channel, channel })
				}
				if how == "login" {
					refuse([2]string{"auth_failed", planText}, [2]string{})
				} else {
					refuse([2]string{}, [2]string{"error", "not authorized"})
				}
				r := newRig(t, m, func(o *Options) { o.Delayed = Endpoint{URL: "ws://delayed"} })
				s := r.phase(model.PhaseNotEntitled, time.Second)
				if s.RetryAt == 0 || s.Plan.NoWebSocket {
					t.Errorf("state %+v", s)
				}
				r.holds(delayedWait-2*time.Second, "waits", func(*model.State) bool { return r.server.dialled() == 1 })
				refuse([2]string{}, [2]string{})
				s = r.live(3 * time.Second)
				if r.server.urls[1] != "ws://delayed" || s.Plan.NoWebSocket {
					t.Errorf("dialled %v", r.server.urls)
				}
				r.server.last().cut(errConnection)
				time.Sleep(time.Minute)
				if last := r.server.urls[len(r.server.urls)-1]; last != "ws://delayed" {
					t.Errorf("came back to %s", last)
				}
				r.await(time.Second, "says that it is delayed", func(s *model.State) bool { return s.Plan.Delayed > 0 })
			})
		})
	}
	t.Run("refused too", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			m := newMarket(chainSymbols("SPY", 8)...)
			m.server.login = [2]string{"auth_failed", planText}
			r := newRig(t, m, func(o *Options) { o.Delayed = Endpoint{URL: "ws://delayed"} })
			time.Sleep(time.Hour)
			synctest.Wait()
			if s := r.state(); s.Reason != reasonPlan || !s.Plan.NoWebSocket || r.server.dialled() != 2 {
				t.Errorf("reason %q after %d dials", s.Reason, r.server.dialled())
			}
		})
	})
}

// Every close code is noticed at once, and waited after as faults.md 1.2 says.
func TestCloseCodes(t *testing.T) {
	for code, tt := range map[int]struct {
		reason string
		least  time.Duration
	}{
		1000: {reasonLost, 0}, 1001: {"server is going away", time.Second}, 1002: {"protocol error (1002)", 0}, 1006: {reasonLost, 0},
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
				if s.Reason != tt.reason {
					t.Errorf("reason %q, want %q", s.Reason, tt.reason)
				}
				r.await(tt.least+backoffCap, "dials again", func(*model.State) bool { return r.server.dialled() == 2 })
				if waited := r.server.dials[1].Sub(closed); waited < tt.least {
					t.Errorf("dialled %v after, want %v at least", waited, tt.least)
				}
			})
		})
	}
}

// A message found too big is not sent again as it was.
func TestTooBigHalvesTheBatch(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 1200)...)
		kicked := 0
		m.server.onDial = func(_ int, w *wire) {
			for w.wait(20 * time.Millisecond) {
				m.server.mu.Lock()
				big := len(m.server.batches) > 0 && slices.Max(m.server.batches) > 300
				m.server.mu.Unlock()
				if big {
					m.server.set(func() { m.server.batches = nil; kicked++ })
					w.cut(closeWith(1009))
					return
				}
			}
		}
		r := newRig(t, m, func(o *Options) { o.Subscribe = SubscribeContracts })
		r.await(2*time.Minute, "all subscribed", func(s *model.State) bool { return s.Link == model.Live && s.Subscribed == 1200 })
		if kicked != 2 {
			t.Errorf("kicked %d times on the way from 1000 to 250 names", kicked)
		}
	})
}

// The backoff starts from its base again only after a minute of Live: a server
// that accepts and kicks is not hammered.
func TestKickLoopIsNoStorm(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		m.server.onDial = func(_ int, w *wire) {
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
func TestTwoHourDropsComeBackFast(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		m.perSec = 1
		m.server.onDial = func(_ int, w *wire) {
			w.wait(2 * time.Hour)
			w.cut(errConnection)
		}
		r := newRig(t, m, nil)
		time.Sleep(5 * time.Hour)
		synctest.Wait()
		if n := r.server.dialled(); n != 3 {
			t.Fatalf("%d dials", n)
		}
		for i, at := range r.server.dials[1:] {
			if gone := at.Sub(r.server.dials[i]) - 2*time.Hour; gone > 5*time.Second {
				t.Errorf("loss %d lasted %v", i, gone)
			}
		}
	})
}

// Whatever a hostile server does in whatever order: at most 20 dials in any 5
// minutes, at most 10 requests in any second, and when it turns friendly the
// engine is Live again without a hand.
func TestHostileServerCausesNoStorm(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		steps := rapid.SliceOfN(rapid.IntRange(0, 11), 3, 12).Draw(rt, "steps")
		pauses := rapid.SliceOfN(rapid.SampledFrom([]int{1, 5, 12, 40, 70, 200}), len(steps), len(steps)).Draw(rt, "pauses in seconds")
		seed := rapid.Uint64().Draw(rt, "seed")
		inBubble(t, func(t *testing.T) {
			m := newMarket(chainSymbols("SPY", 8)...)
			s := m.server
			r := newRig(t, m, func(o *Options) {
				o.Rand = rand.New(rand.NewPCG(seed, 1))
				o.Delayed = Endpoint{URL: "ws://delayed"}
			})
			for i, step := range steps {
				s.set(func() { hostility(s, step) })
				if w := s.last(); w != nil && step%2 == 1 {
					w.cut(closeWith(1000 + step))
				}
				time.Sleep(time.Duration(pauses[i]) * time.Second)
			}
			s.set(func() { hostility(s, -1) })
			r.engine.Retake()
			r.live(16 * time.Minute)
			r.end()
			rt.Logf("%d dials", len(s.dials))
			for i := range s.dials {
				if i >= lawMost && s.dials[i].Sub(s.dials[i-lawMost]) < lawWithin {
					rt.Fatalf("%d dials within %v", lawMost+1, s.dials[i].Sub(s.dials[i-lawMost]))
				}
			}
			for i := range m.times {
				if i >= restRate && m.times[i].Sub(m.times[i-restRate]) < time.Second {
					rt.Fatalf("%d requests within %v", restRate+1, m.times[i].Sub(m.times[i-restRate]))
				}
			}
		})
	})
}

// hostility turns all knobs; -1 is a friendly server.
func hostility(s *server, step int) {
	s.dialErr, s.blackHole, s.mute, s.noLogin, s.login = nil, false, false, false, [2]string{}
	s.refuseAll, s.refuseNames, s.noAcks, s.silent, s.onDial = [2]string{}, [2]string{}, false, false, nil
	switch step {
	case 0:
		s.dialErr = dialError("connection refused")
	case 1:
		s.blackHole = true
	case 2:
		s.mute = true
	case 3:
		s.noLogin = true
	case 4:
		s.login = [2]string{"auth_timeout", "No authentication request received."}
	case 5:
		s.refuseAll = [2]string{"error", "too many"}
	case 6:
		s.noAcks, s.silent = true, true
	case 7:
		s.onDial = func(_ int, w *wire) { w.cut(closeWith(1000)) }
	case 8:
		s.onDial = func(_ int, w *wire) {
			w.say("max_connections", maxText)
			w.cut(closeWith(1008))
		}
	case 9:
		s.login = [2]string{"auth_failed", "authentication failed"}
	case 10:
		s.onDial = func(_ int, w *wire) {
			w.wait(time.Second)
			w.cut(errConnection)
		}
	case 11:
		s.refuseNames, s.refuseAll = [2]string{"error", "not authorized"}, [2]string{"error", "not authorized"}
	}
}
