//go:build unix

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rivo/uniseg"
)

// rowLine is a row of the tape: time, marks, ticker, strike, call or put.
var rowLine = regexp.MustCompile(`\d\d:\d\d:\d\d\s+[WUu>=! ]*\s*([A-Z.]{1,6})\s+([\d.]+) ([CP])\s+(\d\d[A-Z][a-z]{2}\d\d)`)

// rows of the tape that a screen shows: what rowLine matched.
func rows(screen string) [][]string { return rowLine.FindAllStringSubmatch(screen, -1) }

func live(screen string) bool { return strings.Contains(screen, "● Live") }

// awaitLive waits for a live screen with rows on it.
func (x *terminal) awaitLive() string {
	x.t.Helper()
	return x.await("● Live, with rows", func(screen string) bool { return live(screen) && len(rows(screen)) > 0 })
}

func TestScreenWithoutKey(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 30}, {200, 50}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			x := start(t, size[0], size[1], nil)
			screen := x.awaitLive()
			assertFrame(t, screen, size[0], size[1])
			x.awaitText("SIM", "no key", "SPY")
			before := screen
			x.await("a moving screen", func(screen string) bool { return live(screen) && screen != before })
			x.press("?")
			x.await("help", func(screen string) bool { return strings.Contains(screen, "Reading the screen") })
			x.press(escape)
			x.awaitLive()
			x.awaitText("/ filter", "? help")
			x.press("q")
			if code := x.awaitEnd(patience); code != 0 {
				t.Errorf("exit code %d after q", code)
			}
			x.assertRestored()
			if left := strings.TrimSpace(x.screen()); left != "" {
				t.Errorf("left on the terminal: %q", left)
			}
		})
	}
}

// assertFrame checks that a screen is exactly the window, with the status bar
// on top and the footer at the bottom.
func assertFrame(t *testing.T, screen string, width, height int) {
	t.Helper()
	all := lines(screen)
	if len(all) != height {
		t.Errorf("%d lines, want %d", len(all), height)
	}
	for i, line := range all {
		if w := uniseg.StringWidth(line); w > width {
			t.Errorf("line %d is %d wide: %q", i, w, line)
		}
	}
	if !strings.Contains(all[0], "Live") || !strings.Contains(all[0], "SIM") {
		t.Errorf("the first line is not the status bar: %q", all[0])
	}
	if all[len(all)-1] == "" {
		t.Error("the last line is empty")
	}
}

func TestFilterOnTheScreen(t *testing.T) {
	t.Parallel()
	x := start(t, 120, 30, nil, "--min-premium", "0")
	x.awaitLive()
	x.press("/spy puts" + enter)
	x.await("puts on SPY only", func(screen string) bool {
		all := rows(screen)
		for _, row := range all {
			if row[1] != "SPY" || row[3] != "P" {
				return false
			}
		}
		return len(all) > 0 && strings.Contains(screen, "spy puts")
	})
	x.press("/ prem>=25x")
	x.awaitText("25x", "is not a number")
	x.press(escape) // alone: with a letter right behind, a terminal means alt and that letter
	x.await("the filter as it was", func(screen string) bool { return !strings.Contains(screen, "not a number") })
	x.press("F")
	x.await("everything again", func(screen string) bool { return !strings.Contains(screen, "spy puts") && len(rows(screen)) > 0 })
	x.press("q")
	if code := x.awaitEnd(patience); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestTickerPicker(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	env := []string{"HOME=" + home, "XDG_STATE_HOME=" + home + "/state"}
	x := start(t, 120, 30, env, "--min-premium", "0")
	x.awaitLive()
	x.press("t")
	x.press("tsla")
	x.awaitText("TSLA")
	x.press(" ")
	x.awaitText("[x] TSLA") // looked up
	x.press(enter)
	x.await("rows of TSLA", func(screen string) bool {
		for _, row := range rows(screen) {
			if row[1] == "TSLA" {
				return true
			}
		}
		return false
	})
	x.press("q")
	x.awaitEnd(patience)
	remembered, err := os.ReadFile(filepath.Join(home, "state", "optflow", "state.toml"))
	if err != nil || !strings.Contains(string(remembered), "TSLA") {
		t.Errorf("the choice was not remembered: %v %s", err, remembered)
	}
}

// colourCodes are SGR sequences that set a foreground or background colour.
var colourCodes = regexp.MustCompile(`\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:[;:]\d+)*m`)

func TestColourIsRespected(t *testing.T) {
	for name, tc := range map[string]struct {
		env     []string
		args    []string
		colours bool
	}{
		"plain":        {nil, nil, true},
		"NO_COLOR":     {[]string{"NO_COLOR=1"}, nil, false},
		"color=never":  {nil, []string{"--color", "never"}, false},
		"color=always": {[]string{"NO_COLOR=1"}, []string{"--color", "always"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := start(t, 100, 24, tc.env, tc.args...)
			x.awaitLive()
			x.press("q")
			x.awaitEnd(patience)
			x.mu.Lock()
			defer x.mu.Unlock()
			if found := colourCodes.FindString(x.raw.String()); (found != "") != tc.colours {
				t.Errorf("colour sequence %q, want any: %v", found, tc.colours)
			}
		})
	}
}

func TestFirstFrameWaitsForNothing(t *testing.T) {
	x := start(t, 120, 30, []string{"MASSIVE_API_KEY=" + canary},
		// an address that never answers: nothing may be waited for
		"--ws-url", "ws://192.0.2.1:9", "--rest-url", "http://192.0.2.1:9")
	began := time.Now()
	x.awaitText("floor")
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("the first frame took %v", took)
	}
	x.press("q")
	if code := x.awaitEnd(patience); code != 0 {
		t.Errorf("exit code %d", code)
	}
	x.assertRestored()
}

// goRun runs `go run .` in a terminal and leaves it with q.
func goRun(t *testing.T) {
	t.Helper()
	cmd := exec.Command("go", "run", ".")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "MASSIVE_API_KEY=", "XDG_CONFIG_HOME="+t.TempDir(), "XDG_STATE_HOME="+t.TempDir())
	x := startCommand(t, 120, 30, cmd, nil)
	x.awaitWithin(4*patience, "SIM and Live", func(screen string) bool { return live(screen) && strings.Contains(screen, "SIM") })
	x.press("q")
	if code := x.awaitEnd(patience); code != 0 {
		t.Errorf("exit code %d", code)
	}
	x.assertRestored()
}
