//go:build unix

package e2e

import (
	"path/filepath"
	"strings"
	"testing"
)

// What was recorded is found again as it was printed: each burst of the run in its
// last version.
func TestSearchFindsWhatTailPrinted(t *testing.T) {
	t.Parallel()
	s := startServer(t, "", "--seed", "5", "--tickers", "SPY,NVDA")
	folder := filepath.Join(t.TempDir(), "history")
	env := []string{"MASSIVE_API_KEY=" + canary}
	seen := runUntil(t, env, func(r result) bool {
		return strings.Count(r.stdout, `"source":"ws"`) >= 600 // bursts, in all of their versions
	}, s.flags("tail", "--history", "--history-dir", folder, "--tickers", "SPY,NVDA", "--interval", "10s", "--format", "json", "--min-premium", "0")...)
	if seen.code != exitInterrupted {
		t.Fatalf("code %d: %s", seen.code, seen.stderr)
	}
	s.stop()
	last := map[string]tailRow{}
	for _, row := range decodeRows(t, seen.stdout) {
		if row.Kind == "burst" {
			last[row.Contract+row.Start] = row
		}
	}
	got := run(t, nil, "search", "size>0", "--history-dir", folder, "--days", "1", "--format", "json", "--min-premium", "0")
	if got.code != exitFine {
		t.Fatalf("code %d: %s", got.code, got.stderr)
	}
	found := decodeRows(t, got.stdout)
	for _, row := range found {
		was, printed := last[row.Contract+row.Start]
		if !printed || was.Size != row.Size || *was.Premium != *row.Premium || was.Past != row.Past || !row.Sim {
			t.Errorf("found %+v, printed %+v", row, was)
		}
		delete(last, row.Contract+row.Start)
	}
	for id, row := range last {
		if row.Size > 0 { // else it is part of another one
			t.Errorf("not found: %s %+v", id, row)
		}
	}
	if len(found) < 100 {
		t.Errorf("%d were found", len(found))
	}
}
