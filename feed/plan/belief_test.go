package plan

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var start = time.Unix(1_800_000_000, 0)

// A denial is believed for a minute, then five, then fifteen, and from the start
// again once it was lifted; then it takes one claim more.
func TestDenialsHaveATimeToLive(t *testing.T) {
	var d Denial
	now := start
	for i, want := range []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, 15 * time.Minute} {
		if got := d.Deny(now); got != want || !d.Holds(now.Add(want-1)) || d.Holds(now.Add(want)) || !d.until.Equal(now.Add(want)) {
			t.Errorf("time %d: believed for %v, want %v", i, got, want)
		}
		now = now.Add(want)
	}
	d.Lift()
	if d.Holds(now) || d.Denied() {
		t.Error("lifted, and it holds")
	}
	if got := d.Deny(now); got != 0 || d.Holds(now) || !d.Denied() {
		t.Errorf("what worked is called gone after one word, for %v", got)
	}
	if got := d.Deny(now); got != time.Minute {
		t.Errorf("believed for %v the second time", got)
	}
}

func TestBeliefs(t *testing.T) {
	type step struct {
		after time.Duration
		hear  Answer // Unasked: nothing is heard; Works: it sends data
		then  Answer // believed
	}
	for name, steps := range map[string][]step{
		"a plan's refusal at once, then seldom": {
			{0, NoPlan, NoPlan}, {59 * time.Second, Unasked, NoPlan}, {time.Second, Unasked, Unasked},
			{0, NoPlan, NoPlan}, {5*time.Minute - 1, Unasked, NoPlan}, {1, Unasked, Unasked},
			{0, NoPlan, NoPlan}, {15*time.Minute - 1, Unasked, NoPlan}, {1, Unasked, Unasked},
		},
		"a bad key after two refusals, for a quarter of an hour": {
			{0, Refused, Unasked}, {time.Second, Refused, Refused}, {15*time.Minute - 1, Unasked, Refused}, {1, Unasked, Unasked},
			{0, Refused, Refused}, {15*time.Minute - 1, Unasked, Refused}, {1, Unasked, Unasked},
		},
		"silence is asked again every minute": {
			{0, Silent, Silent}, {time.Minute, Unasked, Unasked}, {0, Silent, Silent}, {time.Minute, Unasked, Unasked}, {0, Silent, Silent}, {time.Minute, Unasked, Unasked},
		},
		"what worked counts": {
			{0, Works, Works}, {time.Minute, NoPlan, Works}, {0, NoPlan, NoPlan}, {time.Minute, Unasked, Unasked},
		},
		"a key that worked takes three refusals, and is asked again soon": {
			{0, Works, Works}, {time.Minute, Refused, Works}, {0, Refused, Works}, {0, Refused, Refused}, {time.Minute, Unasked, Unasked},
		},
		"refusals of another kind in between begin anew": {
			{0, Works, Works}, {0, NoPlan, Works}, {0, Silent, Works}, {0, NoPlan, Works}, {0, NoPlan, NoPlan},
		},
		"a stream that was good long ago is asked anew": {
			{0, Works, Works}, {lastWorked - 1, Unasked, Works}, {1, Unasked, Unasked},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var b Belief
			now := start
			for i, s := range steps {
				now = now.Add(s.after)
				switch s.hear {
				case Unasked:
				case Works:
					b.Serves(now, true)
				default:
					b.Hear(s.hear, now, false)
				}
				if got := b.At(now); got != s.then {
					t.Fatalf("step %d, %v after the start: %v, want %v", i, now.Sub(start), got, s.then)
				}
			}
		})
	}
	var b Belief
	if !b.Hear(Refused, start, true) {
		t.Error("no key at all has to be refused twice")
	}
	b.Took()
	if b.At(start) != Unasked {
		t.Error("a login that was taken leaves the key refused")
	}
	b.Serves(start, false) // acknowledged, and nothing sent
	if !b.Hear(Silent, start, false) {
		t.Error("an acknowledgement alone counts as having worked")
	}
}

// REST's refusal takes two, or one when a stream refuses the key too.
func TestRESTsWord(t *testing.T) {
	var b Beliefs
	rest := func() REST { return b.Facts(start).REST }
	if rest() != Unheard {
		t.Errorf("%v", rest())
	}
	b.Mute()
	if rest() != Mute {
		t.Errorf("%v", rest())
	}
	if lasts := b.RefusedByREST(start); lasts != 0 || rest() != Mute {
		t.Errorf("%v, %v", lasts, rest())
	}
	b.Realtime.Hear(Refused, start, true)
	if rest() != Refuses {
		t.Errorf("both refuse, and REST %v", rest())
	}
	if lasts := b.RefusedByREST(start); lasts != badKey || b.AskedAgain(start) != start.Add(badKey) {
		t.Errorf("%v, %v", lasts, b.AskedAgain(start))
	}
	b.TookByREST()
	if rest() != Takes {
		t.Errorf("%v", rest())
	}
	b.IsLate()
	if rest() != Late {
		t.Errorf("%v", rest())
	}
	b.RefusedByREST(start)
	b.RefusedByREST(start)
	if lasts := b.RefusedByREST(start); lasts != time.Minute || rest() != Refuses {
		t.Errorf("a key that REST took is refused for %v, REST %v", lasts, rest())
	}
	b.Forget()
	if b.Verdict(start).Do == Stop {
		t.Error("forgotten, and still stopped")
	}
}

// Whatever is heard and whenever: nothing that denies is believed for more than
// a quarter of an hour, and the verdict never leaves us without a next step.
func TestNothingIsForEver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := Beliefs{NoDelayed: rapid.Bool().Draw(t, "one host")}
		now := start
		for range rapid.IntRange(1, 60).Draw(t, "words") {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(10*time.Minute)).Draw(t, "pause")))
			host := &b.Realtime
			if rapid.Bool().Draw(t, "delayed") {
				host = &b.Delayed
			}
			switch rapid.IntRange(0, 7).Draw(t, "what") {
			case 0, 1, 2:
				host.Hear(rapid.SampledFrom([]Answer{Refused, NoPlan, Silent}).Draw(t, "denial"), now, false)
			case 3:
				host.Serves(now, rapid.Bool().Draw(t, "data"))
			case 4:
				host.Took()
			case 5:
				b.RefusedByREST(now)
			case 6:
				b.TookByREST()
			case 7:
				b.mute = rapid.Bool().Draw(t, "mute")
			}
			v := b.Verdict(now)
			if v.Do != Poll && v.Do != Stop {
				continue
			}
			again := b.AskedAgain(now)
			if again.IsZero() || again.Sub(now) > 15*time.Minute {
				t.Fatalf("%v %d, and asked again at %v, now is %v", v.Do, v.Why, again, now)
			}
			if later := b.Verdict(now.Add(15 * time.Minute)); later.Do != DialRealtime && later.Do != DialDelayed {
				t.Fatalf("%v %d a quarter of an hour after", later.Do, later.Why)
			}
		}
	})
}
