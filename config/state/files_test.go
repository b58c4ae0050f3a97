package state

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"optflow/model"
	"optflow/model/memory"
)

// sessionOf is a session with the first volumes noted, the others unknown.
func sessionOf(ticker string, d model.Date, volumes ...int64) model.SessionVolume {
	s := model.SessionVolume{Ticker: ticker, Date: d}
	for i := range s.At {
		s.At[i] = -1
	}
	copy(s.At[:], volumes)
	return s
}

func TestVolumesRoundTrip(t *testing.T) {
	kept := savedVolumes(filepath.Join(t.TempDir(), "deep", "optflow", Name))
	want := memory.Volumes{sessionOf("SPY", model.MakeDate(2026, 11, 20), 0, 12, -1, 9_000_000_000), sessionOf("BRK.B", model.MakeDate(2026, 11, 23), -1, 7)}
	if err := kept.remember(want); err != nil {
		t.Fatal(err)
	}
	got, err := kept.recall()
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	text, err := os.ReadFile(kept.path)
	if err != nil || !strings.Contains(string(text), "'2026-11-20 SPY 0 12 - 9000000000 - ") {
		t.Errorf("a session is no line of its own: %v\n%s", err, text)
	}
}

// TestVolumesLeaveOutWhatNobodyWrote: a line that is wrong costs that line.
func TestVolumesLeaveOutWhatNobodyWrote(t *testing.T) {
	path := filepath.Join(t.TempDir(), volumesName)
	rest := strings.Repeat(" -", model.VolumeMarks-1)
	var lines []string
	for _, begins := range []string{"2026-11-20 SPY 1", "2026-13-20 SPY 1", "2026-11-20 spy 1", `2026-11-20 \u001b[2J 1`, "2026-11-20 SPY -2", "2026-11-20 SPY 99999999999999999999", "2026-11-23 QQQ -"} {
		lines = append(lines, `"`+begins+rest+`"`)
	}
	text := `sessions = ["", "x", "2026-11-20 SPY", "2026-11-20 SPY 1 2", ` + strings.Join(lines, ", ") + `]`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := recallVolumes(path)
	want := memory.Volumes{sessionOf("SPY", model.MakeDate(2026, 11, 20), 1), sessionOf("QQQ", model.MakeDate(2026, 11, 23))}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestPinsRoundTrip(t *testing.T) {
	kept := savedPins(filepath.Join(t.TempDir(), "deep", "optflow", Name))
	want := memory.Pins{{Contract: "O:SPY261218C00670000", Date: model.MakeDate(2026, 11, 23), Interest: 1840, Before: model.MakeDate(2026, 11, 20), Earlier: 900}, {Contract: "O:QQQ261218P00500000"}}
	if err := kept.remember(want); err != nil {
		t.Fatal(err)
	}
	got, err := kept.recall()
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// TestKeptFilesThatAreNone: no file and no home are no error, another file in
// their place is, and its content is not told.
func TestKeptFilesThatAreNone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.toml")
	for name, recall := range map[string]func(string) error{
		"volumes": func(p string) error { _, err := recallVolumes(p); return err },
		"pins":    func(p string) error { _, err := recallPins(p); return err },
		"tabs":    func(p string) error { _, err := recallTabs(p); return err },
		"history": func(p string) error { _, err := recallLines(p); return err },
	} {
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
		for _, none := range []string{"", path} {
			if err := recall(none); err != nil {
				t.Errorf("%s from %q: %v", name, none, err)
			}
		}
		if err := os.WriteFile(path, []byte("= secret"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := recall(path); err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "x.toml is not as it was written") {
			t.Errorf("%s from a file that is none: %v", name, err)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := recall(path); err == nil {
			t.Errorf("%s from a folder: no error", name)
		}
	}
	if err := savedVolumes("").remember(memory.Volumes{{Ticker: "X"}}); err != nil {
		t.Error(err)
	}
	if err := savedPins("").remember(memory.Pins{{}}); err != nil {
		t.Error(err)
	}
	if err := savedPins(filepath.Join(path, "\x00", "no")).remember(memory.Pins{{}}); err == nil {
		t.Error("a path that cannot be is no error")
	}
}
