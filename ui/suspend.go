package ui

import (
	"io"

	tea "charm.land/bubbletea/v2"

	"optflow/model/alert"
)

// continued says that the program was stopped by others and goes on.
type continued struct{}

// meanwhile is something that is done while the terminal is not ours.
type meanwhile func()

func (do meanwhile) Run() error {
	do()
	return nil
}

func (meanwhile) SetStdin(io.Reader)  {}
func (meanwhile) SetStdout(io.Writer) {}
func (meanwhile) SetStderr(io.Writer) {}

// putAway gives the terminal back, does something, sets the terminal up again
// and draws the screen anew.
func putAway(do func()) tea.Cmd {
	return tea.Exec(meanwhile(do), func(error) tea.Msg { return tea.ResumeMsg{} })
}

// signalled is what an alert has to tell the terminal. It is written by who writes
// the screen, never beside it.
type signalled alert.Signal

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
