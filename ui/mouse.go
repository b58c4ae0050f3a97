package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/page"
	"optflow/ui/paint"
	"optflow/ui/pane"
	"optflow/ui/table"
	"optflow/ui/totals"
)

const (
	// wheelRows is how many rows one notch of the wheel scrolls.
	wheelRows = 3
	// doubleTime is how soon a second click on a row opens it, as most systems have
	// it.
	doubleTime = 500 * time.Millisecond
)

// clicked is the row that was clicked last, and when.
type clicked struct {
	at       time.Time
	y        int
	handle   uint32
	contract *model.Contract
	ticker   string
}

// again notes a click on a row, and reports whether it is the second one on it.
func (c *clicked) again(now clicked) bool {
	soon := now.at.Sub(c.at) <= doubleTime
	was := *c
	was.at = now.at
	if *c = now; soon && was == now {
		*c = clicked{} // a third one begins anew
		return true
	}
	return false
}

// onWheel scrolls what is shown.
func (m *Model) onWheel(w tea.MouseWheelMsg) {
	if m.opt.NoMouse {
		return
	}
	by := wheelRows
	switch w.Button {
	case tea.MouseWheelUp:
		by = -wheelRows
	case tea.MouseWheelDown:
	default:
		return
	}
	m.dirty = true
	switch {
	case pane.CoverOf(m.pane) > pane.CoverNone:
		m.pane.Scroll(by)
	case m.details.Open && w.Y >= m.detailsTop():
		m.details.Scroll(by)
	default:
		m.page.Scroll(by)
	}
}

// onClick clicks on what stands there: a key of the last line, a ticker of the
// totals, a tab, a head, a row.
func (m *Model) onClick(c tea.MouseClickMsg) tea.Cmd {
	if c.Button != tea.MouseLeft || m.opt.NoMouse || m.Width < LeastWidth || m.Height < LeastHeight {
		return nil
	}
	m.dirty = true
	defer m.away.Key(pane.CoverOf(m.pane) < pane.CoverWhole) // once it was clicked where it stood
	strip := totals.Lines(m.Height, len(m.page.Moment().Totals))
	switch top := m.Height - 1 - strip; {
	case c.Y == m.Height-1:
		return m.clickFoot(c.X)
	case pane.CoverOf(m.pane) > pane.CoverNone:
		return nil
	case m.pane == nil && c.Y >= top:
		if t := m.totals.At(c.X, c.Y-top, strip); t != "" {
			return m.carry(act.One(act.Drill{To: act.Narrowing{Ticker: t}}))
		}
		return nil
	case m.details.Open && c.Y >= m.detailsTop():
		return nil
	}
	m.notices.key()
	if i, on := m.tape.TabAt(c.X, c.Y); on && m.pane == nil && m.page == page.Page(m.tape) {
		return m.carry(act.One(act.ToTab{At: i}))
	}
	if !m.page.Click(c.X, c.Y) {
		return nil
	}
	s := m.page.Selected()
	if m.pane == nil && m.clicked.again(clicked{m.Wall(), c.Y, s.Handle, s.Contract, s.Ticker}) && m.details.Contract() == nil {
		return m.do(keys.Open)
	}
	return nil
}

// clickFoot does what the key says that stands at a cell of the last line, where that
// line has the keys; else it takes away what is said there.
func (m *Model) clickFoot(x int) tea.Cmd {
	place, skip, badge := keys.InTape, useless(m.page), m.page.Badge()
	if m.pane != nil {
		place, skip, badge = m.pane.Place(), nil, nil
	}
	if len(m.lines) < m.Height || m.lines[m.Height-1] != m.Shown.Hints(&m.Pen, m.Theme, m.Width, place, skip, badge) {
		m.notices.key()
		return nil
	}
	a := m.Shown.HintAt(x, m.Width, place, skip, badge)
	switch {
	case m.pane != nil && a != keys.None:
		return m.carry(m.pane.Key(a, tea.KeyPressMsg{}))
	case a != keys.None:
		return m.do(a)
	case len(badge) > 0 && x > m.Width-2-paint.Width(badge) && m.page.Moment().Frozen:
		return m.do(keys.Freeze)
	case len(badge) > 0 && x > m.Width-2-paint.Width(badge):
		return m.do(keys.Newest)
	}
	return nil
}

// detailsTop is the line of the screen on which the details begin.
func (m *Model) detailsTop() int {
	if m.details.Large {
		return 1
	}
	h := m.bodyHeight()
	return table.FirstRow + h - m.details.Lines(h)
}
