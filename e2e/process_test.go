//go:build unix

package e2e

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"optflow/feed/faults"
)

// orderly is how long a signal may take to end the program.
const orderly = 2*time.Second + scheduling

func TestFault57Signals(t *testing.T) {
	run := faults.OpenReal(t, 57)
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT, syscall.SIGQUIT} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			x := start(t, 100, 30, nil)
			x.awaitLive()
			sent := time.Now()
			if err := x.cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if code := x.awaitEnd(orderly); code != exitInterrupted {
				t.Errorf("exit code %d, want %d", code, exitInterrupted)
			}
			run.Noticed(time.Since(sent))
			x.assertRestored()
		})
	}
}

func TestFault57ControlC(t *testing.T) {
	run := faults.OpenReal(t, 57)
	t.Parallel()
	x := start(t, 100, 30, nil)
	x.awaitLive()
	sent := time.Now()
	x.press("\x03")
	if code := x.awaitEnd(orderly); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	run.Noticed(time.Since(sent))
	x.assertRestored()
}

// A terminal that never reads blocks every write; SIGTERM must end it anyway.
func TestFault60StalledTerminal(t *testing.T) {
	run := faults.OpenReal(t, 60)
	t.Parallel()
	x := start(t, 200, 50, nil, "--min-premium", "0", "--fps", "60")
	x.awaitLive()
	x.stall()
	awaitFull(t, x.master)
	sent := time.Now()
	if err := x.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := x.awaitEnd(orderly); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	run.Noticed(time.Since(sent))
	x.assertRestored()
}

// awaitFull waits until the pty takes no more: what waits in it grows no longer.
func awaitFull(t *testing.T, master *os.File) {
	t.Helper()
	still, last := time.Now(), -1
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		waiting, err := unix.IoctlGetInt(int(master.Fd()), bytesWaiting)
		if err != nil {
			t.Fatalf("asking what waits in the pty: %v", err)
		}
		if waiting != last {
			last, still = waiting, time.Now()
		}
		if waiting > 0 && time.Since(still) > 700*time.Millisecond {
			return
		}
	}
	t.Fatal("the terminal never filled up")
}

// A window that is closed while SIGHUP is ignored must not leave a program
// behind that keeps the one upstream connection.
func TestFault58TerminalGone(t *testing.T) {
	run := faults.OpenReal(t, 58)
	t.Parallel()
	x := startCommand(t, 100, 30, exec.Command("/bin/sh", "-c", `trap "" HUP; exec "$0"`, binary(t)), nil)
	x.awaitLive()
	closed := time.Now()
	_ = x.slave.Close()
	_ = x.master.Close()
	x.awaitEnd(5*time.Second + scheduling)
	run.Noticed(time.Since(closed))
}

func TestSignalEndsTail(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(binary(t), "tail", "--min-premium", "0")
	cmd.Env = cleanEnv(t)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	first := make([]byte, 1)
	if _, err := out.Read(first); err != nil {
		t.Fatalf("no row came: %v", err)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil { // and nobody reads the pipe
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _, _ = cmd.Process.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(orderly):
		t.Fatal("still running")
	}
}

func TestFault59ClosedPipe(t *testing.T) {
	faults.OpenReal(t, 59)
	t.Parallel()
	cmd := exec.Command("/bin/sh", "-c", `("$0" tail --min-premium 0; echo "code $?" >&2) | head -n 3`, binary(t))
	cmd.Env = cleanEnv(t)
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	if strings.Count(stdout.String(), "\n") != 3 || !strings.Contains(stderr.String(), "code 0") {
		t.Errorf("stdout %q, stderr %q", stdout.String(), stderr.String())
	}
	if strings.Contains(stderr.String(), "pipe") {
		t.Errorf("stderr speaks of the pipe: %q", stderr.String())
	}
}

func TestFault59NotATerminal(t *testing.T) {
	faults.OpenReal(t, 59)
	t.Parallel()
	r := run(t, nil)
	if r.code != exitUsage || !strings.Contains(r.stderr, "optflow tail") || r.stdout != "" {
		t.Errorf("code %d, stdout %q, stderr %q", r.code, r.stdout, r.stderr)
	}
}

// A terminal that cannot place a cursor gets a sentence instead of a screen
// drawn all over it.
func TestFault59DumbTerminal(t *testing.T) {
	faults.OpenReal(t, 59)
	t.Parallel()
	for _, env := range []string{"TERM=dumb", "TERM="} {
		x := start(t, 80, 24, []string{env})
		if code := x.awaitEnd(patience); code != exitUsage {
			t.Errorf("%s: exit code %d, want %d", env, code, exitUsage)
		}
		x.awaitText("optflow tail")
		x.mu.Lock()
		raw := x.raw.String()
		x.mu.Unlock()
		if strings.Contains(raw, "\x1b[") {
			t.Errorf("%s: escape sequences in %q", env, raw)
		}
	}
}
