package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/model/memory"
	"optflow/ui/paint"
)

// Memory is where a screen finds what earlier runs left, and leaves what the
// next is to find.
type Memory interface {
	// Recall is what earlier runs left. What cannot be read is left out, with an
	// error each.
	Recall() (memory.Remembered, []error)
	// Keep has something remembered. It is called from goroutines of its own, one
	// at a time.
	Keep(memory.Item) error
}

// keptWords say what is kept.
func keptWords(item memory.Item) string {
	switch item.(type) {
	case memory.Tabs:
		return "this tab"
	case memory.Lines:
		return "the history of filters"
	case memory.Volumes:
		return "the volume of this session"
	case memory.Pins:
		return "what is pinned"
	}
	return "this"
}

// remembered is the outcome of keeping something.
type remembered struct {
	item memory.Item
	err  error
}

// keep has something remembered. It must not change afterwards.
func (m *Model) keep(item memory.Item) tea.Cmd {
	store := m.opt.Memory
	if store == nil {
		return nil
	}
	return m.keeper.add(func() tea.Msg { return remembered{item, store.Keep(item)} })
}

// onRemembered says what could not be kept: of what nobody asked for, once.
func (m *Model) onRemembered(msg remembered) {
	if msg.err == nil {
		return
	}
	what, unasked := keptWords(msg.item), false
	switch msg.item.(type) {
	case memory.Lines, memory.Volumes, memory.Pins:
		unasked = true
	}
	if unasked && slices.Contains(m.lost, what) {
		return
	}
	m.lost = append(m.lost, what)
	m.dirty = true
	m.notices.say(paint.Warn, what+" is not kept for the next run: "+msg.err.Error())
}

// sortText is how the tape is sorted, for memory.Choices.
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
func (m *Model) atEnd() memory.Choices {
	var k memory.Choices
	if sort := m.sortText(); sort != m.began.Sort {
		k.Sort = sort
	}
	if view := m.viewText(); view != m.began.View {
		k.View = view
	}
	return k
}

// keepLines has the lines typed kept.
func (m *Model) keepLines() tea.Cmd {
	return m.keep(memory.Lines{Filters: m.line.Lines(), Commands: m.command.Lines()})
}
