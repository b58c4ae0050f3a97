package ui

import (
	tea "charm.land/bubbletea/v2"
)

// wheelRows is how many rows one notch of the wheel scrolls.
const wheelRows = 3

// The lines above the rows: status, title, header.
const (
	headerLine = 2
	firstRow   = 3
)

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
	case m.pane == paneHelp:
		m.help.move(by, m.helpLines(), m.height-2)
	case m.pane == paneMessages:
		m.messages.offset = max(m.messages.offset+by, 0) // drawing bounds it
	case m.pane == panePicker:
		m.picker.scroll(by)
	case m.details.open:
		m.details.scroll(by)
	case m.views.at == viewContracts:
		m.views.contracts.move(by)
	case m.views.at == viewTickers:
		m.views.tickers.move(by)
	case m.views.at == viewHeat:
		m.views.heat.move(by, 0)
	case m.views.at == viewTape:
		m.table.move(by)
	}
}

// onClick selects the row that was clicked, or sorts by the header.
func (m *Model) onClick(c tea.MouseClickMsg) {
	if c.Button != tea.MouseLeft || m.pane == paneHelp || m.pane == paneMessages || m.pane == panePicker || m.details.large && m.details.open {
		return
	}
	m.dirty = true
	m.notices.key()
	row := c.Y - firstRow
	switch m.views.at {
	case viewContracts:
		clickGrid(&m.views.contracts, c.X, c.Y)
	case viewTickers:
		clickGrid(&m.views.tickers, c.X, c.Y)
	case viewTape:
		t := m.table
		if c.Y == headerLine {
			if id, ok := t.layout.under(c.X); ok {
				m.sortBy(id)
			}
			return
		}
		if row -= m.pins.height(); row >= 0 && row < len(t.visible) {
			t.jump(t.top + row)
		}
	}
	m.details.stale = true
}

// under is the column that stands at a cell of the header, with the gap before
// it.
func (l *layout) under(x int) (columnID, bool) {
	at := l.margin
	for _, c := range l.cols {
		if at += c.gap + c.width; x < at {
			return c.id, x >= l.margin-1
		}
	}
	return 0, false
}

// clickGrid is a click in a grid.
func clickGrid[T any](g *grid[T], x, y int) {
	if y == headerLine {
		l := layout{cols: g.cols, margin: g.margin}
		if id, ok := l.under(x); ok {
			g.sortBy(int(id))
		}
		return
	}
	if row := y - firstRow; row >= 0 && row < g.height && g.top+row < len(g.ranks) {
		g.moved, g.line = true, row
		g.put(g.top + row)
	}
}

// scroll moves the cursor of the picker.
func (k *picker) scroll(by int) { k.cursor = max(min(k.cursor+by, len(k.items)-1), 0) }
