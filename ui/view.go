package ui

import (
	"fmt"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/table"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// View is the screen: exactly width x height cells. It is built anew only if
// something changed since the last time.
func (m *Model) View() tea.View {
	if m.dirty {
		m.dirty = false
		m.build()
	}
	v := tea.NewView(m.frame)
	v.AltScreen, v.ReportFocus = true, true
	if !m.opt.NoMouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	v.Cursor = m.caret
	return v
}

// build draws the frame.
func (m *Model) build() {
	m.frame, m.caret = "", nil
	if m.width <= 0 || m.height <= 0 {
		return
	}
	if m.width < leastWidth || m.height < leastHeight {
		m.lines = tooSmall(m.scene, m.lines[:0])
	} else {
		m.lines = m.compose(m.lines[:0])
	}
	m.frame = strings.Join(m.lines, "\n")
	if m.opt.ASCII {
		m.frame = paint.ASCII(m.frame)
	}
}

// tooSmall is a window with one sentence in its middle.
func tooSmall(s *scene, out []string) []string {
	text := fmt.Sprintf("%dx%d is too small; optflow needs %dx%d", s.width, s.height, leastWidth, leastHeight)
	for i := range s.height {
		s.pen.Line(s.th, paint.OnPlain, s.width)
		if i == (s.height-1)/2 {
			s.pen.Space((s.width - paint.Cells(text)) / 2)
			s.pen.Put(paint.Text, text)
		}
		out = append(out, s.pen.End())
	}
	return out
}

// compose draws all the lines.
func (m *Model) compose(out []string) []string {
	s := &m.status
	s.st, s.now, s.wall, s.beat, s.zone = m.st, m.now, m.wall(), m.beat, m.zone
	out = append(out, s.render(&m.pen, m.th, m.width))
	if coverOf(m.pane) == coverWhole {
		foot, _ := m.pane.size()
		for range m.height - 1 - foot {
			out = append(out, "")
		}
		m.pane.draw(out[1:], 1)
		return m.foot(out)
	}
	out = m.body(out)
	if m.pane != nil {
		m.pane.draw(out[table.FirstRow:], table.FirstRow)
	}
	t := &m.totals
	t.rows, t.zone, t.first = m.page.moment().totals, m.zone, ""
	if table := m.tape.table; !table.following {
		t.first = table.underlying()
	}
	out = t.render(&m.pen, m.th, m.width, totalsHeight(m.height, len(t.rows)), out)
	return m.foot(out)
}

// body draws the page and the details.
func (m *Model) body(out []string) []string {
	h := m.bodyHeight()
	lines := m.details.lines(h)
	if m.details.open && m.details.large {
		return m.details.render(h+2, out)
	}
	out = m.page.draw(out)
	if m.details.open {
		out = m.details.render(lines, out)
	}
	return out
}

// foot is the last line or two: the pane's, a notice, or the keys.
func (m *Model) foot(out []string) []string {
	if m.pane != nil {
		out = m.pane.foot(out)
		if x, y, shown := m.pane.caret(); shown {
			m.caret = tea.NewCursor(min(x, m.width-1), y)
			m.caret.Shape = tea.CursorBar
		}
		return out
	}
	badge := m.page.badge()
	if n := m.notices.shown(m.wall()); n != nil {
		return append(out, n.line(&m.pen, m.th, m.width, badge))
	}
	var useless map[keys.Action]bool // keys that would do nothing now
	if m.page.filter().filter == nil {
		useless = noClear
	}
	return append(out, m.shown.Hints(&m.pen, m.th, m.width, keys.InTape, useless, badge))
}

var noClear = map[keys.Action]bool{keys.Clear: true}
