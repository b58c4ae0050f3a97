//go:build unix

package terminal

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

// pipe is an Input with the other end of its line.
func pipe(t *testing.T) (io.Reader, *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close(); _ = w.Close() })
	return Whole(r), w
}

func send(t *testing.T, w *os.File, bytes string) {
	t.Helper()
	if _, err := w.WriteString(bytes); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, r io.Reader) (string, time.Duration) {
	t.Helper()
	began := time.Now()
	buf := make([]byte, 4096)
	n, err := r.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	return string(buf[:n]), time.Since(began)
}

func TestInput(t *testing.T) {
	r, w := pipe(t)
	soonest := time.Hour // a busy machine may take its time, a wait would be in each
	for range 5 {
		send(t, w, "j\x1b[?2026;")
		got, took := read(t, r)
		if got != "j" {
			t.Errorf("read %q", got)
		}
		soonest = min(soonest, took)
		send(t, w, "2$y")
		if got, _ := read(t, r); got != "\x1b[?2026;2$y" {
			t.Errorf("read %q", got)
		}
	}
	if soonest > escapeWait {
		t.Errorf("read after %v: a plain key waits for nothing", soonest)
	}
	send(t, w, "\x1b")
	if got, took := read(t, r); got != escapeKey || took < escapeWait {
		t.Errorf("read %q after %v", got, took)
	}
	send(t, w, "\x1b")
	go func() { time.Sleep(escapeWait / 5); _, _ = w.WriteString("[A") }()
	if got, _ := read(t, r); got != "\x1b[A" && got != escapeKey { // the latter where the machine was busy
		t.Errorf("read %q", got)
	}
	long := strings.Repeat("a paste of much text ", 1000)
	go func() { _, _ = w.WriteString(pasteBegin + long + pasteEnd); _ = w.Close() }()
	var all strings.Builder
	if _, err := io.Copy(struct{ io.Writer }{&all}, struct{ io.Reader }{r}); err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimPrefix(all.String(), "\x1b[A"); got != pasteBegin+long+pasteEnd {
		t.Errorf("a paste of %d bytes became %d", len(long), len(got))
	}
}

// An escape key that is held down comes through while it is.
func TestEscapeHeldDown(t *testing.T) {
	r, w := pipe(t)
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			case <-time.After(escapeWait / 4):
				_, _ = w.WriteString("\x1b")
			}
		}
	}()
	defer func() { close(stop); <-done }()
	for range 3 {
		got, took := read(t, r)
		if !strings.HasPrefix(got, escapeKey) || took > time.Second {
			t.Fatalf("read %q after %v", got, took)
		}
	}
}

// A terminal that goes away with something held is at its end all the same.
func TestInputEnds(t *testing.T) {
	for _, held := range []string{"", "\x1b]11;", "\xe2"} {
		r, w := pipe(t)
		send(t, w, held)
		_ = w.Close()
		buf := make([]byte, 64)
		for n := 0; ; n++ {
			if _, err := r.Read(buf); errors.Is(err, io.EOF) {
				break
			} else if err != nil || n > 3 {
				t.Fatalf("%q: %v", held, err)
			}
		}
	}
	other := strings.NewReader("")
	if Whole(other) != io.Reader(other) {
		t.Error("what is no file does not stay as it is")
	}
}
