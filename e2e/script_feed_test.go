//go:build unix

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A scenario from a file: a loss with trades meanwhile, on the real program.
func TestScriptedFeed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "scenario.txt")
	scenario := "connect ok; auth ok; stall 1s; send 40 bars every 20ms; lose 8 bars; close 1001 \"going away\"\nconnect ok; auth ok; stall 1s; send 40 bars every 20ms\n"
	if err := os.WriteFile(file, []byte(scenario), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startServer(t, "", "--script", file)
	r := run(t, []string{"MASSIVE_API_KEY=" + canary}, append([]string{"tail", "--format", "json", "--min-premium", "0", "--summary", "--tickers", "SPY", "--for", "12s"}, s.flags()...)...)
	if r.code != 0 {
		t.Fatalf("exit code %d, stderr %s", r.code, r.stderr)
	}
	rows, summary := decodeRows(t, r.stdout), decodeSummary(t, r.stderr)
	assertAccounts(t, rows, summary)
	day := int64(0)
	for _, c := range summary.Contracts {
		day += int64(c.Day)
	}
	if day < 40 || !strings.Contains(r.stderr, `"reconnects":1`) {
		t.Errorf("%d contracts of volume, stderr %s", day, r.stderr)
	}
	if err := os.WriteFile(file, []byte("connect ok\njump 5"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{file, file + ".not"} {
		if r := run(t, nil, "sim", "--script", wrong); r.code != 2 || !strings.Contains(r.stderr, "--script") {
			t.Errorf("exit code %d, stderr %s", r.code, r.stderr)
		}
	}
}
