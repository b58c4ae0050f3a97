// Package process owns what belongs to the whole program: its signals, the state of
// its terminal, how it ends when something breaks, and how much memory it takes.
package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"golang.org/x/term"

	"optflow/model/crash"
)

// Exit codes that the program ends with when it is cut short.
const (
	Interrupted = 130
	failed      = 1
)

const (
	// lastResort is how long after a signal the program may take to end in
	// order. A stalled terminal blocks the renderer for ever.
	lastResort = 1500 * time.Millisecond
	// goneCheck is how often we look whether the terminal still exists: with
	// SIGHUP ignored nothing else tells us.
	goneCheck = time.Second
)

// ErrTerminalGone ends a screen whose terminal was closed.
var ErrTerminalGone = errors.New("the terminal is gone")

// SignalError is the cause of a context that a signal ended.
type SignalError struct{ signal os.Signal }

func (e SignalError) Error() string { return "ended by " + e.signal.String() }

// Process is the program that runs.
type Process struct {
	cancel context.CancelCauseFunc
	goesOn chan os.Signal // the program was continued; nil where it is not asked for

	mu       sync.Mutex
	terminal *term.State // as found at the start; nil when there is none
	fd       int
}

// Own takes over the signals. The first one ends the context, with a
// SignalError as its cause, and lastResort later the program, whatever is in the
// way. A second one ends the program at once.
func Own() (context.Context, *Process) {
	ctx, cancel := context.WithCancelCause(context.Background())
	p := &Process{cancel: cancel}
	// A closed pipe is an error of that write, not the death of the program.
	signal.Ignore(syscall.SIGPIPE)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, ownSignals()...)
	crash.Go("signals", func() {
		cancel(SignalError{<-signals})
		select {
		case <-signals:
		case <-time.After(lastResort):
		}
		p.Restore()
		os.Exit(Interrupted)
	})
	return ctx, p
}

// ownSignals are those that end the program, except those that were ignored when
// it started, as nohup does with SIGHUP.
func ownSignals() []os.Signal {
	var own []os.Signal
	for _, s := range []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		if !signal.Ignored(s) {
			own = append(own, s)
		}
	}
	return own
}

// KeepTerminal remembers the terminal's settings, to restore them, and ends the
// context when the terminal is gone.
func (p *Process) KeepTerminal(ctx context.Context, fd int) error {
	state, err := term.GetState(fd)
	if err != nil {
		return fmt.Errorf("reading the terminal's settings: %w", err)
	}
	p.mu.Lock()
	p.terminal, p.fd = state, fd
	p.mu.Unlock()
	crash.Go("terminal's watch", func() {
		tick := time.NewTicker(goneCheck)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if _, _, err := term.GetSize(fd); err != nil {
				p.cancel(ErrTerminalGone)
				p.lastResort()
			}
		}
	})
	return nil
}

// lastResort ends the program after a while, if it has not ended by itself.
func (p *Process) lastResort() {
	time.Sleep(lastResort)
	p.Restore()
	os.Exit(failed)
}

// EndsSoon ends the program with an exit code after a while, unless ended is
// called first: the user who quits does not wait for the feed.
func (p *Process) EndsSoon(code int) (ended func()) {
	timer := time.AfterFunc(lastResort, crash.Guarded("end", func() {
		p.Restore()
		os.Exit(code)
	}))
	return func() { timer.Stop() }
}

// Restore gives the terminal back as it was found. It never blocks: the modes
// are set directly, and what the terminal does not take at once is not written.
func (p *Process) Restore() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.terminal == nil {
		return
	}
	_ = term.Restore(p.fd, p.terminal)
	writeWithoutWaiting(resetSequences)
}

// resetSequences undo what a screen program may have switched on: synchronised
// output, mouse reports, focus reports, bracketed paste, keyboard enhancements,
// colours, a hidden cursor, the alternate screen.
const resetSequences = "\x1b[?2026l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2004l" +
	"\x1b[>4;0m\x1b[<u\x1b[0m\x1b[?25h\x1b[?1049l"
