//go:build unix

package e2e

import (
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"optflow/feed/faults"
)

// endMost is how long an end may take, with what a busy machine adds to the two
// seconds that are promised.
const endMost = 4 * time.Second

// Every way of ending is quick while a server sends as fast as it can: keys, a
// signal, the time, the count, a reader that is gone.
func TestFault57EndsInAFlood(t *testing.T) {
	faults.OpenReal(t, 57)
	const flooding = 2 * time.Second
	env := []string{"MASSIVE_API_KEY=" + canary}
	for name, end := range map[string]func(x *terminal){
		"q": func(x *terminal) { x.press("q") }, "ctrl+c": func(x *terminal) { x.press("\x03") },
		"SIGTERM": func(x *terminal) { _ = x.cmd.Process.Signal(syscall.SIGTERM) },
	} {
		t.Run(name, func(t *testing.T) {
			g := newGreedy(t, 1, []string{"big frames of bars"}, "new contracts")
			x := start(t, 120, 30, env, g.flags("--min-premium", "0", "--tickers", "SPY,QQQ")...)
			x.awaitText("Live")
			time.Sleep(flooding)
			asked := time.Now()
			end(x)
			x.awaitEnd(patience)
			if took := time.Since(asked); took > endMost {
				t.Errorf("ended after %v", took)
			}
			x.assertRestored()
		})
	}
	for name, args := range map[string][]string{
		"for": {"--for", "3s"}, "count": {"--count", "20000"}, "by name": {"--for", "3s", "--subscribe", "contracts"}, "summary": {"--for", "3s", "--summary"},
	} {
		t.Run("tail "+name, func(t *testing.T) {
			g := newGreedy(t, 1, []string{"bars"}, "new contracts")
			began := time.Now()
			r := run(t, env, append([]string{"tail", "--format", "json"}, g.flags(append(args, "--min-premium", "0", "--tickers", "SPY,QQQ")...)...)...)
			if took := time.Since(began) - 3*time.Second; took > endMost+2*time.Second { // it also has to start
				t.Errorf("ended after %v more", took)
			}
			if r.code != exitFine {
				t.Errorf("code %d: %s", r.code, r.stderr)
			}
		})
	}
	t.Run("tail closed pipe", func(t *testing.T) {
		g := newGreedy(t, 1, []string{"bars"}, "")
		cmd := exec.Command("sh", "-c", `"$0" "$@" | head -n 100 >/dev/null`, binary(t), "tail", "--format", "json")
		cmd.Args = append(cmd.Args, g.flags("--min-premium", "0", "--tickers", "SPY")...)
		cmd.Env = cleanEnv(t, env...)
		began := time.Now()
		out, err := cmd.CombinedOutput()
		if took := time.Since(began); took > endMost+4*time.Second || err != nil || strings.Contains(string(out), "panic") {
			t.Errorf("ended after %v, %v: %s", took, err, out)
		}
	})
}
