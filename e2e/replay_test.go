//go:build unix

package e2e

import (
	"path/filepath"
	"strings"
	"testing"

	"optflow/feed/history"
	"optflow/feed/history/historytest"
	"optflow/model"
)

// TestKeysOfAReplay: on a real terminal each key of a recording does what the
// table says, and the program stands at the end of it.
func TestKeysOfAReplay(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	day := historytest.New(t, model.MakeDate(2026, 11, 23), 1)
	day.Seconds(300)
	day.Save(history.Store{Dir: filepath.Join(root, "sim")}, history.Header{Sim: true})
	x := start(t, 120, 30, nil, "replay", "2026-11-23", "--history-dir", root, "--from", "09:32", "--paused")
	top := func(what string) {
		t.Helper()
		x.await(what, func(s string) bool {
			first, _, _ := strings.Cut(s, "\n")
			return strings.Contains(first, what) && strings.Contains(first, "SIM") && !strings.Contains(first, "Live")
		})
	}
	top("Replay paused  Mon 23 Nov 09:32:00 ET")
	for _, step := range []struct{ key, shows string }{
		{".", "09:32:10 ET"}, {">", "09:33:10 ET"}, {"<", "09:32:10 ET"}, {",", "09:32:00 ET"},
		{"+", "Replay paused"}, {" ", "Replay 2x"}, {"-", "Replay 1x"}, {"-", "Replay 1/2x"}, {" ", "Replay paused"},
	} {
		x.press(step.key)
		top(step.shows)
	}
	x.press(":")
	x.press("seek 09:33")
	x.press("\r")
	top("09:33:00 ET")
	x.press(":")
	x.press("speed max")
	x.press("\r")
	x.press(" ")
	top("Replay ended")
}
