//go:build unix

package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"optflow/cli"
	"optflow/feed/faults"
	"optflow/model"
	"optflow/model/crash"
	"optflow/model/market"
	"optflow/ui"
)

func TestFault55ResizeStorm(t *testing.T) {
	t.Parallel()
	run := faults.OpenReal(t, 55)
	x := start(t, 120, 30, nil)
	x.awaitLive()
	random := rand.New(rand.NewPCG(5, 5))
	for range 5000 {
		x.resize(1+random.IntN(300), 1+random.IntN(100))
	}
	x.resizeAll(100, 28)
	ended := time.Now()
	screen := x.await("a whole screen of the last size", func(screen string) bool {
		all := lines(screen)
		return undamaged(screen) && len(all) == 28 && all[27] != ""
	})
	run.Recovered(time.Since(ended))
	assertFrame(t, screen, 100, 28)
	x.press("q")
	if code := x.awaitEnd(patience); code != 0 {
		t.Errorf("exit code %d", code)
	}
	x.assertRestored()
}

// undamaged is a screen with rows and both ends of its first line, which one that was
// drawn for a wider window has not.
func undamaged(screen string) bool {
	first := lines(screen)[0]
	return live(first) && strings.Contains(first, "SIM") && len(rows(screen)) > 0
}

func TestFault56Sizes(t *testing.T) {
	t.Parallel()
	run := faults.OpenReal(t, 56)
	s := startServer(t, "", "--key", canary)
	x := start(t, 120, 30, []string{"MASSIVE_API_KEY=" + canary}, s.flags()...)
	x.awaitLive()
	for _, size := range [][2]int{{0, 0}, {1, 1}, {2, 1}, {20, 5}, {59, 11}} {
		before := len(x.written())
		x.resizeAll(max(size[0], 1), max(size[1], 1))
		x.resize(size[0], size[1])
		if size[0] >= 20 {
			x.await("one line that says so", func(screen string) bool { return strings.Contains(strings.Join(strings.Fields(screen), " "), "is too") })
		} else if size[0] > 0 { // nothing to read there, but it lives
			x.await("a frame", func(string) bool { return len(x.written()) > before })
		}
	}
	x.resizeAll(500, 200)
	x.await("a screen of 500x200", func(screen string) bool { return live(screen) && len(lines(screen)) == 200 })
	x.resize(65535, 65535) // of which 500x200 are drawn
	x.press("?")
	x.awaitText("Reading the screen")
	x.press(escape)
	back := time.Now()
	x.resizeAll(100, 30)
	screen := x.await("a whole screen again", func(screen string) bool {
		return undamaged(screen) && strings.Contains(lines(screen)[29], "? help")
	})
	run.Recovered(time.Since(back))
	assertFrame(t, screen, 100, 30)
	if most, ok := memoryPeak(x.cmd.Process.Pid); ok && most > 100<<20 {
		t.Errorf("%d MB resident", most>>20)
	}
	x.press("q")
	if code := x.awaitEnd(patience); code != 0 {
		t.Errorf("exit code %d", code)
	}
	x.assertRestored()
}

var peakLine = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// memoryPeak is the most that a process has been resident with, where the system
// tells.
func memoryPeak(pid int) (bytes int64, ok bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, false
	}
	m := peakLine.FindSubmatch(text)
	if m == nil {
		return 0, false
	}
	_, err = fmt.Sscan(string(m[1]), &bytes)
	return bytes << 10, err == nil
}

// Under a shell that controls jobs ctrl+z stops the program with the terminal
// given back, and fg draws the screen anew, whoever stopped it.
func TestFault57SuspendAndResume(t *testing.T) {
	t.Parallel()
	run := faults.OpenReal(t, 57)
	shell, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no shell that controls jobs")
	}
	cmd := exec.Command(shell, "--norc", "--noprofile", "-i")
	cmd.Dir = t.TempDir() // the "exit" for the shell may reach the program: e exports
	cmd.Env = cleanEnv(t, "PS1=shell> ", "OPTFLOW="+binary(t), "TERM=xterm-256color")
	x := startCommand(t, 100, 30, cmd, nil)
	x.awaitText("shell>")
	x.press("echo $$; $OPTFLOW\n")
	x.awaitLive()
	before := x.modes() // of the screen
	x.press("\x1a")
	x.awaitText("Stopped", "shell>")
	x.mu.Lock()
	if x.emu.IsAltScreen() {
		t.Error("still in the alternate screen")
	}
	x.mu.Unlock()
	x.press("stty -a\n")
	x.await("a terminal that echoes", func(screen string) bool {
		return strings.Contains(screen, " icanon") && strings.Contains(screen, " echo ")
	})
	x.press("clear; fg\n")
	back := time.Now()
	x.awaitLive()
	run.Recovered(time.Since(back))
	x.press("\x1a") // stopped once more, and this time somebody scribbles on the screen
	x.awaitText("Stopped", "shell>")
	x.press("kill -CONT %1; sleep 0.1; kill -STOP %1; fg\n")
	x.awaitLive()
	if now := x.modes(); fmt.Sprint(now) != fmt.Sprint(before) {
		t.Errorf("after fg the terminal is set as %v, before %v", now, before)
	}
	x.press("q")
	x.await("the shell", func(screen string) bool { return !live(screen) && strings.Contains(screen, "shell>") })
	for over := false; !over; { // what is typed while the program still ends, it may read itself
		x.press("exit\n")
		select {
		case <-x.ended:
			over = true
		case <-time.After(500 * time.Millisecond):
		}
	}
	x.assertRestored()
}

// Where nobody controls jobs nothing stops the program, and it must not wait to
// be continued.
func TestFault57SuspendWithoutAShell(t *testing.T) {
	t.Parallel()
	faults.OpenReal(t, 57)
	x := start(t, 100, 30, nil)
	x.awaitLive()
	x.press("\x1a")
	x.await("the screen put away", func(string) bool { return strings.Contains(x.written(), "\x1b[?1049l") })
	x.awaitLive()
	x.press("q")
	if code := x.awaitEnd(patience); code != 0 {
		t.Errorf("exit code %d", code)
	}
	x.assertRestored()
}

// breaksAt names the place at which a broken program breaks.
const breaksAt = "OPTFLOW_TEST_BREAKS"

// evil is what a panic may hold: a key, and what a terminal would obey.
const evil = "\x1b]52;c;RVZJTA==\a" + canary + " \x1b[2J"

// breaking is a feed that panics at one place.
type breaking struct {
	market.Seat
	at string
}

func (b breaking) PollNow() {
	if b.at == "update" {
		panic(evil)
	}
	b.Seat.PollNow()
}

func (b breaking) Day(ctx context.Context, id model.ContractID) ([]model.Bar, error) {
	if b.at == "command" {
		panic(evil)
	}
	return b.Seat.Day(ctx, id)
}

// runBroken is the program with a panic in it, when this test binary is run as
// such.
func runBroken(at string) {
	ctx, process := cli.OwnProcess()
	os.Exit(cli.RunAdjusted(ctx, process, os.Args[1:], func(o *ui.Options) func(context.Context) error {
		docked := o.Market
		o.Market = market.Open{Tape: docked.Rows(), Time: docked.Clock(), Sit: func() market.Seat { return breaking{docked.Seat(), at} }}
		breaks := func() {
			<-docked.Rows().Changed()
			panic(evil)
		}
		switch at {
		case "feed":
			return func(context.Context) error { breaks(); return nil }
		case "goroutine":
			crash.Go("helper", breaks)
		}
		return nil
	}))
}

// Whatever part breaks, the terminal is given back, the exit code says so, and
// what is printed holds neither key nor escape sequence.
func TestFault57Panics(t *testing.T) {
	run := faults.OpenReal(t, 57)
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for at, key := range map[string]string{"update": "r", "command": enter, "feed": "", "goroutine": ""} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, "", "--key", canary) // one connection a key: they would evict each other
			x := startCommand(t, 120, 30, exec.Command(own, s.flags()...), []string{breaksAt + "=" + at, "MASSIVE_API_KEY=" + canary})
			pressed := time.Now()
			if key != "" {
				x.awaitLive()
				pressed = time.Now()
				x.press(key)
			}
			if code := x.awaitEnd(patience); code != exitFailed {
				t.Errorf("exit code %d, want %d", code, exitFailed)
			}
			run.Noticed(time.Since(pressed))
			x.assertRestored()
			text := x.written()
			text = text[strings.LastIndex(text, "\x1b[?1049l")+1:]
			if !strings.Contains(text, "internal error in the ") || !strings.Contains(text, "[redacted]") || !strings.Contains(text, "fault_test.go") {
				t.Errorf("printed %q", text)
			}
			if strings.Contains(x.written(), "\x1b]52") {
				t.Error("the panic's escape sequence is in the output")
			}
		})
	}
}

// A terminal that does not read for a while costs no memory, and shows what is
// now once it reads again.
func TestFault60TerminalReadsAgain(t *testing.T) {
	t.Parallel()
	run := faults.OpenReal(t, 60)
	x := firehose(t)
	x.stall()
	awaitFull(t, x.master)
	time.Sleep(aWhile())
	x.boundedMemory()
	run.Recovered(x.catchesUp(x.readAgain))
	x.end()
}

// A line that carries 10 KB a second shows less often, but what it shows is of
// now: nothing piles up before it, and the feed does not notice.
func TestFault60SlowLine(t *testing.T) {
	t.Parallel()
	run := faults.OpenReal(t, 60)
	x := firehose(t)
	x.slow(10 << 10)
	behind := time.Duration(0)
	for until := time.Now().Add(aWhile()); time.Now().Before(until); time.Sleep(100 * time.Millisecond) {
		screen := x.screen()
		if !live(screen) {
			t.Fatal("the feed noticed")
		}
		behind = max(behind, time.Since(newestRow(screen)))
	}
	t.Logf("at most %v behind", behind)
	if behind > 15*time.Second {
		t.Errorf("the screen was %v behind", behind)
	}
	x.boundedMemory()
	run.Recovered(x.catchesUp(func() { x.slow(0) }))
	x.end()
}

// firehose is a monitor that has to show all of 3,000 trades a second.
func firehose(t *testing.T) *terminal {
	t.Helper()
	s := startServer(t, "", "--key", canary, "--rate", "3000")
	x := start(t, 160, 43, []string{"MASSIVE_API_KEY=" + canary}, s.flags("--min-premium", "0", "--fps", "30")...)
	x.catchesUp(func() {})
	return x
}

// aWhile is a minute where all of every fault is asked for, else some seconds.
func aWhile() time.Duration {
	if os.Getenv("OPTFLOW_FAULTS") != "" {
		return time.Minute
	}
	return 5 * time.Second
}

func (x *terminal) boundedMemory() {
	x.t.Helper()
	if most, ok := memoryPeak(x.cmd.Process.Pid); ok && most > 150<<20 {
		x.t.Errorf("%d MB resident", most>>20)
	}
}

// catchesUp is how long after a change the screen shows the newest rows.
func (x *terminal) catchesUp(change func()) time.Duration {
	x.t.Helper()
	back := time.Now()
	change()
	x.await("the newest rows", func(screen string) bool {
		return live(screen) && newestRow(screen).After(back.Add(-4*time.Second))
	})
	return time.Since(back)
}

// end leaves the program with q and sees that the terminal is as it was.
func (x *terminal) end() {
	x.t.Helper()
	x.press("q")
	if code := x.awaitEnd(patience); code != 0 {
		x.t.Errorf("exit code %d", code)
	}
	x.assertRestored()
}

// newestRow is the time of the newest row on a screen, of today in New York.
func newestRow(screen string) (newest time.Time) {
	now := time.Now().In(model.NewYork)
	for _, row := range rows(screen) {
		at, err := time.Parse(time.TimeOnly, row[0][:8])
		if err != nil {
			continue
		}
		when := time.Date(now.Year(), now.Month(), now.Day(), at.Hour(), at.Minute(), at.Second(), 0, model.NewYork)
		if when.After(now.Add(time.Hour)) { // of yesterday, just after midnight
			when = when.AddDate(0, 0, -1)
		}
		if when.After(newest) {
			newest = when
		}
	}
	return newest
}

// Two copies on one machine that keep to themselves: the second leaves the stream to
// the first, says so, and takes it over once the first has ended. Without --alone it
// follows the first: TestFault85OwnerKilled.
func TestFault12SameMachine(t *testing.T) {
	t.Parallel()
	run := faults.OpenReal(t, 12)
	s := startServer(t, "", "--key", canary)
	env := []string{"MASSIVE_API_KEY=" + canary, "XDG_STATE_HOME=" + t.TempDir()}
	first := start(t, 120, 30, env, s.flags()...)
	first.awaitLive()
	second := start(t, 120, 30, env, append(s.flags(), "--alone")...)
	says := fmt.Sprintf("optflow process %d streams on this key", first.cmd.Process.Pid)
	second.await(says, func(screen string) bool {
		return strings.Contains(screen, "Polling") && strings.Contains(screen, says) && len(rows(screen)) > 0
	})
	r := runUntil(t, env, saying(says), append([]string{"tail", "--alone"}, s.flags()...)...)
	if r.code != exitInterrupted || !strings.Contains(r.stderr, says) {
		t.Errorf("tail: exit code %d, stderr %s", r.code, r.stderr)
	}
	if !live(first.screen()) {
		t.Error("the first was disturbed")
	}
	_ = first.cmd.Process.Kill() // and nobody tidies up
	ended := time.Now()
	second.awaitLive()
	run.Recovered(time.Since(ended))
	second.press("q")
	if code := second.awaitEnd(patience); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
