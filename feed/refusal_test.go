package feed

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"optflow/feed/faults"
	"optflow/feed/link"
	"optflow/feed/plan"
	"optflow/feed/rest"
	"optflow/feed/source"
	"optflow/model"
)

// A key that stream and REST refuse, or that the stream refuses while REST
// cannot be reached, costs two logins, then one every 15 minutes, and REST rests
// too.
func TestFault09KeyRefused(t *testing.T) {
	run := faults.Open(t, 9)
	for name, rest := range map[string]func(string) error{
		"REST refuses it too": failWith(source.ErrorUnauthorized, 401), "REST is away": failWith(source.ErrorNetwork, 0),
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				m := newMarket(chainSymbols("SPY", 8)...)
				m.server.login = [2]string{"auth_failed", "authentication failed"}
				m.fail = rest
				start := time.Now()
				r := newRig(t, m, nil)
				s := r.phase(model.PhaseRefused, link.RestPatience+2*time.Second)
				run.Noticed(time.Since(start))
				if s.Link != model.Stopped || s.Reason != "key refused (authentication failed)" {
					t.Errorf("link %d, reason %q", s.Link, s.Reason)
				}
				if r.server.loggedIn() != 2 {
					t.Errorf("%d logins", r.server.loggedIn())
				}
				time.Sleep(time.Second)
				asked := len(r.market.requests())
				r.holds(10*time.Minute, "stopped", func(s *model.State) bool { return s.Link == model.Stopped })
				if len(r.market.requests()) != asked || r.server.dialled() != 2 {
					t.Errorf("%d requests, %d dials while refused", len(r.market.requests())-asked, r.server.dialled())
				}
				time.Sleep(50*time.Minute + 5*time.Second)
				synctest.Wait()
				if r.server.loggedIn() != 2+4 || r.state().Link != model.Stopped {
					t.Errorf("%d logins in an hour, link %d", r.server.loggedIn(), r.state().Link)
				}
				r.server.set(func() { r.server.login = [2]string{} })
				r.market.set(func() { r.market.fail = nil })
				back := time.Now()
				r.engine.Retake()
				r.live(5 * time.Second)
				run.Recovered(time.Since(back))
				r.await(15*time.Second, "REST works", func(s *model.State) bool { return s.Contracts == 8 })
			})
		})
	}
}

// A key that REST takes is good, whatever the only stream there is says of it:
// REST does the work, and the stream is asked again every 15 minutes.
func TestFault09KeyTakenByREST(t *testing.T) {
	run := faults.Open(t, 9)
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		m.server.login = [2]string{"auth_failed", "authentication failed"}
		start := time.Now()
		r := newRig(t, m, nil)
		s := r.phase(model.PhaseRefused, 5*time.Second)
		run.Noticed(time.Since(start))
		if s.Link != model.Polling || s.Reason != "stream refused the key, REST takes it" || s.RetryAt == 0 {
			t.Errorf("link %d, reason %q, retry at %d", s.Link, s.Reason, s.RetryAt)
		}
		r.holds(time.Hour, "polls", func(s *model.State) bool { return s.Link == model.Polling })
		if r.server.loggedIn() != 2+3 || r.market.count("chain") < 100 {
			t.Errorf("%d logins, %d polls in an hour", r.server.loggedIn(), r.market.count("chain"))
		}
		r.server.set(func() { r.server.login = [2]string{} })
		back := time.Now()
		r.engine.face().PollNow()
		r.live(5 * time.Second)
		run.Recovered(time.Since(back))
		r.checkAccounts()
	})
}

// Where the stream cannot be reached two refusals by REST settle it.
func TestRESTRefusesTheKey(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		m.server.dialErr = dialError("connection refused")
		m.fail = failWith(source.ErrorUnauthorized, 401)
		r := newRig(t, m, nil)
		s := r.phase(model.PhaseRefused, rest.KeyPause+5*time.Second)
		if s.Link != model.Stopped || !strings.HasPrefix(s.Reason, "key refused") {
			t.Errorf("link %d, reason %q", s.Link, s.Reason)
		}
		asked := len(r.market.requests())
		if asked > 2*rest.Rate {
			t.Errorf("%d requests with a refused key", asked)
		}
		time.Sleep(time.Hour)
		if more := len(r.market.requests()) - asked; more < 1 || more > 5 {
			t.Errorf("%d requests in the hour after", more)
		}
	})
}

// A plan without a stream leaves REST on, and is asked again after 1, 5 and then
// every 15 minutes.
func TestPlanWithoutWebSocket(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 8)...)
		m.server.login = [2]string{"auth_failed", planText}
		r := newRig(t, m, nil)
		s := r.phase(model.PhaseNotEntitled, time.Second)
		if s.Link != model.Polling || s.Reason != plan.NoStreamInPlan.Sentence() || !s.Plan.NoWebSocket || s.RetryAt-time.Now().UnixMilli() < 58_000 {
			t.Errorf("state %+v", s)
		}
		r.await(20*time.Second, "polls", func(s *model.State) bool { return s.PollEvery == 5000 && s.Plan.Known })
		time.Sleep(time.Hour)
		checkTimes(t, r.server.dialTimes(), 0, 1, 5, 15, 15, 15)
		if s := r.state(); s.Link != model.Polling || s.Notes[len(s.Notes)-1] != "no stream: "+planText+"; asked again in 15 min" {
			t.Errorf("link %d, notes %q", s.Link, s.Notes)
		}
		r.server.set(func() { r.server.login = [2]string{} }) // an upgrade
		if s := r.live(15 * time.Minute); s.Plan.NoWebSocket {
			t.Errorf("plan %+v", s.Plan)
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
			return failWith(source.ErrorNotEntitled, 403)(what)
		}
		r := newRig(t, m, nil)
		s := r.await(5*time.Second, "stopped", func(s *model.State) bool { return s.Link == model.Stopped })
		if s.Phase != model.PhaseNotEntitled || s.Reason != plan.NothingInPlan.Sentence() || !s.Plan.NoSnapshots || !s.Plan.NoWebSocket {
			t.Errorf("state %+v", s)
		}
		asked := len(m.requests())
		time.Sleep(time.Hour)
		if len(m.requests())-asked > 30 {
			t.Errorf("%d requests in an hour although nothing is to be had", len(m.requests())-asked)
		}
		m.set(func() { m.fail = nil }) // a plan with snapshots
		r.await(16*time.Minute, "polls", func(s *model.State) bool { return s.Link == model.Polling && s.Contracts == 8 && !s.Plan.NoSnapshots })
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
				r := newRig(t, m, func(o *Options) { streams(o).Delayed = Endpoint{URL: "ws://delayed"} })
				s := r.phase(model.PhaseNotEntitled, time.Second)
				if s.RetryAt == 0 || s.Plan.NoWebSocket {
					t.Errorf("state %+v", s)
				}
				r.holds(link.DelayedWait-2*time.Second, "waits", func(*model.State) bool { return r.server.dialled() == 1 })
				refuse([2]string{}, [2]string{})
				s = r.live(3 * time.Second)
				if r.server.urlsDialled()[1] != "ws://delayed" || s.Plan.NoWebSocket {
					t.Errorf("dialled %v", r.server.urlsDialled())
				}
				r.server.last().cut(errConnection)
				time.Sleep(time.Minute)
				if last := r.server.urlsDialled()[len(r.server.urlsDialled())-1]; last != "ws://delayed" {
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
			r := newRig(t, m, func(o *Options) { streams(o).Delayed = Endpoint{URL: "ws://delayed"} })
			time.Sleep(25 * time.Minute)
			synctest.Wait()
			if s := r.state(); s.Reason != plan.NoStreamInPlan.Sentence() || !s.Plan.NoWebSocket || s.RetryAt == 0 {
				t.Errorf("reason %q, retry at %d", s.Reason, s.RetryAt)
			}
			urls, times := r.server.urlsDialled(), r.server.dialTimes()
			for i, url := range urls { // in turn, half a minute apart
				if want := [2]string{"ws://realtime", "ws://delayed"}[i%2]; url != want || i%2 == 1 && times[i].Sub(times[i-1]) < link.DelayedWait {
					t.Errorf("dial %d of %s, %v after the one before", i, url, times[i].Sub(times[max(i-1, 0)]))
				}
			}
			if len(urls) != 8 { // at the start, after 1, 5 and 15 minutes
				t.Errorf("dialled %v", urls)
			}
		})
	})
}

// checkTimes checks that times lie as many minutes apart as named.
func checkTimes(t *testing.T, times []time.Time, minutes ...int) {
	t.Helper()
	for i, at := range times {
		if i >= len(minutes) {
			t.Errorf("once more, %v after the one before", at.Sub(times[i-1]))
		} else if i > 0 {
			if gone := at.Sub(times[i-1]).Round(10 * time.Second); gone != time.Duration(minutes[i])*time.Minute {
				t.Errorf("time %d is %v after the one before, want %d min", i, gone, minutes[i])
			}
		}
	}
	if len(times) < len(minutes) {
		t.Errorf("%d times, want %d", len(times), len(minutes))
	}
}
