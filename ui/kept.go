package ui

import (
	"optflow/ui/paint"
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

// What is kept, in words.
const (
	keptChoice  = "this"
	keptTab     = "this tab"
	keptHistory = "the history of filters"
	keptVolume  = "the volume of this session"
	keptPins    = "what is pinned"
)

// remembered is the outcome of keeping what is called what.
type remembered struct {
	what string
	err  error
}

// keep has something remembered.
func (m *Model) keep(k Kept) tea.Cmd {
	if m.opt.Remember == nil {
		return nil
	}
	remember := m.opt.Remember
	k.Tickers = slices.Clone(k.Tickers)
	return m.keeper.add(keptChoice, func() error { return remember(k) })
}

// onRemembered says what could not be kept: of what nobody asked for, once.
func (m *Model) onRemembered(msg remembered) {
	unasked := msg.what == keptHistory || msg.what == keptVolume || msg.what == keptPins
	if msg.err == nil || unasked && slices.Contains(m.lost, msg.what) {
		return
	}
	m.lost = append(m.lost, msg.what)
	m.dirty = true
	m.notices.say(paint.Warn, msg.what+" is not kept for the next run: "+msg.err.Error())
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
