package ledger

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"optflow/model"
)

// Which rows are picked follows from what they are, not from the order in which
// they came.
func TestReservoir(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var all []*Alert
	for i := range 3_000 {
		all = append(all, fired(func(a *Alert) { a.ID, a.Event, a.Start = fmt.Sprint(i), "control", int64(i) }))
	}
	pick := func() (starts []int64, dropped int) {
		var r Reservoir
		for _, a := range all {
			if picked, gone := r.Offer(a); gone != nil && picked {
				dropped++
			}
			if picked, _ := r.Offer(a); picked {
				t.Fatal("the same is picked twice")
			}
		}
		for _, a := range r.held {
			starts = append(starts, a.Start)
		}
		return starts, dropped
	}
	first, dropped := pick()
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	second, _ := pick()
	if !slices.Equal(first, second) || len(first) != Reserved || dropped == 0 {
		t.Errorf("%d and %d picked, %d dropped on the way", len(first), len(second), dropped)
	}
	early := 0
	for _, start := range first {
		if start < 1_500 {
			early++
		}
	}
	if early < 70 || early > 130 {
		t.Errorf("%d of %d from the first half", early, len(first))
	}
	var r Reservoir
	a := fired(func(a *Alert) { a.Event, a.Start = "control", 7 })
	r.Offer(a)
	if picked, _ := r.Offer(fired(func(a *Alert) { a.Event, a.Date = "control", (day + 1).String() })); !picked || len(r.held) != 1 {
		t.Error("the next session does not begin anew")
	}
	if picked, _ := r.Offer(a); picked {
		t.Error("a row of the session before is picked")
	}
}

// An alert takes controls of its own sort alone, from the ten sessions before.
func TestControlsMatch(t *testing.T) {
	alert := fired(nil)
	for name, test := range map[string]struct {
		edit func(*Alert)
		want bool
	}{
		"alike":               {func(*Alert) {}, true},
		"ten sessions before": {func(a *Alert) { on(a, sessionsBefore(day, 10)) }, true},
		"eleven before":       {func(a *Alert) { on(a, sessionsBefore(day, 11)) }, false},
		"the same day":        {func(a *Alert) { on(a, day) }, false},
		"another underlying":  {func(a *Alert) { a.Underlying, a.Contract = "AMD", "O:AMD261218C00180000" }, false},
		"a put":               {func(a *Alert) { a.Contract = "O:NVDA261218P00180000" }, false},
		"at the bid":          {func(a *Alert) { a.Side = "B" }, false},
		"near the ask":        {func(a *Alert) { a.Side = "a" }, true},
		"expires sooner":      {func(a *Alert) { a.DTE = 7 }, false},
		"in 45 days":          {func(a *Alert) { a.DTE = 45 }, true},
		"half an hour before": {func(a *Alert) { a.Seen -= 30 * 60_000 }, true},
		"31 minutes after":    {func(a *Alert) { a.Seen += 31 * 60_000 }, false},
		"loose":               {func(a *Alert) { a.Certainty = "loose" }, false},
		"simulated":           {func(a *Alert) { a.Sim = true }, false},
	} {
		l := New()
		l.Add(alert)
		l.Add(mark(alert, After30m, 5, 5.1, 181))
		k := fired(func(a *Alert) { a.ID, a.Event = "k", "control"; on(a, sessionsBefore(day, 1)); test.edit(a) })
		l.Add(k)
		l.Add(mark(k, After30m, 0, 0, 181))
		g := l.Figures(After30m, cal, false)[0]
		if got := g.Unmatched == 0; got != test.want || test.want && (g.Control != 1 || g.Diff.Value != 0) {
			t.Errorf("%s: %+v", name, g)
		}
	}
}

// What a rule took after all is no control, and of controls that came out as ties
// or not at all none is taken.
func TestControlsThatAreNone(t *testing.T) {
	for name, edit := range map[string]func(l *Ledger, k *Alert){
		"a tie":   func(l *Ledger, k *Alert) { l.Add(mark(k, After30m, 0, 0, 180)) },
		"no mark": func(*Ledger, *Alert) {},
		"a rule took it": func(l *Ledger, k *Alert) {
			l.Add(mark(k, After30m, 0, 0, 181))
			other := *k
			other.ID, other.Event, other.Rule, other.Version = "b", "fired", "b", "v2"
			l.Add(&other)
		},
	} {
		alert := fired(nil)
		l := New()
		l.Add(alert)
		l.Add(mark(alert, After30m, 5, 5.1, 181))
		k := fired(func(a *Alert) { a.ID, a.Event = "k", "control"; on(a, sessionsBefore(day, 1)) })
		l.Add(k)
		edit(l, k)
		for _, g := range l.Figures(After30m, cal, false) {
			if g.Rule == "whales" && g.Unmatched != 1 {
				t.Errorf("%s: %+v", name, g)
			}
		}
	}
}

// on puts an alert on another session, at the same time of day.
func on(a *Alert, date model.Date) {
	was, _ := model.ParseDate(a.Date)
	shift := date.At(12, 0).UnixMilli() - was.At(12, 0).UnixMilli()
	a.Date, a.Seen, a.Start, a.End = date.String(), a.Seen+shift, a.Start+shift, a.End+shift
}

func sessionsBefore(date model.Date, n int) model.Date {
	for range n {
		date = cal.Previous(date)
	}
	return date
}
