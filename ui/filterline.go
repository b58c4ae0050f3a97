package ui

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/model/filter"
	"optflow/ui/keys"
	"optflow/ui/paint"
)

// filterLine is the line of `/`: text that is applied while it is typed.
type filterLine struct {
	editor
	completion
	past   history
	before string        // what esc goes back to
	wrong  *filter.Error // what is wrong with the text, nil if it was taken
}

// filterText is the filter in force, as typed.
func (m *Model) filterText() string {
	if f := m.inForce(); f != nil {
		return f.text
	}
	return ""
}

// setFilter puts a filter in force, or clears it, so that u brings back the one
// before. It reports whether the text could be read.
func (m *Model) setFilter(text string) bool {
	f, err := m.parseHere(text)
	if err != nil {
		m.notices.say(paint.Bad, err.Error())
		return false
	}
	if before := m.filterText(); f == nil && before != "" || f != nil && f.text != before {
		m.undo.note(before)
		m.useFilter(f)
	}
	return true
}

// useFilter reads the list anew through a filter.
func (m *Model) useFilter(f *parsed) {
	if v := &m.views; v.at != viewTape {
		v.filters[v.at] = f
		m.loadView()
		return
	}
	m.filter = f
	m.list.now = m.opt.Clock.Now()
	m.list.take(m.taken())
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
	l.past.begin()
	l.wrong, l.candidates = nil, nil
}

// filterKey edits the filter and applies it.
func (m *Model) filterKey(a keys.Action, k tea.KeyPressMsg) tea.Cmd {
	l := &m.line
	switch a {
	case keys.Leave:
		m.pane = paneTape
		if f, err := m.parse(l.before); err == nil && m.filterText() != l.before {
			m.useFilter(f)
		}
		return nil
	case keys.Accept:
		if l.wrong != nil {
			return nil // the sentence below says what to put right
		}
		m.pane = paneTape
		return m.keepFilter()
	case keys.Earlier:
		l.earlier(-1)
	case keys.Later:
		l.earlier(1)
	case keys.Complete:
		l.next(&l.editor, 1, m.complete)
	case keys.CompleteBack:
		l.next(&l.editor, -1, m.complete)
	case keys.PageUp:
		m.table.move(-m.table.height)
		return nil
	case keys.PageDown:
		m.table.move(m.table.height)
		return nil
	default:
		l.stop()
		if k.String() == "backspace" && len(l.text) == 0 {
			m.pane = paneTape
			return m.keepFilter()
		}
		if !l.key(k) {
			return nil
		}
	}
	m.tryFilter()
	return nil
}

// keepFilter ends the editing of the filter: it stays as it is.
func (m *Model) keepFilter() tea.Cmd {
	text := m.filterText()
	if text != m.line.before {
		m.undo.note(m.line.before)
	}
	if m.line.past.remember(text) {
		return m.keepLines()
	}
	return nil
}

// earlier shows an earlier filter, or a later one.
func (l *filterLine) earlier(by int) {
	l.stop()
	l.past.recall(by, &l.editor)
}

// tryFilter applies what the line says, if it says anything. While it is wrong
// the last good filter stays.
func (m *Model) tryFilter() {
	text := m.line.String()
	f, err := m.parseHere(text)
	m.line.wrong = nil
	if err != nil {
		w := &filter.Error{End: len(text), Text: err.Error()}
		errors.As(err, &w)
		m.line.wrong = w
		return
	}
	if f == nil && m.inForce() == nil || f != nil && f.text == m.filterText() {
		return
	}
	m.useFilter(f)
}

// filterFoot writes the line being edited with the count of matching rows, and
// below it what is wrong, how it was read, or the keys.
func (m *Model) filterFoot(out []string) []string {
	p, l := &m.pen, &m.line
	count := m.matching()
	p.Line(m.th, paint.OnPlain, m.width)
	p.Space(1)
	p.Put(paint.Accent, "/ ")
	room := m.width - 3 - paint.Width(count) - 3
	skip := m.typedText(p, room)
	m.setCaret(3+paint.Cells(string(l.text[skip:l.pos])), len(out))
	p.To(m.width - 1 - paint.Width(count))
	for _, c := range count {
		p.Put(c.Ink, c.Text)
	}
	out = append(out, p.End())
	switch {
	case l.wrong != nil:
		return append(out, p.Sentence(m.th, m.width, paint.Bad, "  "+l.wrong.Text))
	case len(l.candidates) > 1:
		return append(out, l.render(p, m.th, m.width))
	case m.inForce() != nil && m.inForce().hint() != "":
		return append(out, p.Sentence(m.th, m.width, paint.Warn, "  "+m.inForce().hint()))
	case m.inForce() != nil && m.inForce().Read() != "":
		return append(out, p.Sentence(m.th, m.width, paint.Dim, "  reads: "+m.inForce().Read()))
	}
	return append(out, m.shown.Hints(&m.pen, m.th, m.width, keys.InFilter, nil, nil))
}

// typedText writes the text with the wrong part underlined, scrolled so that
// the cursor is in; it returns how many runes are scrolled out.
func (m *Model) typedText(p *paint.Pen, room int) (skip int) {
	l := &m.line
	for paint.Cells(string(l.text[skip:l.pos])) >= room {
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
		ink := paint.Text
		if at := i + skip; at >= from && at < to {
			ink = paint.Wrong
		}
		s := string(r)
		if used += paint.Cells(s); used > room {
			break
		}
		p.Put(ink, s)
	}
	if l.wrong != nil && from == to && used < room { // something is missing at the end
		p.Put(paint.Wrong, " ")
	}
	return skip
}
