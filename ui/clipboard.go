package ui

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"optflow/model/termsafe"
	"optflow/ui/tail"
)

const (
	// osc52Most is how many encoded bytes of OSC 52 terminals take for certain:
	// xterm's limit of 100,000 on the sequence, less what some of them round away.
	osc52Most = 74_994
	// clipboardTime is how long the local clipboard's program may take.
	clipboardTime = 3 * time.Second
)

// copied is the outcome of asking the local clipboard.
type copied struct{ err error }

// copy hands text to the clipboard: by OSC 52, which the terminal takes even
// over ssh, and to the local one where there is one. What is the text in short.
func (m *Model) copy(text, what string) tea.Cmd {
	var cmds []tea.Cmd
	if base64.StdEncoding.EncodedLen(len(text)) <= osc52Most {
		cmds = append(cmds, tea.SetClipboard(text))
	}
	if local := m.opt.Clipboard; local != nil {
		ctx := m.ctx
		cmds = append(cmds, func() tea.Msg {
			ctx, cancel := context.WithTimeout(ctx, clipboardTime)
			defer cancel()
			return copied{local(ctx, text)}
		})
	}
	if len(cmds) == 0 {
		m.notices.answer(inkWarn, "too long for the terminal's clipboard")
		return nil
	}
	m.notices.answer(inkText, "copied: "+termsafe.String(what, osc52Most))
	return tea.Batch(cmds...)
}

// onCopied says so when the local clipboard refused.
func (m *Model) onCopied(err error) {
	if err == nil || m.ctx.Err() != nil {
		return
	}
	m.dirty = true
	m.notices.answer(inkWarn, "the local clipboard refused ("+err.Error()+"); the terminal was asked as well")
}

// copyContract copies the symbol of the selected row's contract.
func (m *Model) copyContract() tea.Cmd {
	row, ok := m.table.chosen()
	if !ok {
		m.notices.answer(inkDim, "no contract is selected")
		return nil
	}
	return m.copy(row.contract.Symbol, row.contract.Symbol)
}

// copyRow copies the selected row as a line of text, which says SIM when it is
// simulated.
func (m *Model) copyRow() tea.Cmd {
	if g, ok := m.list.gapLines[m.table.selected]; ok && m.table.has {
		sim := ""
		if m.st.Sim {
			sim = "SIM "
		}
		text := sim + m.zone.clock(g.to) + " " + g.underlying + ": " + g.text(m.zone, mostWidth)
		return m.copy(text, text)
	}
	row, ok := m.table.chosen()
	if !ok {
		m.notices.answer(inkDim, "no row is selected")
		return nil
	}
	text := m.printing(tail.Text).Text(row.row, row.contract)
	return m.copy(text, text)
}

// clipboardPrograms are the programs that own a local clipboard, with the
// variable that says that there is one. OSC 52 alone serves everybody else.
var clipboardPrograms = []struct {
	system, variable string
	argv             []string
}{
	{"darwin", "", []string{"pbcopy"}},
	{"windows", "", []string{"clip.exe"}},
	{"linux", "WAYLAND_DISPLAY", []string{"wl-copy"}},
	{"", "DISPLAY", []string{"xclip", "-selection", "clipboard", "-in"}},
	{"", "DISPLAY", []string{"xsel", "--clipboard", "--input"}},
	{"linux", "WSL_DISTRO_NAME", []string{"clip.exe"}},
}

// LocalClipboard is the clipboard of the machine that the program runs on, nil
// where there is none: over ssh it is not the user's.
func LocalClipboard(env []string) func(ctx context.Context, text string) error {
	programs := localClipboard(runtime.GOOS, env)
	if len(programs) == 0 {
		return nil
	}
	return func(ctx context.Context, text string) error { return runClipboard(ctx, programs, text) }
}

// localClipboard are the programs to try.
func localClipboard(system string, env []string) (programs [][]string) {
	set := make(map[string]bool)
	for _, v := range env {
		name, value, _ := strings.Cut(v, "=")
		set[name] = value != ""
	}
	if set["SSH_CONNECTION"] || set["SSH_CLIENT"] || set["SSH_TTY"] {
		return nil
	}
	for _, p := range clipboardPrograms {
		if (p.system == "" || p.system == system) && (p.variable == "" || set[p.variable]) {
			programs = append(programs, p.argv)
		}
	}
	return programs
}

// runClipboard hands text to the first program that is there. That none is
// installed is no error: the terminal was asked as well.
func runClipboard(ctx context.Context, programs [][]string, text string) error {
	for _, argv := range programs {
		path, err := exec.LookPath(argv[0])
		if err != nil {
			continue
		}
		cmd := exec.CommandContext(ctx, path, argv[1:]...) // #nosec G204 -- of a fixed list
		cmd.Stdin = strings.NewReader(text)
		cmd.WaitDelay = clipboardTime
		if err = cmd.Run(); err != nil {
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				err = errors.New("no answer")
			}
			return fmt.Errorf("%s: %w", argv[0], err)
		}
		return nil
	}
	return nil
}
