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
