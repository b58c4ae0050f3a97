package rules

import (
	"strings"
	"testing"

	"optflow/model"
	"optflow/model/tape"
)

// What would have fired is what did fire.
func TestTrialIsWhatFires(t *testing.T) {
	rule := Written{Name: "a", When: "nvda prem>=500k otm>0", Cooldown: "60s"}
	r := newRig(t, rule)
	past := r.bar(0, -60, 900)
	past.Flags |= model.FlagPast
	r.put(past)
	for i := range 40 {
		w := r.bar(i%3, float64(15*i), uint32(300+100*(i%5)))
		if i%7 == 0 {
			w.Spot = nan
		} else if w.Spot = 150; w.Contract == r.ids[1] {
			w.Spot = 190
		}
		r.put(w)
	}
	trial, ok := Try(&r.tape.Tape, parsed(t, rule)[0], Moment{}, nil, nil)
	s, _ := r.watch.Stats("a")
	if !ok || trial.Fired != s.Fired || trial.Held != s.Held || trial.Lacked != s.Lacked || s.Fired < 5 || s.Held < 1 || s.Lacked < 1 {
		t.Errorf("%+v, fired %+v", trial, s)
	}
	if len(trial.Events) != s.Fired+s.Held {
		t.Errorf("%d events", len(trial.Events))
	}
	if got := trial.String(); !strings.HasPrefix(got, "would have fired ") || !strings.Contains(got, " times since 10:00 (") || !strings.Contains(got, "lacked spot") {
		t.Error(got)
	}
	if _, ok := Try(&r.tape.Tape, parsed(t, rule)[0], Moment{}, nil, func() bool { return true }); ok {
		t.Error("it cannot be ended")
	}
}

func TestTrialSays(t *testing.T) {
	for want, trial := range map[string]Trial{
		"would have fired 14 times since 09:52 (3 held back)": {Fired: 14, Held: 3, Since: day.At(9, 52).UnixMilli()},
		"would have fired 1 time since 09:52":                 {Fired: 1, Since: day.At(9, 52).UnixMilli()},
		"nothing has come yet that it could fire for":         {},
	} {
		if got := trial.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	trial, _ := Try(&tape.New(tape.Options{}).Tape, parsed(t, Written{Name: "a", When: "vol>5", On: "contract"})[0], Moment{}, nil, nil)
	if !strings.Contains(trial.String(), "cannot be tried") {
		t.Error(trial)
	}
}
