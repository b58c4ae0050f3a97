package burst

import (
	"slices"
	"testing"

	"optflow/model"
)

// Where too many windows come to be remembered the bursts are the same for as
// long as the windows come in order; only what is in a burst cannot be listed.
func TestBurstsForgetWindowsInAFlood(t *testing.T) {
	for _, copies := range []bool{false, true} {
		all := newBurstTest(t, Options{Interval: Interval10s}, copies)
		few := newBurstTest(t, Options{Interval: Interval10s, Windows: 30}, copies)
		for second := range 150 {
			for contract := range model.ContractID(3) {
				r := bar(contract, float64(second), uint32(10+second), 2)
				all.add(r)
				few.add(r)
			}
		}
		got, want := few.all(), all.all()
		if !slices.EqualFunc(got, want, func(a, b Burst) bool { return sameRow(a.Row, b.Row) && a.Windows == b.Windows && a.Over == b.Over }) {
			t.Fatalf("got %v, want %v", cuts(got), cuts(want))
		}
		if few.windows > 30+30/fadeTurns+3 || all.windows != 450 {
			t.Errorf("%d and %d windows remembered", few.windows, all.windows)
		}
		if copies && len(few.kept) != few.windows {
			t.Errorf("%d copies of %d windows", len(few.kept), few.windows)
		}
		last := few.strands[0].lastOf - 1
		if rows, ok := few.Windows(last, nil); ok {
			t.Errorf("a burst of %d windows lists %d", few.Get(last).Windows, len(rows))
		}
		// A correction of what is forgotten changes nothing, a late window stands alone.
		few.add(with(bar(0, 125, 9, 2), func(r *model.Row) { r.Replaces = 5 }))
		if now := few.all(); len(now) != len(got) {
			t.Fatalf("after a correction: %v", cuts(now))
		}
		few.add(bar(0, 121.5, 9, 2))
		if now := few.all(); len(now) != len(got)+1 {
			t.Fatalf("after a late window: %v", cuts(now))
		}
	}
}
