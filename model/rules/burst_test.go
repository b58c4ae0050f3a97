package rules

import (
	"slices"
	"testing"

	"optflow/model"
)

var whales = Written{Name: "whales", When: "nvda prem>=500k"}

// A burst fires at the first version that is true, once, and says why.
func TestFiresOnceAtTheFirstTrueVersion(t *testing.T) {
	r := newRig(t, whales)
	if got := r.put(r.bar(0, 0, 300)); len(got) != 0 {
		t.Fatalf("under the premium: %q", said(got))
	}
	got := r.put(r.bar(0, 5, 312))
	if len(got) != 1 || got[0].Kind != Fired || got[0].First != start || got[0].Row.Size != 612 {
		t.Fatalf("at 612,000: %q %+v", said(got), got)
	}
	if want := []string{"NVDA", "premium 612,000 ≥ 500,000"}; !slices.Equal(got[0].Why, want) {
		t.Errorf("because %q, want %q", got[0].Why, want)
	}
	if got[0].ID != ID(parsed(t, whales)[0].Version, symbol[0], day, start) {
		t.Error("the id is not that of version, contract, date and first window")
	}
	if got := r.put(r.bar(0, 9, 900)); len(got) != 0 {
		t.Errorf("grown: %q", said(got))
	}
	if got := r.put(r.bar(2, 9, 900)); len(got) != 0 {
		t.Errorf("SPY: %q", said(got))
	}
	if got := r.put(r.bar(0, 40, 600)); len(got) != 1 {
		t.Errorf("another burst: %q", said(got))
	}
}

func TestNeverFires(t *testing.T) {
	for name, edit := range map[string]func(*rig, *model.Row){
		"past":                func(_ *rig, w *model.Row) { w.Flags |= model.FlagPast },
		"backfilled":          func(_ *rig, w *model.Row) { w.Source = model.SourceBackfill },
		"polled while live":   func(_ *rig, w *model.Row) { w.Source, w.Span = model.SourceREST, 5_000 },
		"polled over an hour": func(r *rig, w *model.Row) { r.poll(5_000); w.Source, w.Span = model.SourceREST, 11_000 },
		"begun before polling": func(r *rig, w *model.Row) {
			r.poll(5_000)
			w.Source, w.Span, w.Start = model.SourceREST, 5_000, start-1_000
		},
		"late": func(r *rig, w *model.Row) { r.at.Now += 62_000 },
		"gap":  func(_ *rig, w *model.Row) { w.Kind = model.KindGap },
	} {
		r := newRig(t, whales)
		row := r.bar(0, 0, 900)
		edit(r, &row)
		if got := r.put(row); len(got) != 0 {
			t.Errorf("%s: %q", name, said(got))
		}
		if got := r.put(r.bar(0, 5, 1)); row.Kind == model.KindBar && len(got) != 0 {
			t.Errorf("%s: grown by a lot: %q", name, said(got))
		}
	}
}

func (r *rig) poll(every int64) { r.at.Polling, r.at.PollEvery = true, every; r.watch.At(r.at) }

func TestFiresAllTheSame(t *testing.T) {
	for name, edit := range map[string]func(*rig, *model.Row){
		"polled, twice the interval": func(r *rig, w *model.Row) { r.poll(5_000); w.Source, w.Span = model.SourceREST, 10_000 },
		"a delayed feed":             func(r *rig, w *model.Row) { r.at.Delayed = 900_000; r.at.Now += 900_000 },
		"59 s old":                   func(r *rig, w *model.Row) { r.at.Now += 60_000 },
	} {
		r := newRig(t, whales)
		row := r.bar(0, 0, 900)
		edit(r, &row)
		if got := r.put(row); len(got) != 1 || got[0].Kind != Fired {
			t.Errorf("%s: %q", name, said(got))
		}
	}
	r := newRig(t, Written{Name: "late", When: "prem>=500k", Late: true})
	r.at.Now += 62_000
	if got := r.put(r.bar(0, 0, 900)); len(got) != 1 || !got[0].Late {
		t.Errorf("late: %q", said(got))
	}
}

// Sure waits five seconds for the quote; a quote that comes later does not make
// it sure any more.
func TestSureWaits(t *testing.T) {
	for _, test := range []struct {
		wait float64
		want int
	}{{2.5, 1}, {4.9, 1}, {5.1, 0}} {
		r := newRig(t, Written{Name: "sure", When: "prem>=500k side=ask sure"})
		row := r.bar(0, 0, 900)
		row.Certainty = model.CertaintyLoose
		if got := r.put(row); len(got) != 0 {
			t.Fatalf("not sure yet: %q", said(got))
		}
		r.wait(test.wait)
		row.Certainty = model.CertaintySure
		if got := r.put(row); len(got) != test.want {
			t.Errorf("sure after %v s: %q", test.wait, said(got))
		}
	}
}

// What is not known is not true, and is counted with what lacked, for as long as
// it lacks.
func TestUnknownIsNotTrue(t *testing.T) {
	r := newRig(t, Written{Name: "far", When: "prem>=100k otm>5%"})
	row := r.bar(0, 0, 900)
	row.Spot = nan
	if got := r.put(row); len(got) != 0 {
		t.Fatalf("without a spot: %q", said(got))
	}
	r.put(func() model.Row { w := r.bar(1, 0, 900); w.Spot = nan; return w }())
	if s, _ := r.watch.Stats("far"); s.Lacked != 2 || s.Lacks.String() != "spot" {
		t.Errorf("%d lacked %q", s.Lacked, s.Lacks)
	}
	row.Spot = 150
	if got := r.put(row); len(got) != 1 {
		t.Errorf("20 %% out of the money: %q", said(got))
	}
	if s, _ := r.watch.Stats("far"); s.Lacked != 1 {
		t.Errorf("%d lacked after one became known", s.Lacked)
	}
}

// Growth or a correction that makes it false is revised, once, and not before it
// stayed so for as long as a side is waited for.
func TestRevised(t *testing.T) {
	small := func(r *rig) []Event { return r.put(r.bar(0, 0, 100)) }
	for name, test := range map[string]struct {
		rule   string
		change func(r *rig) []Event
		want   bool
	}{
		"corrected":        {"prem>=500k", small, true},
		"corrected slowly": {"prem>=500k", func(r *rig) []Event { small(r); r.wait(3); return r.put(r.bar(0, 0, 800)) }, false},
		"grown":            {"prem>=500k size<1k", func(r *rig) []Event { return r.put(r.bar(0, 5, 200)) }, true},
		"still true":       {"prem>=500k", func(r *rig) []Event { return r.put(r.bar(0, 5, 200)) }, false},
		"another's":        {"prem>=500k", func(r *rig) []Event { return r.put(r.bar(1, 0, 100)) }, false},
		"another burst's":  {"prem>=500k", func(r *rig) []Event { return r.put(r.bar(0, 40, 100)) }, false},
		"the side is found": {"prem>=500k sure", func(r *rig) []Event {
			w := r.bar(0, 5, 900)
			w.Certainty = 0
			r.put(w)
			w.Certainty = model.CertaintySure
			return r.put(w)
		}, false},
		"the side is lost":   {"prem>=500k sure", func(r *rig) []Event { w := r.bar(0, 5, 900); w.Certainty = 0; return r.put(w) }, true},
		"age":                {"prem>=500k age<1m", func(r *rig) []Event { r.wait(120); return r.put(r.bar(0, 0, 890)) }, false},
		"joined to the left": {"prem>=500k size<1k", func(r *rig) []Event { return r.put(r.bar(0, -5, 200)) }, true},
	} {
		r := newRig(t, Written{Name: "a", When: test.rule})
		if got := r.put(r.bar(0, 0, 900)); len(got) != 1 {
			t.Fatalf("%s: %q", name, said(got))
		}
		fired := r.events[len(r.events)-1]
		if got := test.change(r); len(got) != 0 {
			t.Errorf("%s: at once %q", name, said(got))
		}
		got := append(r.wait(5.5), r.wait(60)...)
		if test.want != (len(got) == 1 && got[0].Kind == Revised && got[0].ID == fired.ID) || len(got) > 1 {
			t.Errorf("%s: %q", name, said(got))
		}
		if got := r.put(r.bar(0, 0, 901)); len(got) != 0 {
			t.Errorf("%s: true again fires again: %q", name, said(got))
		}
	}
}

// A burst of which nothing is left is revised.
func TestStruckIsRevised(t *testing.T) {
	r := newRig(t, whales)
	r.put(r.bar(0, 0, 900))
	r.put(r.bar(0, 0, 0))
	if got := r.wait(6); len(got) != 1 || got[0].Kind != Revised || got[0].Row.Size != 0 {
		t.Errorf("%q", said(got))
	}
}

// A burst that shares a window with one that fired does not fire again, however
// the windows are cut anew.
func TestSharedWindowsDoNotFireAgain(t *testing.T) {
	for name, rows := range map[string]func(r *rig) []model.Row{
		"a window before":      func(r *rig) []model.Row { return []model.Row{r.bar(0, -8, 700)} },
		"cut in two":           func(r *rig) []model.Row { return []model.Row{r.bar(0, 8, 1), r.bar(0, 16, 900), r.bar(0, 8, 0)} },
		"the first one struck": func(r *rig) []model.Row { return []model.Row{r.bar(0, 8, 900), r.bar(0, 0, 0)} },
		"a minute over it":     func(r *rig) []model.Row { w := r.bar(0, 0, 900); w.Span = model.Minute; return []model.Row{w} },
		"two bursts made one":  func(r *rig) []model.Row { return []model.Row{r.bar(0, 18, 900), r.bar(0, 9, 1)} },
		"the same once more":   func(r *rig) []model.Row { return []model.Row{r.bar(0, 0, 900)} },
		"and with another price": func(r *rig) []model.Row {
			w := r.bar(0, 0, 900)
			w.Vwap, w.Premium = 11, 990_000
			return []model.Row{w}
		},
	} {
		r := newRig(t, whales)
		r.put(r.bar(0, 0, 900))
		fired := map[string]bool{r.events[0].ID: true}
		for _, row := range rows(r) {
			for _, e := range r.put(row) {
				if e.Kind == Fired && (fired[e.ID] || name != "two bursts made one") {
					t.Errorf("%s: fires again", name)
				}
				fired[e.ID] = true
			}
		}
	}
}

// Nothing fires twice over a restart: neither what the tape still has, nor what
// goes on with a burst whose windows are forgotten.
func TestRestart(t *testing.T) {
	r := newRig(t, whales)
	r.put(r.bar(0, 0, 300))
	if got := r.put(r.bar(0, 5, 400)); len(got) != 1 {
		t.Fatal("it did not fire")
	}
	if got := r.crash(true, whales); len(got) != 0 {
		t.Errorf("the tape read again: %q", said(got))
	}
	if got := r.wait(6); len(got) != 0 {
		t.Errorf("a little later: %q", said(got))
	}
	r.crash(false, whales)
	if got := r.put(r.bar(0, 14, 700)); len(got) != 0 {
		t.Errorf("windows that go on with it: %q", said(got))
	}
	if got := r.put(r.bar(0, 70, 700)); len(got) != 1 {
		t.Errorf("a burst of its own: %q", said(got))
	}
	if got := r.crash(false, Written{Name: "other name", When: whales.When, To: []string{"bell"}}); len(got) != 0 {
		t.Errorf("renamed: %q", said(got))
	}
	if got := r.put(r.bar(0, 71, 700)); len(got) != 0 {
		t.Errorf("under another name: %q", said(got))
	}
}

// A rule that is put in force fires for what begins from then on; one that stays
// keeps what it knows.
func TestReload(t *testing.T) {
	r := newRig(t, whales)
	r.put(r.bar(0, 0, 900))
	r.put(r.bar(1, 0, 900))
	all := Written{Name: "all", When: "prem>=500k"}
	r.watch.Set(parsed(t, all, whales))
	if got := append(r.put(r.bar(0, 5, 10)), r.put(r.bar(1, 5, 10))...); len(got) != 0 {
		t.Errorf("bursts that had begun: %q", said(got))
	}
	if got := r.put(r.bar(2, 6, 900)); len(got) != 1 || got[0].Rule.Name != "all" {
		t.Errorf("one that begins: %q", said(got))
	}
	r.watch.Set(parsed(t, whales))
	if s, ok := r.watch.Stats("whales"); !ok || s.Fired != 2 {
		t.Errorf("after two reloads %+v", s)
	}
	if got := r.put(r.bar(0, 6, 900)); len(got) != 0 {
		t.Errorf("whales again: %q", said(got))
	}
}

// What no rule takes and is over the floor is told for the control, once.
func TestUnmatched(t *testing.T) {
	r := newRig(t, whales)
	for _, row := range []model.Row{r.bar(0, 0, 20), r.bar(0, 1, 10), r.bar(0, 2, 10), r.bar(1, 0, 900), r.bar(2, 0, 20)} {
		r.put(row)
	}
	past := r.bar(2, 40, 900)
	past.Flags |= model.FlagPast
	r.put(past)
	tab, err := Ringing(Written{Name: "All", When: "prem>=0"}, model.DefaultRules(), testEnv())
	if err != nil {
		t.Fatal(err)
	}
	r.watch.Set([]*Rule{tab})
	if r.put(r.bar(1, 80, 30)); len(r.events) == 0 || r.events[len(r.events)-1].Kind != Unmatched {
		t.Error("what rings for a tab is no control")
	}
	r.events = r.events[:len(r.events)-1]
	var got []Event
	for _, e := range r.events {
		if e.Kind == Unmatched {
			got = append(got, e)
		}
	}
	if len(got) != 1 || got[0].Contract.Symbol != symbol[0] || got[0].Row.Size != 30 || got[0].Rule != nil {
		t.Errorf("%+v", got)
	}
}

// On another trading date everything begins anew, and dates in filters are read
// again.
func TestNextDay(t *testing.T) {
	r := newRig(t, whales)
	r.put(r.bar(0, 0, 900))
	if got := r.put(r.bar(0, 86_400, 900)); len(got) != 1 || got[0].Date != day+1 {
		t.Errorf("the day after: %q", said(got))
	}
	if got := r.put(r.bar(0, 30, 900)); len(got) != 0 {
		t.Errorf("a late row of the day before: %q", said(got))
	}
	if s, _ := r.watch.Stats("whales"); s.Fired != 1 {
		t.Errorf("%d fired today", s.Fired)
	}
}

// What a strike leaves does not fire, however true it is; and of what fired it
// is followed on.
func TestStrikes(t *testing.T) {
	r := newRig(t, Written{Name: "small", When: "prem<=100k"})
	r.put(r.bar(0, 5, 200))
	r.put(r.bar(0, 0, 60))
	if got := r.put(r.bar(0, 5, 0)); len(got) != 0 {
		t.Errorf("60 lots are left: %q", said(got))
	}
	r = newRig(t, whales)
	r.put(r.bar(0, 0, 900))
	r.put(r.bar(0, 9, 900))
	r.put(r.bar(0, 0, 0))
	if got := r.wait(10); len(got) != 0 {
		t.Errorf("the second window is true still: %q", said(got))
	}
	r.put(r.bar(0, 9, 100))
	if got := r.wait(10); !slices.Equal(said(got), []string{"revised whales"}) {
		t.Errorf("and then it is not: %q", said(got))
	}
}

// What was true when it could not fire does not fire later, whatever rules are
// loaded again.
func TestPassedOver(t *testing.T) {
	r := newRig(t, whales)
	past := r.bar(0, 0, 900)
	past.Flags |= model.FlagPast
	r.put(past)
	r.watch.Set(parsed(t, Written{Name: "b", When: "puts"}, whales))
	if got := r.put(r.bar(0, 5, 10)); len(got) != 0 {
		t.Errorf("%q", said(got))
	}
}
