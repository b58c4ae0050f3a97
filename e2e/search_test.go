//go:build unix

package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// runUntil runs optflow until what it printed is enough, and then ends it by a signal.
func runUntil(t *testing.T, env []string, enough func(line string) bool, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary(t), args...)
	cmd.Env = cleanEnv(t, env...)
	var stdout strings.Builder
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	ends := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		stdout.WriteString(lines.Text() + "\n")
		if !ends && enough(lines.Text()) {
			ends = true
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait()
	if ctx.Err() != nil {
		t.Fatalf("optflow %s did not print enough; stderr: %s", strings.Join(args, " "), &stderr)
	}
	forbidKeys(t, stdout.String()+stderr.String())
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// What was recorded is found again as it was printed: each burst of the run in its
// last version.
func TestSearchFindsWhatTailPrinted(t *testing.T) {
	t.Parallel()
	s := startServer(t, "", "--seed", "5", "--tickers", "SPY,NVDA")
	folder := filepath.Join(t.TempDir(), "history")
	env := []string{"MASSIVE_API_KEY=" + canary}
	streamed := 0 // bursts, in all of their versions
	seen := runUntil(t, env, func(line string) bool {
		var row tailRow
		if err := json.Unmarshal([]byte(line), &row); err == nil && row.Kind == "burst" && row.Source == "ws" {
			streamed++
		}
		return streamed >= 600
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
