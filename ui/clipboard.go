package ui

import (
	"context"
	"encoding/base64"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"optflow/model/termsafe"
	"optflow/ui/act"
	"optflow/ui/paint"
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

// clipboards are that of this machine and the terminal's.
type clipboards struct {
	ctx   context.Context
	local func(ctx context.Context, text string) (into string, err error) // nil where there is none
	env   []string                                                        // of the terminal
}

// copied is what came of asking the clipboards of this machine.
type copied struct {
	text, what string
	into       string // the one that has it, "" if there was none to ask
	err        error
}

// copy hands text to the clipboards of this machine, and to the terminal by
// OSC 52, which works even over ssh. Nobody tells what becomes of the latter.
// What is the text in short.
func (x *clipboards) copy(text, what string) (tea.Cmd, []act.Effect) {
	what = termsafe.String(what, osc52Most)
	if x.local == nil {
		return x.toTerminal(text, what)
	}
	ctx, local := x.ctx, x.local
	ask := func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, clipboardTime)
		defer cancel()
		into, err := local(ctx, text)
		return copied{text, what, into, err}
	}
	if terminal.InTmux(x.env) { // which knows better, or ignores the sequence
		return ask, nil
	}
	send, said := x.toTerminal(text, what)
	return tea.Batch(send, ask), said
}

// toTerminal sends text by OSC 52.
func (x *clipboards) toTerminal(text, what string) (tea.Cmd, []act.Effect) {
	if base64.StdEncoding.EncodedLen(len(text)) > osc52Most {
		return nil, act.Tell(paint.Warn, "too long for the terminal's clipboard")
	}
	said := act.Tell(paint.Text, "sent to the terminal: "+what)
	if terminal.InScreen(x.env) {
		return tea.Raw(ansi.ScreenPassthrough(ansi.SetSystemClipboard(text), screenMost)), said
	}
	return tea.SetClipboard(text), said
}

// came says what came of asking the clipboards of this machine.
func (x *clipboards) came(c copied) (tea.Cmd, []act.Effect) {
	if x.ctx.Err() != nil {
		return nil, nil
	}
	tmux := terminal.InTmux(x.env)
	switch {
	case c.err == nil && c.into == "":
		if tmux {
			return x.toTerminal(c.text, c.what)
		}
		return nil, nil
	case c.err == nil && c.into == terminal.Tmux:
		return nil, act.Tell(paint.Text, "copied to tmux: "+c.what)
	case c.err == nil:
		return nil, act.Tell(paint.Text, "copied: "+c.what)
	}
	var cmd tea.Cmd
	var said []act.Effect
	if tmux {
		cmd, said = x.toTerminal(c.text, c.what)
	}
	return cmd, append(said, act.Answer{Ink: paint.Warn, Text: "the local clipboard refused (" + termsafe.String(c.err.Error(), mostWidth) + "); the terminal was asked as well"})
}
