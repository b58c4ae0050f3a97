package ui

import (
	tea "charm.land/bubbletea/v2"

	"optflow/ui/pane"
	"optflow/ui/table"
)

// wheelRows is how many rows one notch of the wheel scrolls.
const wheelRows = 3

// onWheel scrolls what is shown.
func (m *Model) onWheel(w tea.MouseWheelMsg) {
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

// onClick clicks on the page.
func (m *Model) onClick(c tea.MouseClickMsg) {
	if c.Button != tea.MouseLeft || pane.CoverOf(m.pane) > pane.CoverNone || m.details.Large && m.details.Open {
		return
	}
	m.dirty = true
	m.notices.key()
	m.page.Click(c.X, c.Y)
	m.away.Key(true)
	m.resize()
	m.details.Stale = true
}

// detailsTop is the line of the screen on which the details begin.
func (m *Model) detailsTop() int {
	if m.details.Large {
		return 1
	}
	h := m.bodyHeight()
	return table.FirstRow + h - m.details.Lines(h)
}
