//go:build unix

package e2e

import (
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// TestCalm: on a real terminal, between two frames at most one line changes, the
// cursor stands on it, and nothing blinks. A key is answered at once.
func TestCalm(t *testing.T) {
	t.Parallel()
	home := t.TempDir() // where exports go
	cmd := exec.Command(binary(t))
	cmd.Dir, cmd.Env = home, cleanEnv(t, "PWD="+home, "OPTFLOW_CALM=true")
	x := startCommand(t, 120, 30, cmd, nil)
	x.awaitLive()
	x.press("g")
	var mu sync.Mutex
	var wrong []string
	before, rowsChanged := "", 0
	watch := func(screen string, cursor int) {
		mu.Lock()
		defer mu.Unlock()
		if before != "" && screen != before {
			was, is, changed := lines(before), lines(screen), []int{}
			for i := range is {
				if i >= len(was) || was[i] != is[i] {
					changed = append(changed, i)
				}
			}
			switch {
			case len(changed) > 1:
				wrong = append(wrong, "several lines change:\n"+before+"\n"+screen)
			case len(changed) == 1 && changed[0] != cursor:
				wrong = append(wrong, "the cursor is elsewhere:\n"+screen)
			case len(changed) == 1 && changed[0] > 2 && changed[0] < 25:
				rowsChanged++
			}
		}
		before = screen
	}
	x.await("the tape, calm", func(s string) bool { return atTape(s) && strings.Contains(s, "newest under 15s") })
	x.mu.Lock()
	x.framed = watch
	x.mu.Unlock()
	x.await("rows that change one by one", func(string) bool {
		mu.Lock()
		defer mu.Unlock()
		return rowsChanged >= 8 || len(wrong) > 0
	})
	x.mu.Lock()
	x.framed = nil
	x.mu.Unlock()
	if len(wrong) > 0 {
		t.Errorf("%d frames are wrong, the first: %s", len(wrong), wrong[0])
	}
	raw := x.written()
	if strings.Contains(raw, "\x1b[5m") || strings.Contains(raw, "\x1b[1 q") || strings.Contains(raw, "\x1b[5 q") || strings.LastIndex(raw, "\x1b[?25h") < strings.LastIndex(raw, "\x1b[?25l") {
		t.Error("something blinks, or the cursor is not shown")
	}
	x.press("v")
	x.await("the contracts, which stand still once they are there", func(s string) bool {
		return strings.Contains(head(s), "Contracts") && strings.Contains(head(s), "frozen")
	})
	x.press("e")
	x.await("an export", func(s string) bool { return strings.Contains(foot(s), "optflow-contracts-SIM") })
	x.press("?/twin")
	x.awaitText("/ twin", "hits")
	x.press(clearEscape)
	x.awaitText("esc q")
	x.press("q")
	x.await("the page", atTape)
	x.press("q")
	if code := x.awaitEnd(patience); code != 0 {
		t.Errorf("exit code %d", code)
	}
	x.assertRestored()
}
