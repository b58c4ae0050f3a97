package line

import (
	"slices"
	"strings"

	"optflow/model/memory"
)

// history is what was typed before.
type history struct {
	lines []string // oldest first
	at    int      // in lines; their number is the line being typed
	typed string   // that line, while an earlier one is shown

	opened string // the text as the line was opened
	wanted string // what earlier lines are to have in them
	search search
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
	l.at, l.typed, l.opened, l.search = len(l.lines), "", l.text, search{}
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
// it: of those that have what was typed in them. It reports whether there was one.
func (l *Line) Recall(by int) bool {
	l.Settle()
	if l.search.on {
		l.search.failed = !l.step(by)
		return true
	}
	if l.at == len(l.lines) || l.text != l.lines[l.at] { // typed, or changed since
		l.at, l.typed, l.wanted = len(l.lines), l.text, ""
		if l.text != l.opened {
			l.wanted = l.text
		}
	}
	if l.step(by) {
		return true
	}
	if by > 0 {
		l.at = len(l.lines)
		l.Set(l.typed)
	}
	return by > 0
}

// step shows the next line that has what is wanted in it, if there is one.
func (l *Line) step(by int) bool {
	wanted := strings.ToLower(strings.TrimSpace(l.wanted))
	for to := l.at + by; to >= 0 && to < len(l.lines); to += by {
		if text := l.lines[to]; strings.Contains(strings.ToLower(text), wanted) && text != l.typed {
			l.at = to
			l.Set(text)
			return true
		}
	}
	return false
}
