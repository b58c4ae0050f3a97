package ui

import (
	"context"
	"encoding/base64"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"optflow/model/termsafe"
	"optflow/ui/paint"
	"optflow/ui/tail"
	"optflow/ui/terminal"
)

const (
	// osc52Most is how many encoded bytes of OSC 52 terminals take for certain:
	// xterm's limit of 100,000 on the sequence, less what some of them round away.
	osc52Most = 74_994
	// screenMost is how much of a string GNU screen takes at once, in bytes
	// (MAXSTR of its screen.h since 2014).
	screenMost = 768
	// clipboardTime is how long the local clipboard's program may take.
	clipboardTime = 3 * time.Second
)

// copied is what came of asking the clipboards of this machine.
type copied struct {
	text, what string
	into       string // the one that has it, "" if there was none to ask
	err        error
}

// copy hands text to the clipboards of this machine, and to the terminal by
// OSC 52, which works even over ssh. Nobody tells what becomes of the latter.
// What is the text in short.
func (m *Model) copy(text, what string) tea.Cmd {
	what = termsafe.String(what, osc52Most)
	local := m.opt.Clipboard
	if local == nil {
		return m.copyToTerminal(text, what)
	}
	ctx := m.ctx
	ask := func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, clipboardTime)
		defer cancel()
		into, err := local(ctx, text)
		return copied{text, what, into, err}
	}
	if terminal.InTmux(m.opt.Env) { // which knows better, or ignores the sequence
		return ask
	}
	return tea.Batch(m.copyToTerminal(text, what), ask)
}

// copyToTerminal sends text by OSC 52.
func (m *Model) copyToTerminal(text, what string) tea.Cmd {
	if base64.StdEncoding.EncodedLen(len(text)) > osc52Most {
		m.notices.answer(paint.Warn, "too long for the terminal's clipboard")
		return nil
	}
	m.notices.answer(paint.Text, "sent to the terminal: "+what)
	if terminal.InScreen(m.opt.Env) {
		return tea.Raw(ansi.ScreenPassthrough(ansi.SetSystemClipboard(text), screenMost))
	}
	return tea.SetClipboard(text)
}

// onCopied says what came of asking the clipboards of this machine.
func (m *Model) onCopied(c copied) tea.Cmd {
	if m.ctx.Err() != nil {
		return nil
	}
	tmux := terminal.InTmux(m.opt.Env)
	m.dirty = true
	switch {
	case c.err == nil && c.into == "":
		if tmux {
			return m.copyToTerminal(c.text, c.what)
		}
	case c.err == nil && c.into == terminal.Tmux:
		m.notices.answer(paint.Text, "copied to tmux: "+c.what)
	case c.err == nil:
		m.notices.answer(paint.Text, "copied: "+c.what)
	default:
		var cmd tea.Cmd
		if tmux {
			cmd = m.copyToTerminal(c.text, c.what)
		}
		m.notices.answer(paint.Warn, "the local clipboard refused ("+termsafe.String(c.err.Error(), mostWidth)+"); the terminal was asked as well")
		return cmd
	}
	return nil
}

// copyContract copies the symbol of the selected row's contract.
func (m *Model) copyContract() tea.Cmd {
	row, ok := m.table.chosen()
	if !ok {
		m.notices.answer(paint.Dim, "no contract is selected")
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
		text := sim + m.zone.Clock(g.to) + " " + g.underlying + ": " + g.text(m.zone, mostWidth)
		return m.copy(text, text)
	}
	row, ok := m.table.chosen()
	if !ok {
		m.notices.answer(paint.Dim, "no row is selected")
		return nil
	}
	text := m.printing(tail.Text).Text(row.row, row.contract)
	return m.copy(text, text)
}
