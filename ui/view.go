package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/ui/keys"
	"optflow/ui/page"
	"optflow/ui/paint"
	"optflow/ui/pane"
	"optflow/ui/scene"
	"optflow/ui/table"
	"optflow/ui/totals"
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

func (m *Model) build() {
	m.frame, m.caret = "", nil
	if m.Width <= 0 || m.Height <= 0 {
		return
	}
	if m.Width < LeastWidth || m.Height < LeastHeight {
		m.lines = tooSmall(m.Scene, m.lines[:0])
	} else {
		m.lines = m.compose(m.lines[:0])
		if m.calm.on {
			m.lines = m.calm.pace(m.lines, m.Wall(), m.Now/int64(model.Minute), fills(m))
			m.caret = m.calm.caret(m.caret, m.lines)
		}
	}
	m.frame = strings.Join(m.lines, "\n")
	if m.opt.ASCII {
		m.frame = paint.ASCII(m.frame)
	}
}

// tooSmall is a window with one sentence in its middle.
func tooSmall(s *scene.Scene, out []string) []string {
	text := fmt.Sprintf("%dx%d is too small; optflow needs %dx%d", s.Width, s.Height, LeastWidth, LeastHeight)
	for i := range s.Height {
		s.Pen.Line(s.Theme, paint.OnPlain, s.Width)
		if i == (s.Height-1)/2 {
			s.Pen.Space((s.Width - paint.Cells(text)) / 2)
			s.Pen.Put(paint.Text, text)
		}
		out = append(out, s.Pen.End())
	}
	return out
}

func (m *Model) compose(out []string) []string {
	s := &m.status
	s.st, s.now, s.wall, s.beat, s.zone, s.alerts, s.poll = m.State, m.Now, m.Wall(), m.beat, m.Zone, m.Alerts.New, m.Key(keys.Poll)
	s.calm = m.calm.on
	if s.playing = nil; m.replay.player != nil {
		s.playing = &m.replay.now
	}
	s.viewer, s.viewerBrief = m.opt.Viewer.badge()
	out = append(out, s.render(&m.Pen, m.Theme, m.Width))
	if pane.CoverOf(m.pane) == pane.CoverWhole {
		foot, _ := m.pane.Size()
		for range m.Height - 1 - foot {
			out = append(out, "")
		}
		m.pane.Draw(out[1:], 1)
		return m.foot(out)
	}
	out = m.body(out)
	if m.pane != nil {
		m.pane.Draw(out[table.FirstRow:], table.FirstRow)
	}
	out = m.away.Draw(out)
	t := &m.totals
	t.Rows, t.Zone, t.First = m.page.Moment().Totals, m.Zone, ""
	t.More = m.Shown.Key(keys.View)
	if table := m.tape.Table; !table.Following {
		t.First = table.Underlying()
	}
	out = t.Render(&m.Pen, m.Theme, m.Width, totals.Lines(m.Height, len(t.Rows)), out)
	return m.foot(out)
}

func (m *Model) body(out []string) []string {
	h := m.bodyHeight()
	lines := m.details.Lines(h)
	if m.details.Open && m.details.Large {
		m.calm.slots = nil
		return m.details.Render(h+2, out)
	}
	out = m.page.Draw(out)
	if from := table.FirstRow + m.tape.Pins.Lines(); m.page == page.Page(m.tape) {
		m.calm.place(out[from:], from, m.tape.Table.Visible)
	} else {
		m.calm.slots = nil
	}
	if m.details.Open {
		out = m.details.Render(lines, out)
	}
	return out
}

// foot is the last line or two: the pane's, a notice, or the keys.
func (m *Model) foot(out []string) []string {
	if m.pane != nil {
		out = m.pane.Foot(out)
		if x, y, shown := m.pane.Caret(); shown {
			m.caret = tea.NewCursor(min(x, m.Width-1), y)
			m.caret.Shape = tea.CursorBar
		}
		return out
	}
	badge := m.page.Badge()
	if n := m.notices.shown(m.Wall()); n != nil {
		return append(out, n.line(&m.Pen, m.Theme, m.Width, badge))
	}
	if b, is := m.page.(page.Beside); is {
		return append(out, b.Foot())
	}
	return append(out, m.Shown.Hints(&m.Pen, m.Theme, m.Width, keys.InTape, useless(m.page), badge))
}

// useless are the keys that would do nothing now.
func useless(p page.Page) map[keys.Action]bool {
	if p.Filter().Filter == nil {
		return noClear
	}
	return nil
}

var noClear = map[keys.Action]bool{keys.Clear: true}
