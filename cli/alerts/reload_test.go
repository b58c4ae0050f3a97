package alerts

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A file that is written, put in place, or made for the first time is read again;
// its neighbours are not.
func TestWatch(t *testing.T) {
	dir := t.TempDir()
	file, neighbour := filepath.Join(dir, "config.toml"), filepath.Join(dir, "optflow.log")
	ctx, cancel := context.WithCancel(context.Background())
	again, done := make(chan struct{}, 10), make(chan error)
	go func() {
		done <- Watch(ctx, []string{file, filepath.Join(dir, "absent", "alerts.toml")}, func() { again <- struct{}{} })
	}()
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for began := false; !began; { // until the system watches
		write(file, "a")
		select {
		case <-again:
			began = true
		case <-time.After(300 * time.Millisecond):
		}
	}
	write(neighbour, "x")
	write(file+".new", "b")
	if err := os.Rename(file+".new", file); err != nil {
		t.Fatal(err)
	}
	select {
	case <-again:
	case <-time.After(5 * time.Second):
		t.Error("a file that was put in place was not read")
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
