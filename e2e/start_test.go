//go:build unix

package e2e

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

// TestStartTime times the program from its being run to its first frame and to
// its first rows. It judges times, so it runs by `make bench-latency` only.
func TestStartTime(t *testing.T) {
	if os.Getenv("OPTFLOW_BENCH") == "" {
		t.Skip("measures real time: make bench-latency")
	}
	binary(t)
	var frames, rowsAt []time.Duration
	for range 15 {
		frames = append(frames, firstFrame(t))
		began := time.Now()
		x := start(t, 160, 43, nil)
		x.await("rows", func(screen string) bool { return len(rows(screen)) > 0 })
		rowsAt = append(rowsAt, time.Since(began))
		x.press("q")
		x.awaitEnd(patience)
	}
	for _, m := range []struct {
		what string
		all  []time.Duration
		most time.Duration
	}{{"first frame", frames, 60 * time.Millisecond}, {"first rows of the built-in market", rowsAt, 500 * time.Millisecond}} {
		slices.Sort(m.all)
		median := m.all[len(m.all)/2]
		t.Logf("%s after %v, the longest %v (the goal is %v)", m.what, median.Round(100*time.Microsecond), m.all[len(m.all)-1].Round(100*time.Microsecond), m.most)
		if median > m.most {
			t.Errorf("%s after %v, the goal is %v", m.what, median, m.most)
		}
	}
}

// firstFrame is how long after its being run the program has written the
// headings of the tape: the emulator, which takes longer than the program, stays
// out of it.
func firstFrame(t *testing.T) time.Duration {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Skipf("no pty here: %v", err)
	}
	defer master.Close()
	defer slave.Close()
	if err := pty.Setsize(master, &pty.Winsize{Rows: 43, Cols: 160}); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary(t))
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = cleanEnv(t), slave, slave, slave
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var out []byte
	for part := make([]byte, 32<<10); !bytes.Contains(out, []byte("PREMIUM")); {
		n, err := master.Read(part)
		if err != nil {
			t.Fatalf("%v after %q", err, out)
		}
		out = append(out, part[:n]...)
	}
	took := time.Since(began)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	return took
}

// TestIdle measures what the program burns when nothing comes: processor time
// and bytes over half a minute, in each view. By `make bench-latency` only.
func TestIdle(t *testing.T) {
	if os.Getenv("OPTFLOW_BENCH") == "" {
		t.Skip("measures real time: make bench-latency")
	}
	const span = 20 * time.Second
	file := filepath.Join(t.TempDir(), "quiet.txt")
	if err := os.WriteFile(file, []byte("connect ok; auth ok; send 50 bars every 10ms; stall 10m\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startServer(t, "", "--script", file)
	for what, keys := range map[string]string{"tape": "", "contracts": "v", "tickers": "vv", "heat map": "vvv", "details": enter, "help": "?"} {
		t.Run(what, func(t *testing.T) {
			x := start(t, 160, 43, []string{"MASSIVE_API_KEY=" + canary}, s.flags("--min-premium", "0", "--tickers", "SPY")...)
			x.awaitLive()
			x.press(keys)
			time.Sleep(25 * time.Second) // the start is over, and the half minute is one of silence
			used, bytes := processorTicks(t, x.cmd.Process.Pid), len(x.written())
			time.Sleep(span)
			used, bytes = processorTicks(t, x.cmd.Process.Pid)-used, len(x.written())-bytes
			share := float64(used) / 100 / span.Seconds() * 100
			t.Logf("%s: %.2f %% of a core, %d B/s", what, share, bytes/int(span.Seconds()))
			if share > 0.5 {
				t.Errorf("%s: %.2f %% of a core, the goal is 0.5", what, share)
			}
			x.press("\x03")
			x.awaitEnd(patience)
		})
	}
}

// TestMemory fills the program with all that it keeps, at 300 windows a second of
// market time that passes 30 times as fast, and tells what it takes once it is
// full and once twice as much has gone by. It runs by `make bench-latency` only.
func TestMemory(t *testing.T) {
	if os.Getenv("OPTFLOW_BENCH") == "" {
		t.Skip("takes a minute: make bench-latency")
	}
	s := startServer(t, "", "--key", canary, "--rate", "300", "--speed", "30")
	x := start(t, 160, 43, []string{"MASSIVE_API_KEY=" + canary}, s.flags("--min-premium", "0", "--interval", "off",
		"--tickers", "SPY,QQQ,NVDA,AAPL,TSLA,AMD,META,AMZN,MSFT,GOOGL,IWM,SPX")...)
	for _, m := range []struct {
		what, shows string
		most        int64 // MB
	}{{"full", "200,000 of 2", 122}, {"after twice as much", "200,000 of 4", 130}} {
		x.awaitWithin(3*time.Minute, m.what, func(screen string) bool { return strings.Contains(screen, m.shows) })
		peak, ok := memoryPeak(x.cmd.Process.Pid)
		if !ok {
			t.Skip("the system does not tell")
		}
		t.Logf("%s: %d MB resident at most (the goal is 120)", m.what, peak>>20)
		if peak>>20 > m.most {
			t.Errorf("%s: %d MB resident, more than %d", m.what, peak>>20, m.most)
		}
	}
	x.press("\x03")
	x.awaitEnd(patience)
}

// processorTicks is the processor time of a process in hundredths of a second,
// where the system tells.
func processorTicks(t *testing.T, pid int) (ticks int) {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Skip(err)
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	for _, at := range []int{11, 12} { // utime and stime, proc(5)
		n := 0
		if _, err := fmt.Sscan(fields[at], &n); err != nil {
			t.Fatal(err)
		}
		ticks += n
	}
	return ticks
}
