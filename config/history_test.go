package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHistoryRoundTrip(t *testing.T) {
	kept := SavedHistory(filepath.Join(t.TempDir(), "deep", "optflow", stateName))
	if got, err := kept.Recall(); err != nil || len(got.Filters) != 0 {
		t.Fatalf("without a file: %v %v", got, err)
	}
	want := History{Filters: []string{"nvda calls", `prem>="25x" \ '`}, Commands: []string{"sort premium"}}
	if err := kept.Remember(want); err != nil {
		t.Fatal(err)
	}
	got, err := kept.Recall()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	info, err := os.Stat(kept.path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600 (%v)", info.Mode(), err)
	}
}

func TestHistoryIsBounded(t *testing.T) {
	kept := SavedHistory(filepath.Join(t.TempDir(), stateName))
	var h History
	for i := range 3 * mostEarlier {
		h.Filters = append(h.Filters, fmt.Sprint("size>", i))
	}
	h.Commands = []string{"a\x1b[2Jb", "", strings.Repeat("x", longestEarlier+1), "q"}
	if err := kept.Remember(h); err != nil {
		t.Fatal(err)
	}
	got, err := kept.Recall()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(got.Filters); n != mostEarlier || got.Filters[n-1] != "size>299" {
		t.Errorf("%d filters, the last %q", n, got.Filters[n-1])
	}
	if diff := cmp.Diff([]string{"q"}, got.Commands); diff != "" {
		t.Errorf("commands (-want +got):\n%s", diff)
	}
}

func TestHistoryThatIsNone(t *testing.T) {
	dir := t.TempDir()
	if err := SavedHistory("").Remember(History{Filters: []string{"x"}}); err != nil {
		t.Errorf("no home: %v", err)
	}
	path := filepath.Join(dir, historyName)
	for name, text := range map[string]string{
		"not TOML": "filters = [", "other types": "filters = 3", "far too long": "filters = ['" + strings.Repeat("x", historyFileMost) + "']",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := recallHistory(path); err == nil || len(got.Filters) > 0 {
			t.Errorf("%s: %v, no error", name, got)
		}
	}
	if _, err := recallHistory(dir); err == nil {
		t.Error("a directory was read")
	}
	if err := SavedHistory(filepath.Join(path, "below", stateName)).Remember(History{}); err == nil {
		t.Error("written below a file")
	}
}
