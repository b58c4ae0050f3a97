package ui

import (
	"errors"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/model/filter"
)

// historyMost is how many earlier filters are kept.
const historyMost = 100

// filterLine is the line of `/`: text that is applied while it is typed.
type filterLine struct {
	editor
	before  string        // what esc goes back to
	history []string      // oldest first
	at      int           // in history; len is the line being typed
	typed   string        // that line, while an earlier one is shown
	wrong   *filter.Error // what is wrong with the text, nil if it was taken

	candidates []string // of the completion under way
	stem       string   // text before the completed word
	chosen     int
}

// filterText is the filter in force, as typed.
func (m *Model) filterText() string {
	if m.filter == nil {
		return ""
	}
	return m.filter.text
}

// setFilter puts a filter in force that is known to be one, or clears it.
func (m *Model) setFilter(text string) {
	f, err := m.parse(text)
	if err != nil {
		m.notices.say(inkBad, err.Error())
		return
	}
	m.useFilter(f)
}

// useFilter reads the list anew through a filter.
func (m *Model) useFilter(f *parsed) {
	m.filter = f
	m.list.now = m.opt.Clock.Now()
	m.list.filter = nil
	if f != nil {
		m.list.filter = f.Filter
	}
	m.reselect()
}

// openFilter begins to edit the filter.
func (m *Model) openFilter() {
	m.pane = paneFilter
	l := &m.line
	l.before = m.filterText()
	l.set(l.before)
	if l.before != "" && !strings.HasSuffix(l.before, " ") {
		l.insert(" ") // what is typed next goes on from it
	}
	l.at, l.wrong, l.candidates = len(l.history), nil, nil
}

// filterKey edits the filter and applies it.
func (m *Model) filterKey(k tea.KeyPressMsg) {
	l := &m.line
	switch k.String() {
	case "esc":
		m.pane = paneTape
		if m.filterText() != l.before {
			m.setFilter(l.before)
		}
		return
	case "enter":
		if l.wrong != nil {
			return // the sentence below says what to put right
		}
		m.pane = paneTape
		l.remember(strings.TrimSpace(l.String()))
		return
	case "up":
		l.recall(-1)
	case "down":
		l.recall(1)
	case "tab":
		m.completeNext(1)
	case "shift+tab":
		m.completeNext(-1)
	case "pgup":
		m.table.move(-m.table.height)
		return
	case "pgdown":
		m.table.move(m.table.height)
		return
	default:
		l.candidates = nil
		if k.String() == "backspace" && len(l.text) == 0 {
			m.pane = paneTape
			return
		}
		if !l.key(k) {
			return
		}
	}
	m.tryFilter()
}

// tryFilter applies what the line says, if it says anything. While it is wrong
// the last good filter stays.
func (m *Model) tryFilter() {
	text := m.line.String()
	f, err := m.parse(text)
	m.line.wrong = nil
	if err != nil {
		w := &filter.Error{End: len(text), Text: err.Error()}
		errors.As(err, &w)
		m.line.wrong = w
		return
	}
	if f == nil && m.filter == nil || f != nil && f.text == m.filterText() {
		return
	}
	m.useFilter(f)
}

// remember keeps a filter for ↑.
func (l *filterLine) remember(text string) {
	if text == "" {
		return
	}
	l.history = slices.DeleteFunc(l.history, func(s string) bool { return s == text })
	l.history = append(l.history, text)
	if len(l.history) > historyMost {
		l.history = l.history[1:]
	}
}

// recall shows an earlier filter, or a later one.
func (l *filterLine) recall(by int) {
	to := l.at + by
	if to < 0 || to > len(l.history) {
		return
	}
	if l.at == len(l.history) {
		l.typed = l.String()
	}
	l.at, l.candidates = to, nil
	if to == len(l.history) {
		l.set(l.typed)
		return
	}
	l.set(l.history[to])
}

// completeNext completes the word before the cursor, then goes round.
func (m *Model) completeNext(by int) {
	l := &m.line
	if l.candidates == nil {
		text := string(l.text[:l.pos])
		candidates, from := m.complete(text)
		if len(candidates) == 0 {
			return
		}
		l.candidates, l.stem, l.chosen = candidates, text[:from], -1
		if by < 0 {
			l.chosen = 0
		}
	}
	l.chosen = (l.chosen + by + len(l.candidates)) % len(l.candidates)
	rest := string(l.text[l.pos:])
	l.set(l.stem + l.candidates[l.chosen])
	at := l.pos
	l.set(l.String() + rest)
	l.pos = at
}

// filterFoot writes the line being edited with the count of matching rows, and
// below it what is wrong, how it was read, or the keys.
func (m *Model) filterFoot(out []string) []string {
	p, l := &m.pen, &m.line
	count := m.matching()
	p.line(m.th, groundPlain, m.width)
	p.space(1)
	p.put(inkAccent, "/ ")
	room := m.width - 3 - width(count) - 3
	skip := m.typedText(p, room)
	m.setCaret(3+cells(string(l.text[skip:l.pos])), len(out))
	p.to(m.width - 1 - width(count))
	for _, c := range count {
		p.put(c.ink, c.text)
	}
	out = append(out, p.end())
	switch {
	case l.wrong != nil:
		return append(out, sentence(p, m.th, m.width, inkBad, "  "+l.wrong.Text))
	case len(l.candidates) > 1:
		return append(out, m.candidateLine())
	case m.filter != nil && m.filter.hint() != "":
		return append(out, sentence(p, m.th, m.width, inkWarn, "  "+m.filter.hint()))
	case m.filter != nil && m.filter.Read() != "":
		return append(out, sentence(p, m.th, m.width, inkDim, "  reads: "+m.filter.Read()))
	}
	return append(out, hints(p, m.th, m.width, WhereFilter, nil, nil))
}

// typedText writes the text with the wrong part underlined, scrolled so that
// the cursor is in; it returns how many runes are scrolled out.
func (m *Model) typedText(p *pen, room int) (skip int) {
	l := &m.line
	for cells(string(l.text[skip:l.pos])) >= room {
		skip++
	}
	from, to := len(l.text), len(l.text)
	if w := l.wrong; w != nil {
		text := l.String()
		from = len([]rune(text[:min(max(w.Pos, 0), len(text))]))
		to = len([]rune(text[:min(max(w.End, w.Pos, 0), len(text))]))
	}
	used := 0
	for i, r := range l.text[skip:] {
		ink := inkText
		if at := i + skip; at >= from && at < to {
			ink = inkWrong
		}
		s := string(r)
		if used += cells(s); used > room {
			break
		}
		p.put(ink, s)
	}
	if l.wrong != nil && from == to && used < room { // something is missing at the end
		p.put(inkWrong, " ")
	}
	return skip
}

// candidateLine offers the words that would complete the one begun.
func (m *Model) candidateLine() string {
	p, l := &m.pen, &m.line
	p.line(m.th, groundPlain, m.width)
	p.space(3)
	for i, c := range l.candidates {
		if cells(c)+2 > p.left() {
			break
		}
		ink := inkDim
		if i == l.chosen {
			ink = inkCursor
		}
		p.put(ink, c)
		p.space(2)
	}
	return p.end()
}
