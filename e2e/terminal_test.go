//go:build unix

package e2e

import (
	"bytes"
	"errors"
	"image/color"
	"io"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/term"
)

// patience is how long a condition is awaited before a test fails. It is long
// because machines are slow, not because anything takes that long.
const patience = 30 * time.Second

// terminal runs the real binary in a pty and keeps its screen in an emulator.
type terminal struct {
	t      *testing.T
	cmd    *exec.Cmd
	master *os.File
	slave  *os.File // kept open, so that the terminal's modes can be compared at the end
	before *term.State

	mu      sync.Mutex
	emu     *vt.Emulator
	raw     bytes.Buffer // everything the program wrote
	shown   string       // the screen after the last whole frame
	inFrame bool         // the program has begun a frame and not ended it
	news    chan struct{}
	framed  func(screen string, cursor int) // is told of each whole frame, with the line of the cursor; nil nobody
	stalled bool                            // nobody reads the terminal any more
	rate    int                             // bytes that it takes a second, 0 as fast as they come
	resume  chan struct{}                   // closed to read again

	ended   chan struct{}
	waitErr error
}

// start runs optflow in a terminal of the given size. Env is added to a clean
// environment: an empty home, no key.
func start(t *testing.T, width, height int, env []string, args ...string) *terminal {
	t.Helper()
	return startCommand(t, width, height, exec.Command(binary(t), args...), env)
}

func startCommand(t *testing.T, width, height int, cmd *exec.Cmd, env []string) *terminal {
	t.Helper()
	return startOn(t, width, height, cmd, env, color.Black)
}

// startOn starts it in a terminal of some ground, which it tells who asks.
func startOn(t *testing.T, width, height int, cmd *exec.Cmd, env []string, ground color.Color) *terminal {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Skipf("no pty here: %v", err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Rows: uint16(height), Cols: uint16(width)}); err != nil {
		t.Fatal(err)
	}
	x := &terminal{
		t: t, cmd: cmd, master: master, slave: slave, emu: vt.NewEmulator(width, height),
		news: make(chan struct{}), resume: make(chan struct{}), ended: make(chan struct{}),
	}
	x.emu.SetDefaultBackgroundColor(ground)
	x.before = x.modes()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	if cmd.Env == nil {
		cmd.Env = cleanEnv(t, env...)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting %s: %v", cmd.Path, err)
	}
	go x.readScreen()
	answering := make(chan struct{})
	go func() {
		defer close(answering)
		x.answerQueries()
	}()
	go func() {
		x.waitErr = cmd.Wait()
		close(x.ended)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-x.ended
		_ = slave.Close()
		_ = master.Close()
		if answers, ok := x.emu.InputPipe().(io.Closer); ok {
			_ = answers.Close() // the emulator's own Close races with its Read
			<-answering
		}
		if t.Failed() {
			t.Logf("the last screen:\n%s", x.screen())
		}
		forbidKeys(t, x.written())
	})
	return x
}

// readScreen feeds what the program writes to the emulator, as a terminal does.
func (x *terminal) readScreen() {
	buf := make([]byte, 32<<10)
	for {
		x.mu.Lock()
		stalled, resume, part := x.stalled, x.resume, buf
		if x.rate > 0 {
			part = buf[:max(1, x.rate/50)]
		}
		x.mu.Unlock()
		if stalled {
			<-resume
		}
		n, err := x.master.Read(part)
		if err != nil {
			return
		}
		if len(part) < len(buf) {
			time.Sleep(time.Second / 50) // a line that carries no more
		}
		x.mu.Lock()
		x.take(buf[:n])
		close(x.news)
		x.news = make(chan struct{})
		x.mu.Unlock()
	}
}

// What the program writes around a frame, once the terminal said that it holds
// back what stands between: a screen is looked at between frames only.
var (
	frameBegins = []byte("\x1b[?2026h")
	frameEnds   = []byte("\x1b[?2026l")
	asksFrames  = []byte("\x1b[?2026$p")
)

const answersFrames = "\x1b[?2026;2$y"

// take feeds what was read to the emulator, up to the end of each frame. Either
// mark may come in two pieces.
func (x *terminal) take(part []byte) {
	for len(part) > 0 {
		n := len(part)
		before := max(x.raw.Len()-len(frameEnds)+1, 0)
		x.raw.Write(part)
		fresh := x.raw.Bytes()[before:]
		if at := bytes.Index(fresh, frameEnds); at >= 0 { // no further than the end of this frame
			n = before + at + len(frameEnds) - (x.raw.Len() - len(part))
			x.raw.Truncate(x.raw.Len() - len(part) + n)
			fresh = x.raw.Bytes()[before:]
		}
		if bytes.Contains(fresh, asksFrames) {
			_, _ = x.master.WriteString(answersFrames)
		}
		_, _ = x.emu.Write(part[:n])
		begins, ends := bytes.LastIndex(fresh, frameBegins), bytes.LastIndex(fresh, frameEnds)
		if begins >= 0 || ends >= 0 {
			x.inFrame = begins > ends
		}
		if !x.inFrame {
			x.shown = x.emu.String()
			if x.framed != nil {
				x.framed(x.shown, x.emu.CursorPosition().Y)
			}
		}
		part = part[n:]
	}
}

// answerQueries sends the emulator's answers (device attributes and the like)
// to the program.
func (x *terminal) answerQueries() {
	buf := make([]byte, 1024)
	for {
		n, err := x.emu.Read(buf)
		if err != nil {
			return
		}
		if _, err := x.master.Write(buf[:n]); err != nil {
			return
		}
	}
}

// screen is the text of the screen now.
func (x *terminal) screen() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.shown
}

// await waits until the screen satisfies a condition and returns that screen.
func (x *terminal) await(what string, ok func(screen string) bool) string {
	x.t.Helper()
	return x.awaitWithin(patience, what, ok)
}

func (x *terminal) awaitWithin(limit time.Duration, what string, ok func(screen string) bool) string {
	x.t.Helper()
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	for {
		x.mu.Lock()
		screen, news := x.shown, x.news
		x.mu.Unlock()
		if ok(screen) {
			return screen
		}
		select {
		case <-news:
		case <-x.ended:
			if x.settle(); ok(x.screen()) {
				return x.screen()
			}
			x.t.Fatalf("ended (%v) before: %s", x.waitErr, what)
		case <-deadline.C:
			x.t.Fatalf("within %v not: %s", limit, what)
		}
	}
}

// awaitText waits until the screen holds all of the texts.
func (x *terminal) awaitText(texts ...string) string {
	x.t.Helper()
	return x.await(strings.Join(texts, " and "), func(screen string) bool { return holds(screen, texts...) })
}

func holds(screen string, texts ...string) bool {
	for _, text := range texts {
		if !strings.Contains(screen, text) {
			return false
		}
	}
	return true
}

// press sends keys as the terminal would.
func (x *terminal) press(keys string) {
	x.t.Helper()
	if _, err := x.master.WriteString(keys); err != nil {
		x.t.Fatalf("pressing %q: %v", keys, err)
	}
}

// stall stops reading what the program writes, until readAgain or the end of
// the test.
func (x *terminal) stall() {
	x.mu.Lock()
	x.stalled = true
	x.mu.Unlock()
	x.t.Cleanup(x.readAgain)
}

// readAgain ends a stall.
func (x *terminal) readAgain() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.stalled {
		x.stalled = false
		close(x.resume)
		x.resume = make(chan struct{})
	}
}

// slow has the terminal take so many bytes a second, 0 as fast as they come.
func (x *terminal) slow(rate int) {
	x.mu.Lock()
	x.rate = rate
	x.mu.Unlock()
}

// resize changes the size of the window, as a terminal does.
func (x *terminal) resize(width, height int) {
	x.t.Helper()
	if err := pty.Setsize(x.master, &pty.Winsize{Rows: uint16(height), Cols: uint16(width)}); err != nil {
		x.t.Fatal(err)
	}
}

// resizeAll changes the emulator with it.
func (x *terminal) resizeAll(width, height int) {
	x.t.Helper()
	x.mu.Lock()
	x.emu.Resize(width, height)
	x.mu.Unlock()
	x.resize(width, height)
}

// written is everything that the program wrote so far.
func (x *terminal) written() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.raw.String()
}

// awaitEnd waits for the program to end and returns its exit code.
func (x *terminal) awaitEnd(limit time.Duration) int {
	x.t.Helper()
	select {
	case <-x.ended:
	case <-time.After(limit):
		x.t.Fatalf("still running %v later", limit)
	}
	x.settle()
	var exit *exec.ExitError
	switch {
	case x.waitErr == nil:
		return 0
	case errors.As(x.waitErr, &exit):
		return exit.ExitCode()
	}
	x.t.Fatalf("waiting: %v", x.waitErr)
	return -1
}

// settle waits until the emulator has seen everything that the program wrote:
// a mark that is written after its end comes after all of it.
func (x *terminal) settle() {
	x.t.Helper()
	x.mu.Lock()
	stalled := x.stalled
	x.mu.Unlock()
	if stalled {
		return
	}
	const mark = "\x1b]2;the end\a"
	if _, err := x.slave.WriteString(mark); err != nil {
		return // closed by the test
	}
	for deadline := time.Now().Add(patience); ; {
		x.mu.Lock()
		seen, news := bytes.Contains(x.raw.Bytes(), []byte(mark)), x.news
		x.mu.Unlock()
		if seen {
			return
		}
		select {
		case <-news:
		case <-time.After(time.Until(deadline)):
			x.t.Fatal("the terminal's last output was never read")
		}
	}
}

// modes are the terminal's settings: echo, line mode, signals.
func (x *terminal) modes() *term.State {
	x.t.Helper()
	modes, err := term.GetState(int(x.slave.Fd()))
	if err != nil {
		x.t.Fatalf("reading the terminal's modes: %v", err)
	}
	return modes
}

// assertRestored compares the terminal with what it was before the program.
func (x *terminal) assertRestored() {
	x.t.Helper()
	if now := x.modes(); !reflect.DeepEqual(now, x.before) {
		x.t.Errorf("terminal modes not restored:\n before %+v\n after  %+v", x.before, now)
	}
	for deadline := time.After(patience); ; { // what was written last may still be on its way
		x.mu.Lock()
		left, news := x.stalled || !x.emu.IsAltScreen(), x.news
		x.mu.Unlock()
		if left {
			return
		}
		select {
		case <-news:
		case <-deadline:
			x.t.Error("the alternate screen was not left")
			return
		}
	}
}

// Keys that are not letters.
const (
	enter  = "\r"
	escape = "\x1b"
)

// lines of a screen, each without trailing blanks.
func lines(screen string) []string {
	all := strings.Split(screen, "\n")
	for i := range all {
		all[i] = strings.TrimRight(all[i], " ")
	}
	return all
}
