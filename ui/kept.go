package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Kept is what the next run goes on from. What is empty is not spoken of: what
// was kept of it before stays.
type Kept struct {
	Tickers []string
	Theme   string
	View    string
	Sort    string // a column, with - before it when reversed
	Tab     string
}

// remembered is the outcome of keeping something.
type remembered struct{ err error }

// keep has something remembered, outside of Update.
func (m *Model) keep(k Kept) tea.Cmd {
	if m.opt.Remember == nil {
		return nil
	}
	remember := m.opt.Remember
	k.Tickers = slices.Clone(k.Tickers)
	return func() tea.Msg { return remembered{remember(k)} }
}

// sortText is how the tape is sorted, for Kept.
func (m *Model) sortText() string {
	text := columnTable[m.list.sort].name
	if m.list.reversed {
		text = "-" + text
	}
	return text
}

// restoreSort sorts as a text of sortText says; one that nobody wrote is no error.
func (m *Model) restoreSort(text string) {
	name, reversed := strings.CutPrefix(text, "-")
	for id := range columnCount {
		if columnTable[id].name == name {
			m.list.sort, m.list.reversed = id, reversed
			m.table.following = m.list.followsNewest()
		}
	}
}

// atEnd is what is kept when the screen is left. It is told apart from what the
// run began with, so that a run that changed nothing keeps nothing.
func (m *Model) atEnd() Kept {
	var k Kept
	if sort := m.sortText(); sort != m.began.Sort {
		k.Sort = sort
	}
	if view := m.viewText(); view != m.began.View {
		k.View = view
	}
	return k
}
