package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/ui/paint"
)

// The terminal's ground is asked for with the first frame and never waited for:
// until an answer comes, COLORFGBG counts, and without that it is dark.

// askGround asks the terminal for its ground, if the theme depends on it.
func (m *Model) askGround() tea.Cmd {
	if m.themeName != paint.Auto || m.depth == paint.NoColours {
		return nil
	}
	return tea.RequestBackgroundColor
}

// onGround takes the terminal's answer.
func (m *Model) onGround(msg tea.BackgroundColorMsg) {
	if msg.Color == nil {
		return
	}
	if light := !msg.IsDark(); light != m.lightGround {
		m.lightGround = light
		m.paint()
	}
}

// setTheme changes the colours of the screen.
func (m *Model) setTheme(name string) error {
	if !m.opt.Themes.Has(name) {
		return fmt.Errorf("theme %q: there are %s", name, strings.Join(m.opt.Themes.Names(), ", "))
	}
	m.themeName = name
	m.paint()
	return nil
}

// paint derives the colours of the theme that is in force.
func (m *Model) paint() {
	m.th = m.opt.Themes.Theme(m.themeName, m.lightGround, m.depth)
	m.table.restyle()
	m.details.stale = true
	m.dirty = true
}
