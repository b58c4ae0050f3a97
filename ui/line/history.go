package line

import (
	"slices"

	"optflow/model/memory"
)

// history is what was typed before.
type history struct {
	lines []string // oldest first
	at    int      // in lines; their number is the line being typed
	typed string   // that line, while an earlier one is shown
}

// newHistory takes the newest of some earlier lines over.
func newHistory(lines []string) history {
	return history{lines: slices.Clone(lines[max(len(lines)-memory.MostLines, 0):])}
}

// Lines are what was typed before, oldest first.
func (h *history) Lines() []string { return slices.Clone(h.lines) }

// Open begins a line with a text.
func (l *Line) Open(text string) {
	l.Set(text)
	l.Settle()
	l.at, l.typed = len(l.lines), ""
}

// Remember keeps a line, once, and reports whether anything changed.
func (h *history) Remember(text string) bool {
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

// Recall puts the line before the one shown in its place, or by 1 the one after
// it.
func (l *Line) Recall(by int) {
	l.Settle()
	to := l.at + by
	if to < 0 || to > len(l.lines) {
		return
	}
	if l.at == len(l.lines) {
		l.typed = l.String()
	}
	if l.at = to; to == len(l.lines) {
		l.Set(l.typed)
		return
	}
	l.Set(l.lines[to])
}
