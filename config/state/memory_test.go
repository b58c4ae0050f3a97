package state

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"optflow/model"
	"optflow/model/memory"
)

// TestMemory: what is kept is there in the next run, but for the days of an
// invented market.
func TestMemory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "optflow", Name)
	first := New(path, memory.Choices{Theme: "classic"}, false)
	if r, failed := first.Recall(); failed != nil || r.Volumes == nil || len(r.Volumes.Sessions())+len(r.Pins)+len(r.Tabs) != 0 || r.Choices.Theme != "classic" {
		t.Fatalf("before anything was kept: %+v, %v", r, failed)
	}
	noted := model.NewVolumes(nil)
	noted.Note("SPY", model.MakeDate(2026, 11, 23).At(10, 0).UnixMilli(), 1234)
	want := memory.Remembered{
		Choices: memory.Choices{Tickers: []string{"SPY"}, Sort: "-size"},
		Tabs:    memory.Tabs{{Name: "Big", Filter: "prem>=1m"}},
		Lines:   memory.Lines{Filters: []string{"calls"}, Commands: []string{"sort size"}},
		Pins:    memory.Pins{{Contract: "O:SPY261218C00670000", Date: model.MakeDate(2026, 11, 23), Interest: 5}, {Contract: "O:SPY261218C00680000"}},
	}
	for _, item := range []memory.Item{want.Choices, want.Tabs, want.Lines, want.Pins, memory.Volumes(noted.Sessions())} {
		if err := first.Keep(item); err != nil {
			t.Fatal(err)
		}
	}
	recall := func(invented bool) memory.Remembered {
		t.Helper()
		choices, err := Choices(path)
		if err != nil {
			t.Fatal(err)
		}
		r, failed := New(path, choices, invented).Recall()
		if failed != nil {
			t.Fatal(failed)
		}
		return r
	}
	got := recall(false)
	if diff := cmp.Diff(noted.Sessions(), got.Volumes.Sessions()); diff != "" {
		t.Errorf("volumes (-kept +recalled):\n%s", diff)
	}
	got.Volumes = nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-kept +recalled):\n%s", diff)
	}
	if r := recall(true); r.Volumes != nil || r.Pins != nil || len(r.Tabs) != 1 {
		t.Errorf("an invented market recalls %+v", r)
	}
	invented := New(path, memory.Choices{}, true)
	for _, item := range []memory.Item{memory.Pins{}, memory.Volumes{}} {
		if err := invented.Keep(item); err != nil {
			t.Error(err)
		}
	}
	if got := recall(false); len(got.Pins) != 2 || len(got.Volumes.Sessions()) != 1 {
		t.Errorf("an invented market took away what was kept: %+v", got)
	}
}
