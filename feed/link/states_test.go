package link

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"optflow/feed/plan"
	"optflow/model"
)

// Each state has the deadline that docs/faults.md gives it: nothing happens
// before, and at it what is written there.
func TestDeadlines(t *testing.T) {
	start := func(r *rig) { r.step(Connect{}) }
	up := func(r *rig) { start(r); r.step(Up{Conn: 1}) }
	greeted := func(r *rig) { up(r); r.step(r.say(Greets)) }
	login := func(r *rig) { start(r); r.login() }
	byName := func(o *Options) { o.Subscribe = SubscribeContracts }
	onlyAll := func(o *Options) { o.Subscribe = SubscribeAll }
	for name, tt := range map[string]struct {
		set    func(*Options)
		bring  func(*rig)
		state  model.Phase
		within [2]time.Duration
		then   model.Phase
		reason string
	}{
		"dialing":                  {nil, start, model.PhaseDialing, exact(11 * time.Second), model.PhaseBackoff, "server does not answer"},
		"greeting":                 {nil, up, model.PhaseGreeting, exact(10 * time.Second), model.PhaseBackoff, "server sent no greeting"},
		"authenticating":           {nil, greeted, model.PhaseAuthenticating, exact(10 * time.Second), model.PhaseBackoff, "server did not answer the login"},
		"subscribing to all":       {onlyAll, login, model.PhaseSubscribing, exact(10 * time.Second), model.PhaseBackoff, "subscription was not acknowledged"},
		"subscribing without name": {byName, login, model.PhaseSubscribing, exact(60 * time.Second), model.PhaseBackoff, "no contracts to subscribe to"},
		"subscribing by name":      {byName, func(r *rig) { r.names.n = 3; login(r) }, model.PhaseSubscribing, exact(10 * time.Second), model.PhaseBackoff, "subscription was not acknowledged"},
		"live, nothing inbound":    {nil, func(r *rig) { r.live(); r.open, r.heard = false, r.at }, model.PhaseLive, exact(45 * time.Second), model.PhaseBackoff, "nothing heard for 45s"},
		"live, no data":            {nil, func(r *rig) { r.live() }, model.PhaseLive, exact(15 * time.Second), model.PhaseQuiet, ""},
		"live, no data by minute":  {func(o *Options) { o.Span = model.Minute }, func(r *rig) { r.live() }, model.PhaseLive, exact(75 * time.Second), model.PhaseQuiet, ""},
		"backoff":                  {nil, func(r *rig) { r.live(); r.step(Down{1, End{Kind: Cut}}) }, model.PhaseBackoff, [2]time.Duration{0, BackoffCap}, model.PhaseDialing, ReasonLost},
		"evicted":                  {nil, func(r *rig) { r.live(); r.step(r.say(TakesSlot)) }, model.PhaseEvicted, [2]time.Duration{EvictedWait, EvictedWait + EvictedJitter}, model.PhaseDialing, "another program took this key's connection at 10:00:00"},
		"our ghost": {nil, func(r *rig) { r.live(); r.step(Down{1, End{Kind: Cut}}); r.live(); r.step(r.say(TakesSlot)) },
			model.PhaseEvicted, exact(30 * time.Second), model.PhaseDialing, ReasonGhost},
		"refused": {nil, func(r *rig) { start(r); r.step(RESTRefused{"no"}, RESTRefused{"no"}) }, model.PhaseRefused, exact(15 * time.Minute), model.PhaseDialing, "key refused (no)"},
		"not entitled": {nil, func(r *rig) { start(r); r.step(Up{Conn: 1}, r.say(Greets), r.say(NoStream)) },
			model.PhaseNotEntitled, exact(time.Minute), model.PhaseDialing, "plan has no WebSocket"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, tt.set)
			tt.bring(r)
			if r.phase != tt.state {
				t.Fatalf("%v, want %v", r.phase, tt.state)
			}
			if least := tt.within[0] - 100*time.Millisecond; least > 0 {
				r.pass(least)
				if r.phase != tt.state {
					t.Fatalf("%v before the deadline: %s", r.phase, r.reason)
				}
			}
			r.until(tt.then, tt.within[1]-max(tt.within[0]-100*time.Millisecond, 0)+100*time.Millisecond)
			if r.reason != tt.reason {
				t.Errorf("reason %q, want %q", r.reason, tt.reason)
			}
		})
	}
}

func exact(d time.Duration) [2]time.Duration { return [2]time.Duration{d, d} }

// What waits for a person has no deadline.
func TestWaitsForAPerson(t *testing.T) {
	for name, bring := range map[string]func(*rig){
		"paused":  func(r *rig) { r.live(); r.step(Pause{}) },
		"yielded": func(r *rig) { r.step(Yield{"why"}) },
		"evicted twice": func(r *rig) {
			for range 2 {
				r.live()
				r.step(r.say(TakesSlot))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, nil)
			bring(r)
			phase, conns := r.phase, r.conns
			r.pass(time.Hour)
			if r.phase != phase || r.conns != conns || !r.State().Until.IsZero() {
				t.Fatalf("%v after an hour, %d dials more", r.phase, r.conns-conns)
			}
			if phase == model.PhasePaused {
				r.step(Connect{})
			} else {
				r.step(Retake{})
			}
			if r.phase != model.PhaseDialing {
				t.Errorf("asked for, and %v", r.phase)
			}
		})
	}
}

// Every way a connection ends has its reason, and its pause at least.
func TestEnds(t *testing.T) {
	for name, tt := range map[string]struct {
		end    End
		reason string
		least  time.Duration
		phase  model.Phase
	}{
		"cut":           {End{Kind: Cut}, ReasonLost, 0, model.PhaseBackoff},
		"1000":          {End{Kind: Goodbye, Code: 1000}, ReasonLost, 0, model.PhaseBackoff},
		"1001":          {End{Kind: Goodbye, Code: 1001}, "server is going away", time.Second, model.PhaseBackoff},
		"1002":          {End{Kind: Goodbye, Code: 1002}, "protocol error (1002)", 0, model.PhaseBackoff},
		"1008":          {End{Kind: Goodbye, Code: 1008}, "server dropped us as too slow", 5 * time.Second, model.PhaseBackoff},
		"1009":          {End{Kind: Goodbye, Code: 1009}, "server found a message of ours too big", 0, model.PhaseBackoff},
		"1011":          {End{Kind: Goodbye, Code: 1011}, "server error", 0, model.PhaseBackoff},
		"1012":          {End{Kind: Goodbye, Code: 1012}, "server restarts", time.Second, model.PhaseBackoff},
		"1013":          {End{Kind: Goodbye, Code: 1013}, "server asks to come back later", 10 * time.Second, model.PhaseBackoff},
		"1015":          {End{Kind: Goodbye, Code: 1015}, "TLS failed", 0, model.PhaseBackoff},
		"4000":          {End{Kind: Goodbye, Code: 4000}, "server closed the connection (4000)", 0, model.PhaseBackoff},
		"too big":       {End{Kind: TooBig}, "server sent a message too big to read", 0, model.PhaseBackoff},
		"not inflated":  {End{Kind: Garbled}, "server sent what cannot be inflated", 0, model.PhaseBackoff},
		"refused later": {End{Kind: KeyRefused, Text: "no"}, "key refused (no), trying once more", 0, model.PhaseBackoff},
		"misplaced":     {End{Kind: Misplaced, Text: "a page"}, "a page", BackoffCap, model.PhaseBackoff},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, nil)
			r.live()
			r.step(Down{r.conns, tt.end})
			if r.phase != tt.phase || r.reason != tt.reason {
				t.Fatalf("%v, %q", r.phase, r.reason)
			}
			if wait := r.Machine.until.Sub(r.at); wait < tt.least || wait > tt.least+BackoffCap {
				t.Errorf("waits %v, want %v at least", wait, tt.least)
			}
			if len(actions[Fallen](r)) != 1 {
				t.Error("the feed is not told that the stream has fallen")
			}
			r.step(Down{r.conns, tt.end}, r.say(RefusesKey), r.data()) // of a connection that is over
			if r.phase != tt.phase {
				t.Errorf("a word of a connection that is over leads to %v", r.phase)
			}
		})
	}
}

// A dial that failed waits as long as the server asks for.
func TestFailedDials(t *testing.T) {
	r := newRig(t, nil)
	r.step(Connect{}, Down{1, End{Kind: Unreached, Text: "busy", Least: 40 * time.Second}})
	if wait := r.Machine.until.Sub(r.at); r.reason != "busy" || wait < 40*time.Second {
		t.Errorf("%q for %v", r.reason, wait)
	}
	r.step(RESTBack{}) // that REST is back is no reason to come before
	if r.phase != model.PhaseBackoff {
		t.Errorf("%v", r.phase)
	}
	r.until(model.PhaseDialing, 80*time.Second)
	r.step(Down{2, End{Kind: Unreached, Text: "away"}}, RESTBack{})
	if r.phase != model.PhaseDialing {
		t.Errorf("the network is back, and the stream is %v", r.phase)
	}
	if dials := actions[Dial](r); len(dials) != 3 || dials[2].Plain {
		t.Errorf("%+v", dials)
	}
	r.step(Down{3, End{Kind: Misplaced, Offer: true}})
	r.until(model.PhaseDialing, 2*BackoffCap)
	if dials := actions[Dial](r); !dials[0].Plain {
		t.Error("compression is offered again where the offer went wrong")
	}
}

// Too many misunderstandings leave compression off first, and then the stream
// alone.
func TestMisunderstandings(t *testing.T) {
	for compressed, want := range map[bool]string{true: "protocol error (1007), going on without compression", false: "server and client do not understand each other"} {
		r := newRig(t, nil)
		for range 3 {
			r.step(Connect{})
			r.until(model.PhaseDialing, time.Minute)
			r.step(Up{Conn: r.conns, Compressed: compressed}, Down{r.conns, End{Kind: Goodbye, Code: 1007}})
		}
		if r.reason != want {
			t.Errorf("compressed %v: %q", compressed, r.reason)
		}
	}
}

// A plan's words before a 1008 are its reason.
func TestSaidBeforeItClosed(t *testing.T) {
	r := newRig(t, nil)
	r.live()
	r.step(r.say(NotAuthorized), Down{r.conns, End{Kind: Goodbye, Code: 1008}})
	if r.phase == model.PhaseBackoff && strings.Contains(r.reason, "slow") {
		t.Errorf("%v: %q", r.phase, r.reason)
	}
}

// After a minute of Live the backoff starts from its base again, not before.
func TestBackoffIsForgivenByAMinuteOfLive(t *testing.T) {
	for after, want := range map[time.Duration]bool{59 * time.Second: false, 61 * time.Second: true} {
		r := newRig(t, nil)
		r.step(Connect{})
		for range 8 {
			r.until(model.PhaseDialing, 6*time.Minute)
			r.step(Down{r.conns, End{Kind: Unreached}})
		}
		r.live()
		for range after / time.Second {
			r.pass(time.Second)
			r.step(r.data())
		}
		if got := r.back.tries == 0; got != want {
			t.Errorf("after %v of live: forgiven %v", after, got)
		}
	}
}

// The probe tells a silent stream from a quiet market.
func TestProbe(t *testing.T) {
	r := newRig(t, nil)
	r.live()
	r.pass(ProbeAfter)
	if probes := actions[Probe](r); len(probes) != 1 || probes[0].Conn != r.conns || r.phase != model.PhaseQuiet {
		t.Fatalf("%v, probes %v", r.phase, probes)
	}
	r.step(Probed{Conn: r.conns})
	r.pass(probeEvery)
	if probes := actions[Probe](r); len(probes) != 1 || r.phase != model.PhaseQuiet {
		t.Fatalf("a quiet market: %v, probes %v", r.phase, probes)
	}
	r.step(Probed{Conn: r.conns - 1, Newer: true})
	if r.phase != model.PhaseQuiet {
		t.Fatal("an answer about another connection counts")
	}
	r.step(Probed{Conn: r.conns, Newer: true})
	if r.phase != model.PhaseBackoff || r.reason != reasonStale {
		t.Errorf("%v: %q", r.phase, r.reason)
	}
}

// Out of session silence is normal.
func TestClosedMarket(t *testing.T) {
	r := newRig(t, nil)
	r.live()
	r.pass(20 * time.Second)
	r.open = false
	r.pass(time.Hour)
	if r.phase != model.PhaseLive || len(actions[Probe](r)) != 0 {
		t.Errorf("%v", r.phase)
	}
}

// The hosts are tried in the order of the table, half a minute apart.
func TestTheOtherHost(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Beliefs = plan.Beliefs{} })
	r.step(Connect{})
	r.login()
	r.step(r.say(NotAuthorized))
	if !r.hosts.delayed || r.phase != model.PhaseNotEntitled {
		t.Fatalf("%v, delayed %v", r.phase, r.hosts.delayed)
	}
	if waited := r.until(model.PhaseDialing, time.Minute); waited != DelayedWait {
		t.Errorf("dialled after %v", waited)
	}
	if dials := actions[Dial](r); len(dials) != 2 || !dials[1].Delayed {
		t.Errorf("%+v", dials)
	}
	r.live()
	if s := r.State(); s.EventNow(1e12, 900_000) != 1e12-900_000 {
		t.Error("event time of a delayed host is the market's")
	}
}

// After this machine slept the connection is not trusted.
func TestWoke(t *testing.T) {
	r := newRig(t, nil)
	r.live()
	r.step(Woke{})
	if closes := fmt.Sprint(actions[Close](r)); closes != "[{true}]" || r.phase != model.PhaseDialing || r.reason != "this machine slept" {
		t.Errorf("%v %v: %q", closes, r.phase, r.reason)
	}
}

// Somebody who leans on the key does not get past the law of dials, nor does
// news that REST is back.
func TestHasteKeepsTheLaw(t *testing.T) {
	for name, haste := range map[string]Event{"the user": Retake{}, "REST": RESTBack{}, "the machine's sleep": Woke{}} {
		r := newRig(t, nil)
		r.step(Connect{})
		for range 6000 {
			r.step(Down{r.conns, End{Kind: Unreached}}, haste)
			r.pass(100 * time.Millisecond)
		}
		for i, at := range r.dials {
			if i > LawBurst && at.Sub(r.dials[i-LawBurst-1]) < LawEvery || i >= LawMost && at.Sub(r.dials[i-LawMost]) < LawWithin {
				t.Fatalf("%s: dial %d at %v", name, i, at.Sub(tuesday))
			}
		}
		if n := len(r.dials); n < LawMost {
			t.Errorf("%s: %d dials in ten minutes", name, n)
		}
	}
}
