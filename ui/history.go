package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"optflow/model/memory"
)

// history is what ↑ and ↓ bring back to a line.
type history struct {
	lines []string // oldest first
	at    int      // in lines; their number is the line being typed
	typed string   // that line, while an earlier one is shown
}

// newHistory takes the newest of some earlier lines over.
func newHistory(lines []string) history {
	return history{lines: slices.Clone(lines[max(len(lines)-memory.MostLines, 0):])}
}

// begin is for a line that is opened.
func (h *history) begin() { h.at, h.typed = len(h.lines), "" }

// remember keeps a line, once, and reports whether anything changed.
func (h *history) remember(text string) bool {
	if n := len(h.lines); text == "" || n > 0 && h.lines[n-1] == text {
		return false
	}
	h.lines = slices.DeleteFunc(h.lines, func(s string) bool { return s == text })
	h.lines = append(h.lines, text)
	if len(h.lines) > memory.MostLines {
		h.lines = slices.Delete(h.lines, 0, len(h.lines)-memory.MostLines)
	}
	return true
}

// recall puts an earlier line into the editor, or a later one.
func (h *history) recall(by int, e *editor) {
	to := h.at + by
	if to < 0 || to > len(h.lines) {
		return
	}
	if h.at == len(h.lines) {
		h.typed = e.String()
	}
	if h.at = to; to == len(h.lines) {
		e.set(h.typed)
		return
	}
	e.set(h.lines[to])
}

// keepLines has the lines typed kept.
func (m *Model) keepLines() tea.Cmd {
	return m.keep(memory.Lines{Filters: slices.Clone(m.line.past.lines), Commands: slices.Clone(m.command.past.lines)})
}
