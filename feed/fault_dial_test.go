package feed

import (
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"optflow/feed/faults"
	"optflow/feed/link"
	"optflow/model"
)

// streamRefuses fails dials of the stream; REST can be reached.
func streamRefuses(err error) func(string) error {
	return func(host string) error {
		if host == streamHost {
			return err
		}
		return nil
	}
}

const healthySession = "connect ok; auth ok; send 100000 bars every 1s"

func TestFault01ConnectionRefused(t *testing.T) {
	t.Parallel()
	days := 1
	if os.Getenv("OPTFLOW_FAULTS") != "" { // the whole week takes ten seconds of real time
		days = 7
	}
	inFault(t, 1, func(t *testing.T, run *faults.Run) {
		m := newMarket(chainSymbols("SPY", 8)...)
		m.perSec, m.status = 0, "closed"
		m.server.dialErr = dialError("stream.test refused the connection")
		start := time.Now()
		r := newRig(t, m, nil)
		s := r.await(2*time.Second, "polls", func(s *model.State) bool { return s.Link == model.Polling && m.count("chain") > 0 })
		run.Noticed(time.Since(start))
		if !strings.Contains(s.Reason, "refused the connection") || s.Phase != model.PhaseBackoff {
			t.Errorf("phase %d, reason %q", s.Phase, s.Reason)
		}
		time.Sleep(time.Duration(days) * 24 * time.Hour)
		dials := r.server.dialTimes()
		if last := time.Since(dials[len(dials)-1]); len(dials) < days*1000 || last > link.BackoffCap+time.Second {
			t.Errorf("%d dials in %d days, the last %v ago", len(dials), days, last)
		}
		back := time.Now()
		r.server.set(func() { r.server.dialErr = nil })
		r.live(link.BackoffCap + 2*time.Second)
		run.Recovered(time.Since(back))
	})
}

func TestFault02NameLookupFails(t *testing.T) {
	inFault(t, 2, func(t *testing.T, run *faults.Run) {
		start := time.Now()
		w := play(t, healthySession, nil)
		w.set(streamRefuses(&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "stream.test", IsNotFound: true}}))
		w.stream.Cut()
		s := w.await(2*time.Second, "told", func(s *model.State) bool { return strings.Contains(s.Reason, "no address for stream.test") })
		run.Noticed(time.Since(start))
		if s.Link != model.Polling {
			t.Errorf("link %d", s.Link)
		}
		time.Sleep(5 * time.Minute)
		before := len(w.dialledAt(streamHost))
		back := time.Now()
		w.set(nil)
		w.live(link.BackoffCap + 2*time.Second)
		run.Recovered(time.Since(back))
		time.Sleep(link.Healthy + time.Second)
		w.stream.Cut() // another address answers now: the name is what is dialled, each time
		w.notLive(time.Second)
		w.live(5 * time.Second)
		if got := len(w.dialledAt(streamHost)); got < before+2 {
			t.Errorf("%d lookups, then %d", before, got)
		}
	})
}

func TestFault03BlackHole(t *testing.T) {
	inFault(t, 3, func(t *testing.T, run *faults.Run) {
		start := time.Now()
		w := play(t, "connect hang\n"+healthySession, nil)
		s := w.phase(model.PhaseBackoff, 11*time.Second)
		run.Noticed(time.Since(start))
		if s.Reason != "no answer from stream.test:80 in time" {
			t.Errorf("reason %q", s.Reason)
		}
		back := time.Now()
		w.live(link.BackoffCap)
		run.Recovered(time.Since(back))
	})
}

func TestFault05HandshakeRedirected(t *testing.T) {
	inFault(t, 5, func(t *testing.T, run *faults.Run) {
		start := time.Now()
		w := play(t, `connect redirect "http://evil.test/options"`+"\n"+healthySession, nil)
		s := w.phase(model.PhaseBackoff, 2*time.Second)
		run.Noticed(time.Since(start))
		if !strings.Contains(s.Reason, "elsewhere (HTTP 302); not followed") {
			t.Errorf("reason %q", s.Reason)
		}
		back := time.Now()
		w.live(link.BackoffCap)
		run.Recovered(time.Since(back))
		if n := len(w.dialledAt("evil.test:80")); n != 0 {
			t.Errorf("dialled the other host %d times", n)
		}
	})
}

func TestFault06HandshakeAnswered(t *testing.T) {
	for _, tt := range []struct {
		script string
		phase  model.Phase
		reason string
		wait   time.Duration // before the next dial, at least
	}{
		{"connect status 401\nconnect status 401", model.PhaseRefused, "refused the key", 15 * time.Minute},
		{"connect status 403", model.PhaseBackoff, "HTTP 403, not in the vendor's form: firewall or proxy?", 0},
		{`connect status 403 says "{\"status\":\"NOT_AUTHORIZED\",\"request_id\":\"r\",\"message\":\"not entitled\"}"`, model.PhaseNotEntitled, "plan", time.Minute},
		{"connect status 429 after 20", model.PhaseBackoff, "too many requests", 20 * time.Second},
		{"connect status 503 after 7", model.PhaseBackoff, "HTTP 503", 7 * time.Second},
		{"connect status 503 after 1000000000", model.PhaseBackoff, "HTTP 503", 5 * time.Minute},
	} {
		t.Run(tt.script, func(t *testing.T) {
			inFault(t, 6, func(t *testing.T, run *faults.Run) {
				start := time.Now()
				w := play(t, tt.script+"\n"+healthySession, nil)
				s := w.phase(tt.phase, 5*time.Second)
				run.Noticed(time.Since(start))
				if !strings.Contains(s.Reason, tt.reason) {
					t.Errorf("reason %q", s.Reason)
				}
				dials, noticed := w.dialledAt(streamHost), time.Now()
				for range 100 {
					time.Sleep(tt.wait / 100)
					if now := w.dialledAt(streamHost); len(now) > len(dials) && time.Since(noticed) < tt.wait-time.Second {
						t.Fatalf("dialled again after %v, want %v at least", time.Since(noticed), tt.wait)
					}
				}
				back := time.Now()
				w.live(2*tt.wait + time.Minute)
				if tt.wait <= 20*time.Second {
					run.Recovered(time.Since(back))
				}
			})
		})
	}
}

func TestFault07Page(t *testing.T) {
	inFault(t, 7, func(t *testing.T, run *faults.Run) {
		start := time.Now()
		w := play(t, "connect page\n"+healthySession, nil)
		s := w.phase(model.PhaseBackoff, 2*time.Second)
		run.Noticed(time.Since(start))
		if !strings.Contains(s.Reason, "captive portal?") {
			t.Errorf("reason %q", s.Reason)
		}
		back := time.Now()
		w.live(link.BackoffCap)
		run.Recovered(time.Since(back))
	})
}

// Each of these ends in a sentence, and in another try.
func TestFault08NoGreeting(t *testing.T) {
	silence(t, 8, "connect mute", "server sent no greeting")
}

func TestFault10NoLogin(t *testing.T) {
	for _, tt := range [][2]string{
		{"connect ok; auth timeout", "server says the login came too late"},
		{"connect ok; auth silent", "server did not answer the login"},
	} {
		t.Run(tt[0], func(t *testing.T) { silence(t, 10, tt[0], tt[1]) })
	}
}

// silence plays a session that leaves the client waiting, then a link.Healthy one.
func silence(t *testing.T, number int, session, reason string) {
	t.Helper()
	inFault(t, number, func(t *testing.T, run *faults.Run) {
		start := time.Now()
		w := play(t, session+"\n"+healthySession, nil)
		s := w.phase(model.PhaseBackoff, faults.Table[number-1].Notice)
		run.Noticed(time.Since(start))
		if s.Reason != reason || s.Link != model.Polling || s.RetryAt == 0 {
			t.Errorf("link %d, reason %q, retry at %d", s.Link, s.Reason, s.RetryAt)
		}
		back := time.Now()
		w.live(link.BackoffCap)
		run.Recovered(time.Since(back))
	})
}

func TestFault14SubscriptionNotAcknowledged(t *testing.T) {
	silence(t, 14, "connect ok; auth ok; subscribe silent", "subscription was not acknowledged")
}

// A reset is a dial error like others.
func TestFault01ResetWhileDialling(t *testing.T) {
	inFault(t, 1, func(t *testing.T, run *faults.Run) {
		start := time.Now()
		w := play(t, "connect drop\n"+healthySession, nil)
		w.set(streamRefuses(&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}))
		s := w.phase(model.PhaseBackoff, 2*time.Second)
		run.Noticed(time.Since(start))
		if w.set(nil); s.Reason != "stream.test:80 hung up" && s.Reason != "stream.test:80 refused the connection" {
			t.Errorf("reason %q", s.Reason)
		}
		back := time.Now()
		w.live(link.BackoffCap)
		run.Recovered(time.Since(back))
	})
}
