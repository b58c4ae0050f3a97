//go:build unix

package e2e

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// In tmux as it is set from the start, which keeps OSC 52 of its programs from
// the clipboard, a copy arrives in tmux.
func TestCopyInTmux(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("skipped: tmux is not installed")
	}
	env := cleanEnv(t, "TMUX_TMPDIR="+t.TempDir())
	tmux := func(args ...string) (string, error) {
		cmd := exec.Command("tmux", append([]string{"-f", "/dev/null"}, args...)...)
		cmd.Env = env
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := tmux("new-session", "-d", "-x", "120", "-y", "30", binary(t)); err != nil {
		t.Skipf("skipped: tmux does not start: %v %s", err, out)
	}
	t.Cleanup(func() { _, _ = tmux("kill-server") })
	await := func(what string, ok func(screen string) bool) string {
		t.Helper()
		screen := ""
		for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
			if screen, _ = tmux("capture-pane", "-p"); ok(screen) {
				return screen
			}
		}
		t.Fatalf("not %s:\n%s", what, screen)
		return ""
	}
	await("a tape", func(s string) bool { return strings.Contains(s, "Live") && len(rows(s)) > 5 })
	if out, err := tmux("send-keys", "y"); err != nil {
		t.Fatal(err, out)
	}
	said := regexp.MustCompile(`copied to tmux: (O:\w+)`)
	symbol := said.FindStringSubmatch(await("copied", said.MatchString))[1]
	if got, err := tmux("show-buffer"); err != nil || strings.TrimSpace(got) != symbol {
		t.Errorf("tmux has %q (%v), the screen says %s", got, err, symbol)
	}
}
