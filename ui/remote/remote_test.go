package remote

import (
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Whatever is under way when the screen ends, its reader ends as well.
func TestEventsEnd(t *testing.T) {
	in, out := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	told, ended := make(chan any), make(chan error)
	go func() {
		ended <- Events(ctx, in, "xterm-256color", func(e any) {
			select {
			case told <- e:
			case <-ctx.Done():
			}
		})
	}()
	go func() {
		for {
			if _, err := out.Write([]byte("jjjj")); err != nil {
				return
			}
		}
	}()
	<-told // the next one is on its way, and nobody takes it
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("it goes on")
	}
	_ = in.Close() // as a session does
}

// The letters of an answer that comes in pieces are no keys, and ESC alone is one.
func TestAnswersInPieces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, out := io.Pipe()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var keys []string
		go func() {
			_ = Events(ctx, in, "xterm-256color", func(e any) {
				if k, is := e.(uv.KeyPressEvent); is {
					keys = append(keys, k.String())
				}
			})
		}()
		for _, piece := range []string{"j", "\x1b]11;rgb:", "1111/2222", "/3333\x1b", "\\", "k", "\x1b", "q"} {
			_, _ = io.WriteString(out, piece)
			time.Sleep(300 * time.Millisecond)
			synctest.Wait()
		}
		if got := strings.Join(keys, " "); got != "j k esc q" {
			t.Errorf("keys %q", got)
		}
		_ = out.Close()
		synctest.Wait()
	})
}

// What ends the input is said, unless it is its end.
func TestBrokenInput(t *testing.T) {
	in, out := io.Pipe()
	_ = out.CloseWithError(os.ErrDeadlineExceeded)
	if err := Events(t.Context(), in, "xterm", func(any) {}); err != os.ErrDeadlineExceeded {
		t.Error(err)
	}
}

func TestQuiet(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if n, err := Quiet(ctx).Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("%d, %v", n, err)
	}
}
