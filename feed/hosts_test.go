package feed

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"optflow/feed/faults"
	"optflow/feed/link"
	"optflow/feed/massive/wire"
	"optflow/feed/plan"
	"optflow/feed/source"
	"optflow/model"
)

const lateText = "You don't have access real-time data. If your plan only includes delayed data, you can connect to the delayed websocket at wss://delayed.massive.com/options."

// twoHosts is an engine on the vendor's two hosts: the market's server is the
// delayed one.
type twoHosts struct {
	*rig
	realtime *server
}

func newTwoHosts(t *testing.T, m *market, realtime func(*server), set func(*Options)) *twoHosts {
	t.Helper()
	h := &twoHosts{realtime: &server{market: m}}
	realtime(h.realtime)
	dial := func(ctx context.Context, at Endpoint, ch link.Channel) (Wire, error) {
		if at.URL == "ws://delayed" {
			return m.server.dial(ctx, at, ch)
		}
		return h.realtime.dial(ctx, at, ch)
	}
	h.rig = newRig(t, m, func(o *Options) {
		streams(o).Connect, streams(o).Delayed = dial, Endpoint{URL: "ws://delayed", Key: testKey(canary)}
		if set != nil {
			set(o)
		}
	})
	h.dials = func() []time.Time {
		all := append(h.realtime.dialTimes(), m.server.dialTimes()...)
		slices.SortFunc(all, time.Time.Compare)
		return all
	}
	return h
}

// never checks that a state was not there from the start on.
func (h *twoHosts) never(what string, is func(*model.State) bool, most time.Duration, until func(*model.State) bool) *model.State {
	h.t.Helper()
	return h.await(most, what, func(s *model.State) bool {
		if is(s) {
			h.t.Fatalf("%s: phase %d, link %d, reason %q", what, s.Phase, s.Link, s.Reason)
		}
		return until(s)
	})
}

func isStopped(s *model.State) bool { return s.Link == model.Stopped }

// The real-time host refuses a key that REST takes, in words that say nothing of
// a plan: the key is good, and the delayed host serves it.
func TestKeyRefusedByRealTimeOnly(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		h := newTwoHosts(t, newMarket(chainSymbols("SPY", 8)...), func(s *server) { s.login = [2]string{"auth_failed", "authentication failed"} }, nil)
		s := h.never("called wrong", isStopped, 5*time.Second, isLive)
		if h.realtime.loggedIn() != 2 || h.server.dialled() != 1 || !slices.Contains(s.Notes, "the real-time host refuses the key, trying the delayed one: authentication failed") {
			t.Errorf("%d and %d logins, notes %q", h.realtime.loggedIn(), h.server.dialled(), s.Notes)
		}
		h.await(5*time.Second, "says that it is late", func(s *model.State) bool { return s.Plan.Delayed > 0 })
		h.holds(time.Hour, "stays", isLive)
		if h.realtime.dialled() != 2 {
			t.Errorf("the real-time host was dialled %d times beside a live delayed stream", h.realtime.dialled())
		}
		for range 3 { // a drop is no reason either
			h.server.last().cut(errConnection)
			h.await(time.Second, "lost", func(s *model.State) bool { return s.Link != model.Live })
			h.live(3 * time.Second)
			time.Sleep(20 * time.Minute)
		}
		if h.realtime.dialled() != 2 {
			t.Errorf("the real-time host was dialled %d times between delayed isLive", h.realtime.dialled())
		}
		h.checkAccounts()
	})
}

// What REST says of a key that the real-time host refuses decides: it is bad
// where REST refuses it too, and where REST is away the delayed host is asked.
func TestKeyRefusedAndREST(t *testing.T) {
	for name, tt := range map[string]struct {
		rest  func(string) error
		stops bool
	}{
		"REST refuses it too": {failWith(source.ErrorUnauthorized, 401), true},
		"REST is away":        {failWith(source.ErrorTimeout, 0), false},
		"REST answers pages":  {failWith(source.ErrorNotJSON, 403), false},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				m := newMarket(chainSymbols("SPY", 8)...)
				m.fail = tt.rest
				h := newTwoHosts(t, m, func(s *server) { s.login = [2]string{"auth_failed", "authentication failed"} }, nil)
				if !tt.stops {
					h.never("stopped", isStopped, link.RestPatience+5*time.Second, isLive)
					return
				}
				h.await(5*time.Second, "stopped", isStopped)
				h.holds(14*time.Minute, "stays so", isStopped)
				if h.realtime.loggedIn() != 2 || h.server.dialled() != 0 {
					t.Errorf("%d and %d logins with a bad key", h.realtime.loggedIn(), h.server.dialled())
				}
			})
		})
	}
}

// The delayed host refuses it as well: the key that REST takes is still good.
func TestKeyRefusedByBothStreams(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		m.server.login = [2]string{"auth_failed", "authentication failed"}
		h := newTwoHosts(t, m, func(s *server) { s.login = [2]string{"auth_failed", "authentication failed"} }, nil)
		s := h.never("stopped", isStopped, 10*time.Second, func(s *model.State) bool { return s.Phase == model.PhaseRefused })
		if s.Link != model.Polling || !strings.Contains(s.Reason, "REST takes it") || s.RetryAt == 0 {
			t.Errorf("link %d, reason %q", s.Link, s.Reason)
		}
		h.never("stopped", isStopped, 14*time.Minute, func(s *model.State) bool { return h.realtime.loggedIn() > 2 || s.Counters.Polls > 100 })
		m.server.set(func() { m.server.login = [2]string{} })
		h.live(16 * time.Minute)
	})
}

// Without a key the refusal says so, at once, and where to put one.
func TestNoKeyIsNoRefusedKey(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		m.server.login = [2]string{"auth_failed", "authentication failed"}
		m.fail = failWith(source.ErrorUnauthorized, 401)
		r := newRig(t, m, func(o *Options) { streams(o).Realtime.Key = testKey("") })
		s := r.await(time.Second, "stopped", isStopped)
		if s.Reason != "the server wants a key and none is set" || m.server.loggedIn() != 1 || !strings.Contains(s.Notes[0], "MASSIVE_API_KEY") {
			t.Errorf("reason %q after %d logins, notes %q", s.Reason, m.server.loggedIn(), s.Notes)
		}
	})
}

// A real-time host that takes the key and serves nothing is left after one
// round, or once REST says that the plan is a delayed one.
func TestSilentRealTimeHost(t *testing.T) {
	for name, tt := range map[string]struct {
		silent func(*server)
		late   bool
		within time.Duration // until the delayed stream is live
	}{
		"nothing acknowledged":                          {func(s *server) { s.noAcks, s.silent = true, true }, false, 2*link.AckTimeout + link.DelayedWait + 3*time.Second},
		"nothing acknowledged, and REST says delayed":   {func(s *server) { s.noAcks, s.silent = true, true }, true, link.LateGrace + link.DelayedWait + 3*time.Second},
		"acknowledged and not sent":                     {func(s *server) { s.silent = true }, false, 2*time.Minute + link.DelayedWait},
		"acknowledged, not sent, and REST says delayed": {func(s *server) { s.silent = true }, true, link.SilentSecond + link.DelayedWait + 3*time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				h := newTwoHosts(t, newMarket(chainSymbols("SPY", 8)...), tt.silent, func(o *Options) { o.Late = func() bool { return tt.late } })
				h.await(tt.within, "live on the delayed host", func(s *model.State) bool { return isLive(s) && h.server.dialled() == 1 })
				if n := h.realtime.dialled(); n != 1 {
					t.Errorf("the real-time host was dialled %d times", n)
				}
				h.holds(time.Hour, "stays", isLive)
				if n := h.realtime.dialled(); n != 1 {
					t.Errorf("the real-time host was dialled %d times", n)
				}
			})
		})
	}
}

// A real-time host that serves is kept, whatever REST says of its own data.
func TestServingRealTimeHostIsKept(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		h := &twoHosts{realtime: m.server}
		h.rig = newRig(t, m, func(o *Options) {
			streams(o).Delayed, o.Late = Endpoint{URL: "ws://delayed"}, func() bool { return true }
		})
		h.live(time.Second)
		for range 5 {
			time.Sleep(2 * time.Minute)
			m.server.last().cut(errConnection)
			time.Sleep(10 * time.Second)
		}
		if urls := m.server.urlsDialled(); slices.Contains(urls, "ws://delayed") {
			t.Errorf("dialled %v", urls)
		}
		if s := h.state(); s.Plan.Delayed != 0 {
			t.Errorf("real-time rows are said to be %d ms late", s.Plan.Delayed)
		}
	})
}

// What is polled from a REST that says DELAYED is said to be late, until a
// real-time stream is live.
func TestPolledLateSaysSo(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		m.server.dialErr = dialError("connection refused")
		var late atomic.Bool
		r := newRig(t, m, func(o *Options) { o.Late = late.Load })
		time.Sleep(20 * time.Second)
		late.Store(true)
		r.await(time.Second, "late", func(s *model.State) bool { return s.Plan.Delayed == 15*minuteMillis })
		m.server.set(func() { m.server.dialErr = nil })
		r.live(link.BackoffCap + time.Second)
		r.await(time.Second, "no longer late", func(s *model.State) bool { return s.Plan.Delayed == 0 })
		time.Sleep(time.Minute)
		r.checkAccounts()
	})
}

// The vendor's words about real-time data, on a subscription and before a close
// 1008, are a matter of the plan: the delayed host at once, and nobody is slow.
func TestNoRealTimeInThePlan(t *testing.T) {
	for _, how := range []string{"subscription", "login"} {
		t.Run(how, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				h := newTwoHosts(t, newMarket(chainSymbols("SPY", 8)...), func(s *server) {
					if how == "login" {
						s.login = [2]string{"auth_failed", lateText}
						return
					}
					s.refuseAll, s.refuseNames = [2]string{"error", lateText}, [2]string{"error", lateText}
					s.onDial = func(_ int, w *fakeWire) {
						if w.wait(200 * time.Millisecond) {
							w.cut(closeWith(1008))
						}
					}
				}, nil)
				s := h.never("slow", func(s *model.State) bool { return strings.Contains(s.Reason, "slow") }, 3*time.Second, isLive)
				if h.realtime.dialled() != 1 || h.server.dialled() != 1 || len(s.Notes) == 0 || !strings.Contains(s.Notes[0], "access real-time data") {
					t.Errorf("%d and %d dials, notes %q", h.realtime.dialled(), h.server.dialled(), s.Notes)
				}
			})
		})
	}
	t.Run("one host", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			m := newMarket(chainSymbols("SPY", 8)...)
			m.server.refuseAll = [2]string{"error", lateText}
			r := newRig(t, m, nil)
			s := r.phase(model.PhaseNotEntitled, time.Second)
			if s.Link != model.Polling || s.Reason != plan.NoStreamInPlan.Sentence() || s.RetryAt == 0 {
				t.Errorf("link %d, reason %q", s.Link, s.Reason)
			}
		})
	})
}

// A close 1008 right after words about the plan is theirs, long after them it is
// that of a slow consumer.
func TestFault26PolicyAfterWords(t *testing.T) {
	faults.Open(t, 26)
	for wait, slow := range map[time.Duration]bool{time.Second: false, time.Minute: true} {
		inBubble(t, func(t *testing.T) {
			m := newMarket(chainSymbols("SPY", 8)...)
			m.server.onDial = func(n int, w *fakeWire) {
				if n > 1 || !w.wait(5*time.Second) {
					return
				}
				w.say("error", "not authorized")
				if w.wait(wait) {
					w.cut(closeWith(1008))
				}
			}
			r := newRig(t, m, nil)
			r.live(time.Second)
			s := r.await(5*time.Second+wait+time.Second, "closed", func(s *model.State) bool { return !isLive(s) })
			if strings.Contains(s.Reason, "slow") != slow {
				t.Errorf("%v after the words: %q", wait, s.Reason)
			}
		})
	}
}

// After something worked one word to the contrary is not believed, and two only
// for a minute; a page with 403 is no word at all.
func TestFault06DenialAfterLive(t *testing.T) {
	run := faults.Open(t, 6)
	ofPlan := &wire.DialError{Kind: wire.DialStatus, Code: 403, OfThePlan: true}
	page := &wire.DialError{Kind: wire.DialStatus, Code: 403}
	for name, tt := range map[string]struct {
		answers []error
		within  time.Duration
	}{
		"one page":      {[]error{page}, 10 * time.Second},
		"five pages":    {[]error{page, page, page, page, page}, 2 * time.Minute},
		"one word":      {[]error{ofPlan}, 10 * time.Second},
		"two words":     {[]error{ofPlan, ofPlan}, 75 * time.Second},
		"three words":   {[]error{ofPlan, ofPlan, ofPlan}, 7 * time.Minute},
		"401 for once":  {[]error{&wire.DialError{Code: 401}}, 10 * time.Second},
		"401 for twice": {[]error{&wire.DialError{Code: 401}, &wire.DialError{Code: 401}}, 20 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				m := newMarket(chainSymbols("SPY", 8)...)
				left := slices.Clone(tt.answers)
				broken := false
				r := newRig(t, m, func(o *Options) {
					streams(o).Connect = func(ctx context.Context, at Endpoint, ch link.Channel) (Wire, error) {
						conn, err := m.server.dial(ctx, at, ch)
						if broken && len(left) > 0 {
							err, left = left[0], left[1:]
							return nil, err
						}
						return conn, err
					}
				})
				r.live(time.Second)
				time.Sleep(2 * time.Minute)
				broken = true
				r.server.last().cut(closeWith(1012))
				lost := time.Now()
				r.await(time.Second, "lost", func(s *model.State) bool { return !isLive(s) })
				r.await(tt.within, "live again", func(s *model.State) bool {
					if isStopped(s) {
						t.Fatalf("stopped: %q", s.Reason)
					}
					return isLive(s)
				})
				if len(tt.answers) == 1 {
					run.Recovered(time.Since(lost))
				}
				r.checkAccounts()
			})
		})
	}
}

// A quarter of a minute of a firewall's pages, for stream and REST alike, stops
// nothing.
func TestFault46FirewallAtTheStart(t *testing.T) {
	inFault(t, 46, func(t *testing.T, _ *faults.Run) {
		w := play(t, `rest status 403 says "<html>blocked</html>"; connect status 403 says "<html>blocked</html>"`+
			strings.Repeat("\n"+`connect status 403 says "<html>blocked</html>"`, 4)+"\nconnect ok; auth ok; rest ok; send 100000 bars every 1s", nil)
		w.await(2*time.Minute, "live", func(s *model.State) bool {
			if isStopped(s) || s.Plan.NoWebSocket || s.Plan.NoSnapshots {
				t.Fatalf("a page is taken for a word about the plan: link %d, %q, %+v", s.Link, s.Reason, s.Plan)
			}
			return isLive(s)
		})
		w.await(time.Minute, "REST too", func(s *model.State) bool { return s.Contracts == 8 })
	})
}

// What the plan lacks is asked again, and taken once it is there.
func TestSnapshotsComeWithAnUpgrade(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		m.fail = only(failWith(source.ErrorNotEntitled, 403), "chain", "contract")
		r := newRig(t, m, nil)
		s := r.await(time.Second, "told", func(s *model.State) bool { return s.Plan.NoSnapshots })
		if !strings.HasSuffix(s.Notes[0], "; asked again in 1 min") {
			t.Errorf("notes %q", s.Notes)
		}
		asked := m.count("chain")
		time.Sleep(30 * time.Minute)
		if more := m.count("chain") - asked; more != 3 { // after 1, 5, 15 minutes
			t.Errorf("asked %d times more in half an hour", more)
		}
		m.set(func() { m.fail = nil })
		r.await(16*time.Minute, "taken", func(s *model.State) bool { return !s.Plan.NoSnapshots && s.Contracts == 8 })
	})
}

// Snapshots that were there and are denied for a moment, page by page, are not
// gone.
func TestSnapshotsDeniedForAMoment(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 1000)...)
		m.server.dialErr = dialError("connection refused")
		r := newRig(t, m, nil)
		r.await(time.Minute, "read", func(s *model.State) bool { return s.Contracts == 1000 })
		time.Sleep(time.Minute)
		m.set(func() { m.fail = only(failWith(source.ErrorNotEntitled, 403), "chain") })
		time.Sleep(3 * time.Second)
		m.set(func() { m.fail = nil })
		r.holds(10*time.Minute, "kept", func(s *model.State) bool { return !s.Plan.NoSnapshots })
		r.checkAccounts()
	})
}

// Hosts and REST that say anything at all, and something else the next time:
// dials stay within the law, nothing stops while REST takes the key, and once
// all is well again the stream is back within a quarter of an hour.
func TestHostsThatSayAnything(t *testing.T) {
	for seed := range uint64(16) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 99))
				m := newMarket(chainSymbols("SPY", 8)...)
				moods := []func(*server){
					func(*server) {},
					func(s *server) { s.login = [2]string{"auth_failed", "authentication failed"} },
					func(s *server) { s.login = [2]string{"auth_failed", planText} },
					func(s *server) { s.login = [2]string{"auth_timeout", "No authentication request received."} },
					func(s *server) {
						s.refuseAll, s.refuseNames = [2]string{"error", lateText}, [2]string{"error", lateText}
					},
					func(s *server) {
						s.refuseAll, s.refuseNames = [2]string{"error", "not authorized"}, [2]string{"error", "not authorized"}
					},
					func(s *server) { s.noAcks, s.silent = true, true },
					func(s *server) { s.silent = true },
					func(s *server) { s.dialErr = dialError("connection refused") },
					func(s *server) { s.dialErr = &wire.DialError{Code: 403, OfThePlan: true} },
					func(s *server) { s.dialErr = &wire.DialError{Code: 403} },
					func(s *server) { s.dialErr = &wire.DialError{Code: 401} },
				}
				answers := []func(string) error{
					nil, nil, nil, failWith(source.ErrorUnauthorized, 401), failWith(source.ErrorNotEntitled, 403), failWith(source.ErrorNotFound, 404),
					failWith(source.ErrorNotJSON, 403), failWith(source.ErrorNetwork, 0), failWith(source.ErrorServer, 503),
				}
				calm := func(s *server) {
					s.dialErr, s.login, s.refuseAll, s.refuseNames, s.noAcks, s.silent = nil, [2]string{}, [2]string{}, [2]string{}, false, false
				}
				h := newTwoHosts(t, m, func(*server) {}, nil)
				alwaysTaken := seed%2 == 0
				for range 25 {
					for _, s := range []*server{h.realtime, m.server} {
						mood := moods[r.IntN(len(moods))]
						s.set(func() { calm(s); mood(s) })
						if w := s.last(); w != nil && r.IntN(2) == 0 {
							w.cut(closeWith([]int{1000, 1006, 1008, 1012}[r.IntN(4)]))
						}
					}
					if !alwaysTaken {
						m.set(func() { m.fail = answers[r.IntN(len(answers))] })
					}
					for end := time.Now().Add(time.Duration(r.Int64N(int64(4 * time.Minute)))); time.Now().Before(end); time.Sleep(time.Second) {
						if s := h.state(); alwaysTaken && isStopped(s) {
							t.Fatalf("REST takes the key, and: phase %d, %q", s.Phase, s.Reason)
						}
					}
				}
				for _, s := range []*server{h.realtime, m.server} {
					s.set(func() { calm(s) })
				}
				m.set(func() { m.fail = nil })
				h.live(16 * time.Minute)
				h.await(16*time.Minute, "REST too", func(s *model.State) bool { return s.Contracts == 8 && !s.Plan.NoSnapshots && !isStopped(s) })
			})
		})
	}
}
