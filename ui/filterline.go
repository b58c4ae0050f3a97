package ui

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/model/filter"
	"optflow/ui/keys"
	"optflow/ui/line"
	"optflow/ui/paint"
)

// filterLine is the line of `/`: text that is applied while it is typed.
type filterLine struct {
	line.Line
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
	text := l.before
	if text != "" && !strings.HasSuffix(text, " ") {
		text += " " // what is typed next goes on from it
	}
	l.Open(text)
	l.wrong = nil
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
		l.Recall(-1)
	case keys.Later:
		l.Recall(1)
	case keys.Complete:
		l.Complete(1, m.complete)
	case keys.CompleteBack:
		l.Complete(-1, m.complete)
	case keys.PageUp:
		m.table.move(-m.table.height)
		return nil
	case keys.PageDown:
		m.table.move(m.table.height)
		return nil
	default:
		if l.Leaves(k) {
			m.pane = paneTape
			return m.keepFilter()
		}
		if !l.Key(k) {
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
	if m.line.Remember(text) {
		return m.keepLines()
	}
	return nil
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
	var wrong *line.Range
	if l.wrong != nil {
		wrong = &line.Range{From: l.wrong.Pos, To: l.wrong.End}
	}
	m.setCaret(3+l.Show(p, room, wrong), len(out))
	p.To(m.width - 1 - paint.Width(count))
	for _, c := range count {
		p.Put(c.Ink, c.Text)
	}
	out = append(out, p.End())
	switch {
	case l.wrong != nil:
		return append(out, p.Sentence(m.th, m.width, paint.Bad, "  "+l.wrong.Text))
	case l.Offers():
		return append(out, l.Offer(p, m.th, m.width))
	case m.inForce() != nil && m.inForce().hint() != "":
		return append(out, p.Sentence(m.th, m.width, paint.Warn, "  "+m.inForce().hint()))
	case m.inForce() != nil && m.inForce().Read() != "":
		return append(out, p.Sentence(m.th, m.width, paint.Dim, "  reads: "+m.inForce().Read()))
	}
	return append(out, m.shown.Hints(&m.pen, m.th, m.width, keys.InFilter, nil, nil))
}
