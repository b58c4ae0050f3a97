package ui

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"optflow/model/burst"
	"optflow/model/clock"
	"optflow/model/market"
	"optflow/model/tape"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// TestFramesAreBounded floods the tape and counts frames: at most FPS a second,
// none of which comes without reason, and nothing is lost.
func TestFramesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		tape := tape.New(tape.Options{})
		m, err := New(ctx, Options{Market: market.Open{Tape: &tape.Tape, Time: clock.New()}, FPS: 10, Tickers: []string{"NVDA"}, Interval: burst.IntervalOff})
		if err != nil {
			t.Fatal(err)
		}
		row := picture[0].tapeRow(t, tape)
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range 3000 { // 1,000 a second
				row.Start += 1000
				tape.Append(row)
				tape.Publish()
				time.Sleep(time.Millisecond)
			}
		}()
		frames, start := 0, time.Now()
		for time.Since(start) < 3*time.Second {
			if m.pull.Wait(m.ctx)() == nil {
				t.Fatal("the wait ended by itself")
			}
			m.onFrame()
			frames++
		}
		<-done
		if frames < 28 || frames > 32 {
			t.Errorf("%d frames in 3 s of flood, want 30", frames)
		}
		m.onFrame()
		if got := m.tape.Pull.Bursts.Counts().Seen; got != 3000 {
			t.Errorf("%d rows arrived, want 3000", got)
		}
		frames, start = 0, time.Now()
		for time.Since(start) < 10*time.Second {
			m.pull.Wait(m.ctx)()
			m.onFrame()
			frames++
		}
		if frames < 9 || frames > 12 {
			t.Errorf("%d frames in 10 quiet seconds, want the clock's 10", frames)
		}
		cancel()
		if msg := m.pull.Wait(m.ctx)(); msg != nil {
			t.Errorf("after the end it still says %v", msg)
		}
	})
}

// TestFirstNewsIsShownAtOnce: after a quiet spell nothing waits for a frame.
func TestFirstNewsIsShownAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		tape := tape.New(tape.Options{})
		m, err := New(ctx, Options{Market: market.Open{Tape: &tape.Tape, Time: clock.New()}})
		if err != nil {
			t.Fatal(err)
		}
		m.pull.Wait(m.ctx)()
		m.onFrame()
		m.pull.Wait(m.ctx)()
		m.onFrame()
		time.Sleep(300 * time.Millisecond)
		cmd := m.pull.Wait(m.ctx)
		start := time.Now()
		tape.SetState(fixtureState())
		cmd()
		if took := time.Since(start); took > 0 {
			t.Errorf("news after a quiet spell waited %v", took)
		}
	})
}

// TestRun runs the program on a terminal that is a buffer, until q.
func TestRun(t *testing.T) {
	tape := tape.New(tape.Options{})
	tape.SetState(fixtureState())
	in, keys := io.Pipe()
	var out bytes.Buffer
	done := make(chan error, 1)
	go func() {
		done <- Run(t.Context(), Options{Market: market.Open{Tape: &tape.Tape, Time: clock.New()}, Env: []string{"TERM=xterm-256color"}}, in, &out)
	}()
	if _, err := keys.Write([]byte("q")); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	keys.Close()
	if !strings.Contains(out.String(), "\x1b[?1049h") || !strings.Contains(out.String(), "\x1b[?1049l") {
		t.Errorf("the alternate screen was not entered and left: %q", out.String())
	}
}

func TestRunInterrupted(t *testing.T) {
	in, keys := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- Run(t.Context(), Options{Market: market.Open{Tape: &tape.New(tape.Options{}).Tape, Time: clock.New()}, Env: []string{"TERM=xterm"}}, in, io.Discard)
	}()
	if _, err := keys.Write([]byte{3}); err != nil {
		t.Fatal(err)
	}
	if err := <-done; !errors.Is(err, ErrInterrupted) {
		t.Fatalf("ctrl+c ends with %v", err)
	}
	keys.Close()
}

func TestRunEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in, keys := io.Pipe()
	defer keys.Close()
	done := make(chan error, 1)
	go func() {
		done <- Run(ctx, Options{Market: market.Open{Tape: &tape.New(tape.Options{}).Tape, Time: clock.New()}, Env: os.Environ()}, in, io.Discard)
	}()
	cancel()
	if err := <-done; err != nil {
		t.Fatalf("ended with %v", err)
	}
}

func TestWrongOptions(t *testing.T) {
	tape, clock := tape.New(tape.Options{}), clock.New()
	for _, o := range []Options{
		{Market: market.Open{Tape: &tape.Tape, Time: clock}, TimeZone: "mars"},
		{Market: market.Open{Tape: &tape.Tape, Time: clock}, Filter: "prem>=25x"},
	} {
		if _, err := New(t.Context(), o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}
