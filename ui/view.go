package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/paint"
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
		m.lines = m.tooSmall(m.lines[:0])
	} else {
		m.lines = m.compose(m.lines[:0])
	}
	m.frame = strings.Join(m.lines, "\n")
	if m.opt.ASCII {
		m.frame = paint.ASCII(m.frame)
	}
}

// tooSmall is a window with one sentence in its middle.
func (m *Model) tooSmall(out []string) []string {
	text := fmt.Sprintf("%dx%d is too small; optflow needs %dx%d", m.width, m.height, leastWidth, leastHeight)
	for i := range m.height {
		m.pen.Line(m.th, paint.OnPlain, m.width)
		if i == (m.height-1)/2 {
			m.pen.Space((m.width - paint.Cells(text)) / 2)
			m.pen.Put(paint.Text, text)
		}
		out = append(out, m.pen.End())
	}
	return out
}

// compose draws all the lines.
func (m *Model) compose(out []string) []string {
	s := &m.status
	s.st, s.now, s.wall, s.beat, s.zone = m.st, m.now, m.wall(), m.beat, m.zone
	out = append(out, s.render(&m.pen, m.th, m.width))
	if m.pane == paneHelp {
		out = m.help.render(&m.pen, m.th, m.width, m.height-2, m.st.Plan, out)
		return append(out, m.shown.Hints(&m.pen, m.th, m.width, keys.InHelp, nil, nil))
	}
	if m.pane == paneMessages {
		out = m.messagesBody(out)
		return append(out, m.shown.Hints(&m.pen, m.th, m.width, keys.InMessages, nil, nil))
	}
	out, from := m.body(out)
	if m.pane == panePicker {
		x, y := m.picker.render(&m.pen, m.th, m.width, out[from:])
		m.setCaret(x, from+y)
	}
	t := &m.totals
	t.rows, t.zone, t.first = m.totalsShown(), m.zone, ""
	if !m.table.following {
		t.first = m.table.underlying()
	}
	out = t.render(&m.pen, m.th, m.width, totalsHeight(m.height, len(t.rows)), out)
	return m.foot(out)
}

// body draws the title, the rows of the view shown and the details. It returns
// where the rows begin.
func (m *Model) body(out []string) (_ []string, rows int) {
	rows = len(out) + 2
	h := m.bodyHeight()
	pane := m.detailsHeight(h)
	switch {
	case m.details.open && m.details.large:
		return m.detailsPane(h+2, out), rows
	case m.views.at != viewTape:
		out = m.viewBody(out)
	default:
		if m.heading == "" {
			m.heading = m.title()
		}
		out = append(out, m.heading)
		out = append(out, m.table.header(&m.pen, m.th, m.width))
		out = m.pinned(out)
		out = m.table.render(&m.pen, m.th, m.width, out)
		if m.list.ord.len() == 0 {
			m.sayEmpty(out[rows+m.pins.height():], m.whyEmpty)
		}
	}
	if m.details.open {
		out = m.detailsPane(pane, out)
	}
	return out, rows
}

func (m *Model) setCaret(x, y int) {
	m.caret = tea.NewCursor(min(x, m.width-1), y)
	m.caret.Shape = tea.CursorBar
}

// sorting says in what order the rows stand.
func (m *Model) sorting() string {
	col := &columnTable[m.list.sort]
	down := col.falls != m.list.reversed
	if m.list.sort == colTime {
		if down {
			return "newest first"
		}
		return "oldest first"
	}
	return sortText(col.name, down)
}

// matching is the count of rows that the filter takes.
func (m *Model) matching() []paint.Piece {
	if m.views.at != viewTape {
		return m.viewMatching()
	}
	shown := m.list.ord.len() - len(m.list.gapLines)
	out := []paint.Piece{paint.Strong.Piece(format.Count(int64(shown))), paint.Dim.Piece(" of " + format.Count(int64(m.list.over)))}
	if m.list.lack > 0 {
		what := "unknown"
		if m.list.lacks != 0 {
			what = "lack " + m.list.lacks.String()
		}
		out = append(out, paint.Warn.Piece(fmt.Sprintf(" (%s %s)", format.Count(int64(m.list.lack)), what)))
	}
	return out
}

// foot is the last line or two: a line being edited, a notice, or the keys.
func (m *Model) foot(out []string) []string {
	switch m.pane {
	case paneFilter:
		return m.filterFoot(out)
	case paneFind:
		return m.findFoot(out)
	case paneCommand:
		return m.commandFoot(out)
	case panePicker:
		return append(out, m.shown.Hints(&m.pen, m.th, m.width, keys.InPicker, nil, nil))
	}
	badge := m.badge()
	if n := m.notices.shown(m.wall()); n != nil {
		return append(out, m.sayLine(n, badge))
	}
	return append(out, m.shown.Hints(&m.pen, m.th, m.width, keys.InTape, m.useless(), badge))
}

// sayLine is a notice with the badge.
func (m *Model) sayLine(n *notice, badge []paint.Piece) string {
	p := &m.pen
	p.Line(m.th, paint.OnPlain, m.width)
	p.Space(1)
	p.Put(n.ink, n.in(m.width-4-paint.Width(badge)))
	if w := paint.Width(badge); w > 0 {
		p.To(m.width - 1 - w)
		for _, b := range badge {
			p.Put(b.Ink, b.Text)
		}
	}
	return p.End()
}

// useless are keys that would do nothing now.
func (m *Model) useless() map[keys.Action]bool {
	if m.inForce() == nil {
		return noClear
	}
	return nil
}

var noClear = map[keys.Action]bool{keys.Clear: true}

// badge says that the tape stands still and what came in meanwhile.
func (m *Model) badge() []paint.Piece {
	t := m.table
	switch {
	case m.views.at != viewTape:
		return nil
	case t.following:
		return nil
	case t.frozen && t.added > 0:
		return []paint.Piece{paint.Strong.Piece(format.Count(int64(t.added)) + " new"), paint.Accent.Piece(" " + m.keys.Key(keys.Freeze))}
	case t.frozen:
		return []paint.Piece{paint.Dim.Piece("frozen"), paint.Accent.Piece(" " + m.keys.Key(keys.Freeze))}
	case t.added > 0:
		return []paint.Piece{paint.Strong.Piece(format.Count(int64(t.added)) + " new"), paint.Accent.Piece(" ↑ " + m.keys.Key(keys.Newest))}
	case m.list.followsNewest():
		return []paint.Piece{paint.Dim.Piece("holding"), paint.Accent.Piece(" ↑ " + m.keys.Key(keys.Newest))}
	}
	return nil
}
