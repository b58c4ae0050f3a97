package state

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"optflow/model/memory"
)

func TestHistoryRoundTrip(t *testing.T) {
	kept := savedLines(filepath.Join(t.TempDir(), "deep", "optflow", Name))
	if got, err := kept.recall(); err != nil || len(got.Filters) != 0 {
		t.Fatalf("without a file: %v %v", got, err)
	}
	want := memory.Lines{Filters: []string{"nvda calls", `prem>="25x" \ '`}, Commands: []string{"sort premium"}}
	if err := kept.remember(want); err != nil {
		t.Fatal(err)
	}
	got, err := kept.recall()
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
	kept := savedLines(filepath.Join(t.TempDir(), Name))
	var h memory.Lines
	for i := range 3 * memory.MostLines {
		h.Filters = append(h.Filters, fmt.Sprint("size>", i))
	}
	h.Commands = []string{"a\x1b[2Jb", "", strings.Repeat("x", longestLine+1), "q"}
	if err := kept.remember(h); err != nil {
		t.Fatal(err)
	}
	got, err := kept.recall()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(got.Filters); n != memory.MostLines || got.Filters[n-1] != "size>299" {
		t.Errorf("%d filters, the last %q", n, got.Filters[n-1])
	}
	if diff := cmp.Diff([]string{"q"}, got.Commands); diff != "" {
		t.Errorf("commands (-want +got):\n%s", diff)
	}
}

func TestHistoryThatIsNone(t *testing.T) {
	dir := t.TempDir()
	if err := savedLines("").remember(memory.Lines{Filters: []string{"x"}}); err != nil {
		t.Errorf("no home: %v", err)
	}
	path := filepath.Join(dir, historyName)
	for name, text := range map[string]string{
		"not TOML": "filters = [", "other types": "filters = 3", "far too long": "filters = ['" + strings.Repeat("x", historyFileMost) + "']",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := recallLines(path); err == nil || len(got.Filters) > 0 {
			t.Errorf("%s: %v, no error", name, got)
		}
	}
	if _, err := recallLines(dir); err == nil {
		t.Error("a directory was read")
	}
	if err := savedLines(filepath.Join(path, "below", Name)).remember(memory.Lines{}); err == nil {
		t.Error("written below a file")
	}
}
