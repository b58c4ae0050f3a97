//go:build unix

package e2e

import (
	"bufio"
	"crypto/ed25519"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

// metered counts what comes, bytes and writes.
type metered struct{ bytes, writes *atomic.Int64 }

func (c metered) Write(b []byte) (int, error) {
	c.bytes.Add(int64(len(b)))
	c.writes.Add(1)
	return len(b), nil
}

// TestServeLoad measures what viewers take of the machine and of their lines,
// beside the same server without any. By `make bench-serve` only.
func TestServeLoad(t *testing.T) {
	if os.Getenv("OPTFLOW_BENCH") == "" {
		t.Skip("takes minutes: make bench-serve")
	}
	const span = 20 * time.Second
	env, _ := viewersHome(t)
	var file strings.Builder
	var all []ssh.Signer
	for i := range 200 {
		seed := make([]byte, ed25519.SeedSize)
		seed[0], seed[1] = 1, byte(i)
		key, err := ssh.NewSignerFromSigner(ed25519.NewKeyFromSeed(seed))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, key)
		fmt.Fprintf(&file, "name=v%d %s", i, ssh.MarshalAuthorizedKey(key.PublicKey()))
	}
	path := filepath.Join(t.TempDir(), "viewers")
	if err := os.WriteFile(path, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary(t), "serve", "--listen", "127.0.0.1:0", "--viewers", path)
	cmd.Env = cleanEnv(t, env...)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	ready, _ := bufio.NewReader(out).ReadString('\n')
	m := listensOn.FindStringSubmatch(ready)
	if m == nil {
		t.Fatalf("ready: %q", ready)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	time.Sleep(60 * time.Second) // the start is over
	var bytes, writes atomic.Int64
	measure := func(viewers int) (share float64, resident int64) {
		time.Sleep(10 * time.Second)
		used, sent, drawn := processorTicks(t, cmd.Process.Pid), bytes.Load(), writes.Load()
		time.Sleep(span)
		used, sent, drawn = processorTicks(t, cmd.Process.Pid)-used, bytes.Load()-sent, writes.Load()-drawn
		share, resident = float64(used)/span.Seconds(), memoryNow(t, cmd.Process.Pid)
		n := float64(max(viewers, 1)) * span.Seconds()
		t.Logf("%d viewers: %.0f %% of a core, %d MB, %.1f KB/s and %.1f writes/s a viewer", viewers, share, resident>>20, float64(sent)/n/1000, float64(drawn)/n)
		return share, resident
	}
	idle, base := measure(0)
	here := 0
	for _, goal := range []struct {
		viewers int
		share   float64 // of a core, beside the feed
	}{{50, 40}, {200, 100}} {
		for ; here < goal.viewers; here++ {
			session, err := dialViewer(t, m[1], all[here]).NewSession()
			if err != nil {
				t.Fatal(err)
			}
			session.Stdout = metered{&bytes, &writes}
			if _, err := session.StdinPipe(); err != nil {
				t.Fatal(err)
			}
			if err := session.RequestPty("xterm-256color", 40, 120, nil); err != nil {
				t.Fatal(err)
			}
			if err := session.Shell(); err != nil {
				t.Fatal(err)
			}
		}
		share, resident := measure(here)
		each := float64(resident-base) / float64(here) / (1 << 20)
		t.Logf("%d viewers: %.0f %% of a core beside the feed (the goal is %.0f), %.1f MB each (8)", here, share-idle, goal.share, each)
		if share-idle > goal.share || each > 8 {
			t.Errorf("%d viewers take %.0f %% of a core and %.1f MB each", here, share-idle, each)
		}
	}
}

// memoryNow is what a process has resident, in bytes.
func memoryNow(t *testing.T, pid int) int64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		t.Skip(err)
	}
	var size, resident int64
	if _, err := fmt.Sscan(string(text), &size, &resident); err != nil {
		t.Fatal(err)
	}
	return resident * int64(os.Getpagesize())
}
