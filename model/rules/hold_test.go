package rules

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

func TestHeldBack(t *testing.T) {
	type step struct {
		contract int
		second   float64
		want     string
	}
	for name, test := range map[string]struct {
		rule  Written
		steps []step
	}{
		"cooldown by contract":       {Written{Cooldown: "60s contract"}, []step{{0, 0, "fired"}, {0, 30, "held cooldown"}, {1, 30, "fired"}, {0, 61, "fired"}}},
		"cooldown by ticker":         {Written{Cooldown: "60s ticker"}, []step{{0, 0, "fired"}, {1, 30, "held cooldown"}, {2, 30, "fired"}, {1, 61, "fired"}}},
		"cooldown by rule":           {Written{Cooldown: "60s rule"}, []step{{0, 0, "fired"}, {2, 30, "held cooldown"}, {2, 61, "fired"}}},
		"what is held does not cool": {Written{Cooldown: "60s"}, []step{{0, 0, "fired"}, {0, 50, "held cooldown"}, {0, 62, "fired"}}},
		"hours":                      {Written{Hours: "10:01-10:02"}, []step{{0, 0, "held hours"}, {0, 61, "fired"}, {0, 121, "held hours"}}},
		"once":                       {Written{Once: true}, []step{{0, 0, "fired"}, {1, 0, "held once"}, {1, 4000, "held once"}}},
		"max":                        {Written{Max: "2/h"}, []step{{0, 0, "fired"}, {1, 0, "fired"}, {2, 0, "held max"}, {2, 3605, "fired"}}},
	} {
		test.rule.Name, test.rule.When = "a", "prem>=500k"
		for _, crash := range []bool{false, true} {
			r := newRig(t, test.rule)
			for i, s := range test.steps {
				if crash {
					r.crash(false, test.rule)
				}
				got := r.put(r.bar(s.contract, s.second, 900))
				got = slices.DeleteFunc(got, func(e Event) bool { return e.Kind == Digest })
				text := ""
				if len(got) == 1 {
					text = got[0].Kind.String()
					if got[0].Reason != NotHeld {
						text += " " + got[0].Reason.String()
					}
				}
				if text != s.want {
					t.Errorf("%s, crash %v, step %d: %q, want %q", name, crash, i, said(got), s.want)
				}
			}
		}
	}
}

// What is held back is an event like others, with an id, so that it enters inbox
// and ledger, and does not fire later.
func TestHeldIsListed(t *testing.T) {
	r := newRig(t, Written{Name: "a", When: "prem>=500k", Cooldown: "60s"})
	r.put(r.bar(0, 0, 900))
	got := r.put(r.bar(0, 55, 900))
	if len(got) != 1 || got[0].Kind != Held || got[0].ID == "" || len(got[0].Why) != 1 {
		t.Fatalf("%+v", got)
	}
	if got := r.put(r.bar(0, 64, 900)); len(got) != 0 {
		t.Errorf("grown after the cooldown: %q", said(got))
	}
}

func TestQuietHoursLeaveOutTheBell(t *testing.T) {
	r := newRig(t, Written{Name: "a", When: "prem>=500k", Quiet: "10:00-10:01"})
	got := append(r.put(r.bar(0, 0, 900)), r.put(r.bar(0, 70, 900))...)
	if len(got) != 2 || !got[0].Quiet || got[1].Quiet || got[0].Kind != Fired {
		t.Errorf("%q %+v", said(got), got)
	}
}

func TestMute(t *testing.T) {
	r := newRig(t, whales)
	r.watch.Mute("whales", start+60_000)
	if got := r.put(r.bar(0, 0, 900)); !slices.Equal(said(got), []string{"held whales muted"}) {
		t.Errorf("muted: %q", said(got))
	}
	r.crash(false, whales)
	if got := r.put(r.bar(0, 30, 900)); !slices.Equal(said(got), []string{"held whales muted"}) {
		t.Errorf("after a restart: %q", said(got))
	}
	if got := r.put(r.bar(0, 70, 900)); !slices.Equal(said(got), []string{"fired whales"}) {
		t.Errorf("a minute later: %q", said(got))
	}
	r.watch.Mute("whales", math.MaxInt64)
	r.watch.Mute("whales", 0)
	if r.watch.Muted("whales") != 0 {
		t.Error("it cannot be ended")
	}
}

// Over max there is one digest a minute a rule, and every alert is delivered,
// held one by one, or in a digest.
func TestDigest(t *testing.T) {
	two := Written{Name: "two", When: "prem>=500k", Max: "2/h"}
	one := Written{Name: "one", When: "prem>=500k puts", Max: "1/h"}
	r := newRig(t, two, one)
	for i := range 8 {
		r.put(r.bar(i%2, float64(10*i), 500))
	}
	var digests []string
	more := map[string]int{}
	for _, e := range append(r.events, r.wait(120)...) {
		if e.Kind == Digest && !slices.Contains(digests, fmt.Sprint(e.Rule.Name, e.Since)) {
			digests = append(digests, fmt.Sprint(e.Rule.Name, e.Since))
			more[e.Rule.Name] += e.More
			if e.Premium != float64(e.More)*500_000 || e.At-e.Since < 60_000 {
				t.Errorf("%d of $%.0f after %d ms", e.More, e.Premium, e.At-e.Since)
			}
		}
	}
	for _, name := range []string{"two", "one"} {
		if s, _ := r.watch.Stats(name); s.Held != more[name] || s.Fired != map[string]int{"two": 2, "one": 1}[name] {
			t.Errorf("%s: %+v, %d in digests", name, s, more[name])
		}
	}
	r.put(r.bar(0, 200, 500))
	r.watch.Flush()
	if got := r.drain(); len(got) != 1 || got[0].Kind != Digest || got[0].More != 1 {
		t.Errorf("at the end: %q", said(got))
	}
}

// All rules together deliver 60 an hour.
func TestMostPerHour(t *testing.T) {
	r := newRig(t, Written{Name: "calls", When: "prem>=500k calls"}, Written{Name: "puts", When: "prem>=500k puts"})
	count := map[string]int{}
	for i := range 100 {
		for _, e := range r.put(r.bar(i%2, float64(20*i), 900)) {
			if e.Kind != Digest {
				count[e.Kind.String()]++
			}
		}
	}
	if count["fired"] != MostPerHour || count["held"] != 40 {
		t.Errorf("%v", count)
	}
}

// A rule that takes everything lists no more than a bound; the rest is in its
// digests and in its count.
func TestHeldIsBounded(t *testing.T) {
	r := newRig(t, Written{Name: "all", When: "prem>=0", Max: "1/h"})
	listed, more := 0, 0
	for i := range heldMost + 50 {
		for _, e := range r.put(r.bar(i%3, float64(i/3)*10.5, 1)) { // each a burst of its own
			if e.Kind == Held {
				listed++
			}
			more += e.More
		}
	}
	r.watch.Flush()
	for _, e := range r.drain() {
		more += e.More
	}
	s, _ := r.watch.Stats("all")
	if listed != heldMost || s.Beyond != 48 || s.Held != s.Beyond+listed || more != s.Held {
		t.Errorf("listed %d, %d in digests, %+v", listed, more, s)
	}
}
