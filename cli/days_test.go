package cli

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"optflow/config"
	"optflow/model"
	"optflow/ui"
)

// TestDaysAreKept: what the screen has kept is there in the next run, and a
// simulated market keeps nothing.
func TestDaysAreKept(t *testing.T) {
	s := &config.Settings{StatePath: filepath.Join(t.TempDir(), "optflow", "state.toml")}
	var first, second, invented ui.Options
	keepDays(s, &market{}, &first)
	noted := model.NewVolumes(nil)
	noted.Note("SPY", model.MakeDate(2026, 11, 23).At(10, 0).UnixMilli(), 1234)
	if err := first.KeepVolumes(noted.Sessions()); err != nil {
		t.Fatal(err)
	}
	pins := []ui.Pin{{Contract: "O:SPY261218C00670000", Date: model.MakeDate(2026, 11, 23), Interest: 5}, {Contract: "O:SPY261218C00680000"}}
	if err := first.KeepPins(pins); err != nil {
		t.Fatal(err)
	}
	keepDays(s, &market{}, &second)
	if diff := cmp.Diff(noted.Sessions(), second.Volumes.Sessions()); diff != "" {
		t.Errorf("volumes (-kept +recalled):\n%s", diff)
	}
	if diff := cmp.Diff(pins, second.Pins); diff != "" {
		t.Errorf("pins (-kept +recalled):\n%s", diff)
	}
	keepDays(s, &market{builtin: &builtin{}}, &invented)
	if invented.Volumes != nil || invented.Pins != nil || invented.KeepPins != nil || invented.KeepVolumes != nil {
		t.Error("the built-in market keeps days")
	}
}
