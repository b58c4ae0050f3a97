//go:build unix

package e2e

import (
	"strings"
	"testing"
	"time"
)

// The second of the demonstrations: the server goes and comes back.
func TestServerGoesAndComesBack(t *testing.T) {
	t.Parallel()
	s := startServer(t, "", "--key", canary)
	x := start(t, 120, 30, []string{"MASSIVE_API_KEY=" + canary}, s.flags("--min-premium", "0")...)
	screen := x.awaitLive()
	if strings.Contains(screen, "no key") {
		t.Error("a key was given, and the screen says there is none")
	}
	s.stop()
	x.awaitWithin(2*time.Second+scheduling, "not Live, with the reason and the rows", func(screen string) bool {
		return !live(screen) && strings.Contains(screen, "Polling") && strings.Contains(screen, ":") && len(rows(screen)) > 0
	})
	startServer(t, s.addr, "--key", canary)
	x.awaitLive()
	x.press("q")
	if code := x.awaitEnd(patience); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// scheduling is what a loaded machine may add to a promise of two seconds.
const scheduling = 3 * time.Second

// A cut connection is told and survived.
func TestConnectionIsCut(t *testing.T) {
	t.Parallel()
	s := startServer(t, "", "--key", canary)
	p := startProxy(t, s.addr)
	x := start(t, 120, 30, []string{"MASSIVE_API_KEY=" + canary}, p.flags()...)
	x.awaitLive()
	for range 2 {
		before := p.Upgrades()
		p.Reset()
		x.await("Live over a new connection", func(screen string) bool { return live(screen) && p.Upgrades() > before })
	}
}

// The fifth demonstration: a wrong key ends in words, after two logins.
func TestWrongKey(t *testing.T) {
	t.Parallel()
	s := startServer(t, "", "--key", "another")
	env := []string{"MASSIVE_API_KEY=" + canary}

	t.Run("screen", func(t *testing.T) {
		p := startProxy(t, s.addr)
		x := start(t, 120, 30, env, p.flags()...)
		x.awaitText("○ Stopped", "key refused")
		if n := p.Upgrades(); n != 2 {
			t.Errorf("%d logins, want 2", n)
		}
		x.press("q")
		x.awaitEnd(patience)
	})
	t.Run("tail", func(t *testing.T) {
		p := startProxy(t, s.addr)
		r := run(t, env, append([]string{"tail"}, p.flags()...)...)
		if r.code != exitRefused || !strings.Contains(r.stderr, "key refused") {
			t.Errorf("exit code %d, stderr %s", r.code, r.stderr)
		}
		if n := p.Upgrades(); n != 2 {
			t.Errorf("%d logins, want 2", n)
		}
	})
}

// Each plan shows what it can, and says what it cannot.
func TestPlans(t *testing.T) {
	env := []string{"MASSIVE_API_KEY=" + canary}
	for plan, want := range map[string]string{"developer": "side unknown", "starter": "plan: 15m late"} {
		t.Run(plan, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, "", "--key", canary, "--plan", plan)
			x := start(t, 120, 30, env, s.flags("--feed", "delayed")...)
			x.awaitText(want) // told once the plan is known, for a while
			x.await("Live, SIM, how late; and no sides without quotes", func(screen string) bool {
				return live(screen) && len(rows(screen)) > 0 && holds(screen, "SIM", "15m late") && !holds(screen, " SD ")
			})
		})
	}
	t.Run("basic", func(t *testing.T) {
		t.Parallel()
		s := startServer(t, "", "--key", canary, "--plan", "basic")
		r := run(t, env, append([]string{"tail", "--for", "20s"}, s.flags()...)...)
		if r.code != exitRefused {
			t.Errorf("exit code %d, stderr %s", r.code, r.stderr)
		}
	})
}
