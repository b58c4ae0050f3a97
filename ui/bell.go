package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"optflow/model/alert"
)

// signalled is what an alert has to tell the terminal.
type signalled alert.Signal

// tellSignals hands on what the terminal is to be given, until ctx ends. It is
// written by who writes the screen, never beside it.
func tellSignals(ctx context.Context, signals <-chan alert.Signal, send func(tea.Msg)) {
	for {
		select {
		case <-ctx.Done():
			return
		case s := <-signals:
			send(signalled(s))
		}
	}
}

// write has the terminal ring, and notify where nobody looks at it.
func (s signalled) write(blurred bool) tea.Cmd {
	text := s.Bell
	if blurred {
		text += s.Notify
	}
	if text == "" {
		return nil
	}
	return tea.Raw(text)
}

// ring names the tabs that ring to who rings.
func ring(m *Model) {
	if m.opt.Alerts != nil {
		m.opt.Alerts.Ring(m.tape.Tabs.Ringing(), m.Rules)
	}
}
