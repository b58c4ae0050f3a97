//go:build unix

package e2e

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"optflow/feed/faults"
)

// calm is how long the scripts below do nothing wrong.
const calm = 2 * time.Second

// fromOutside measures a fault of the line as somebody sees it who knows the
// program's words only: from when the script plays it, calm after Live, to the
// words, and from there to Live again.
func fromOutside(t *testing.T, run *faults.Run, script, words string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "scenario.txt")
	script = "connect ok; auth ok; stall " + calm.String() + "; " + script + "\nconnect ok; auth ok; send 10000 bars every 100ms\n"
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startServer(t, "", "--script", file)
	cmd := exec.CommandContext(t.Context(), binary(t), append([]string{"tail", "--tickers", "SPY", "--for", "3m"}, s.flags()...)...)
	cmd.Env = cleanEnv(t, "MASSIVE_API_KEY="+canary)
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now() // before it could dial
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = cmd.Process.Kill(), cmd.Wait() }()
	lines := bufio.NewScanner(said)
	until := func(words string) time.Time {
		for lines.Scan() {
			if strings.Contains(lines.Text(), words) {
				return time.Now()
			}
		}
		t.Fatalf("never said %q", words)
		return time.Time{}
	}
	wrong := until("optflow: Live").Add(calm)
	noticed := until(words)
	if early := began.Add(calm).Sub(noticed); early > 0 { // however late we read Live
		t.Fatalf("%q %v before the server did anything wrong", words, early)
	}
	run.Noticed(max(0, noticed.Sub(wrong)))
	run.Recovered(until("optflow: Live").Sub(noticed))
}

func TestFault17FromOutside(t *testing.T) {
	t.Parallel()
	fromOutside(t, faults.OpenReal(t, 17), `bytes "\x81\x7e\x04\x00[{\"ev\""; drop`, "optflow: Polling")
}

func TestFault26FromOutside(t *testing.T) {
	t.Parallel()
	fromOutside(t, faults.OpenReal(t, 26), `close 1012 "restart"`, "server restarts")
}

func TestFault29FromOutside(t *testing.T) {
	t.Parallel()
	fromOutside(t, faults.OpenReal(t, 29), `bytes "\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff"; stall 1h`, "too big to read")
}

// A minute of silence while REST knows of trades: measured for the document only.
func TestFault20FromOutside(t *testing.T) {
	if os.Getenv("OPTFLOW_FAULTS") == "" {
		t.Skip("takes a minute of real time; make faults has it")
	}
	t.Parallel()
	fromOutside(t, faults.OpenReal(t, 20), `send 20 bars every 100ms; stall 5s; lose 40 bars; stall 5m`, "stream is silent while REST has newer data")
}
