// Package machine is what this machine lends to a face: its clipboard, and files
// to export to. A face that is shown elsewhere gets none of it.
package machine

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	"optflow/ui/terminal"
)

// thisClipboard is where a text went that did not go to tmux.
const thisClipboard = "the clipboard"

// clipboardTime is how long a killed program may hold its pipes, and how long
// tmux may take to answer.
const clipboardTime = 3 * time.Second

// clipboardPrograms write to a clipboard; the variable says that there is one.
// tmux ignores OSC 52 from the programs inside it unless told otherwise, but
// takes text from its own command, which passes it on to the outer terminal (-w).
var clipboardPrograms = []struct {
	system, variable, into string
	argv                   []string
}{
	{"", "TMUX", terminal.Tmux, []string{"tmux", "load-buffer", "-w", "-"}},
	{"darwin", "", thisClipboard, []string{"pbcopy"}},
	{"windows", "", thisClipboard, []string{"clip.exe"}},
	{"linux", "WAYLAND_DISPLAY", thisClipboard, []string{"wl-copy"}},
	{"", "DISPLAY", thisClipboard, []string{"xclip", "-selection", "clipboard", "-in"}},
	{"", "DISPLAY", thisClipboard, []string{"xsel", "--clipboard", "--input"}},
	{"linux", "WSL_DISTRO_NAME", thisClipboard, []string{"clip.exe"}},
}

// clipboardProgram is one to try.
type clipboardProgram struct {
	into string
	argv []string
}

// Clipboard writes text to this machine's clipboard, and to tmux when inside it.
// It is nil where there is neither: over ssh this machine's clipboard is not the
// user's. The function names who took the text, "" when no program is installed.
func Clipboard(env []string) func(ctx context.Context, text string) (into string, err error) {
	programs := clipboards(runtime.GOOS, env)
	if len(programs) == 0 {
		return nil
	}
	return func(ctx context.Context, text string) (string, error) { return runClipboard(ctx, programs, text) }
}

// clipboards are the programs to try.
func clipboards(system string, env []string) (programs []clipboardProgram) {
	set := func(variable string) bool { return terminal.Env(env, variable) != "" }
	far := set("SSH_CONNECTION") || set("SSH_CLIENT") || set("SSH_TTY")
	for _, p := range clipboardPrograms {
		if (p.system == "" || p.system == system) && (p.variable == "" || set(p.variable)) && (!far || p.into == terminal.Tmux) {
			programs = append(programs, clipboardProgram{p.into, p.argv})
		}
	}
	return programs
}

// runClipboard gives text to the first installed program for each clipboard. It
// is no error if there is none: the terminal is asked as well.
func runClipboard(ctx context.Context, programs []clipboardProgram, text string) (into string, err error) {
	var done []string
	var failed error
	for _, p := range programs {
		path, err := exec.LookPath(p.argv[0])
		if err != nil || slices.Contains(done, p.into) {
			continue
		}
		done = append(done, p.into)
		cmd := exec.CommandContext(ctx, path, p.argv[1:]...) // #nosec G204 -- of a fixed list
		cmd.Stdin = strings.NewReader(text)
		cmd.WaitDelay = clipboardTime
		if err = cmd.Run(); err == nil {
			into = p.into // the machine's own comes last, and is worth more
			continue
		}
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			err = errors.New("no answer")
		}
		failed = fmt.Errorf("%s: %w", p.argv[0], err)
	}
	if into != "" {
		failed = nil
	}
	return into, failed
}

// DescribeClipboard says how a copy travels from this terminal, and what to do if
// it gets nowhere.
func DescribeClipboard(ctx context.Context, env []string) (way, remedy string) {
	var ways []string
	tmux := false
	for _, p := range clipboards(runtime.GOOS, env) {
		if _, err := exec.LookPath(p.argv[0]); err == nil {
			ways = append(ways, strings.Join(p.argv, " "))
			tmux = tmux || p.into == terminal.Tmux
		}
	}
	switch {
	case tmux:
		switch tmuxOption(ctx, "show-options", "-sv", "set-clipboard") {
		case "on", "external":
			ways = append(ways, "and tmux sends it to the terminal outside")
		case "off":
			remedy = "tmux keeps it to itself: tmux set -s set-clipboard external"
		}
	case terminal.InScreen(env):
		ways = append(ways, "OSC 52 through screen")
	default:
		ways = append(ways, "OSC 52")
	}
	way = "copies go by " + strings.Join(ways, ", ")
	if len(ways) == 1 && !tmux {
		way += "; no terminal says whether it took them"
	}
	return way, remedy
}
