package e2e

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A program whose disk is full writes nothing that could be followed: another one
// says so, polls, and goes on polling.
func TestAttachDiskFull(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	if err := syscall.Mount("tmpfs", data, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("no small disk can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(data, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	_, flags := counting(t)
	env := []string{"MASSIVE_API_KEY=" + canary, "XDG_STATE_HOME=" + t.TempDir(), "XDG_DATA_HOME=" + data}
	first := start(t, 160, 30, env, flags...)
	first.awaitWithin(patience, "Live", own)
	first.await("a note", func(screen string) bool { return strings.Contains(screen, "disk full") })
	second := start(t, 160, 30, env, flags...)
	says := fmt.Sprintf("process %d: history paused: disk full", first.cmd.Process.Pid)
	polls := func(screen string) bool { return strings.Contains(screen, "Polling") && strings.Contains(screen, says) }
	second.awaitWithin(patience, "polling", polls)
	for until := time.Now().Add(5 * time.Second); time.Now().Before(until); time.Sleep(50 * time.Millisecond) { // two more tries
		if screen := second.screen(); !polls(screen) {
			t.Fatalf("it goes on otherwise:\n%s", screen)
		}
	}
}
