package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/ui/paint"
)

// looks are the theme chosen and what the terminal makes of it.
type looks struct {
	themes *paint.Themes
	name   string // as chosen, perhaps auto
	depth  paint.Depth
	light  bool // the terminal's own ground is light
}

func (l *looks) choose(name string) error {
	if !l.themes.Has(name) {
		return fmt.Errorf("theme %q: there are %s", name, strings.Join(l.themes.Names(), ", "))
	}
	l.name = name
	return nil
}

// theme is the one in force, ready for the terminal.
func (l *looks) theme() *paint.Theme { return l.themes.Theme(l.name, l.light, l.depth) }

// ask asks the terminal for its ground, if the theme depends on it.
func (l *looks) ask() tea.Cmd {
	if l.name != paint.Auto || l.depth == paint.NoColours {
		return nil
	}
	return tea.RequestBackgroundColor
}

// told takes the terminal's answer, and reports whether it was news.
func (l *looks) told(msg tea.BackgroundColorMsg) bool {
	if msg.Color == nil || msg.IsDark() != l.light {
		return false
	}
	l.light = !l.light
	return true
}
