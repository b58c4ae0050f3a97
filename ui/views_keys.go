package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/ui/keys"
	"optflow/ui/paint"
)

// show goes to a view, afresh.
func (m *Model) show(at view) {
	v := &m.views
	if t := m.subject(); t != "" {
		v.ticker = t
	}
	m.closeDetails()
	m.goTo(at)
	v.back, v.within = nil, narrowing{}
	m.arrangeViews()
	m.loadView()
	m.resize()
}

// goTo changes the view. Each has its own filter, and what u takes back there.
func (m *Model) goTo(at view) {
	v := &m.views
	v.undos[v.at] = m.undo
	v.at, v.frozen = at, false
	m.undo = v.undos[at]
	v.soon()
}

// subject is the ticker of what the user selected, else the one before.
func (m *Model) subject() string {
	v := &m.views
	switch v.at {
	case viewTape:
		return m.table.underlying()
	case viewContracts:
		if l := v.contracts.current(); l != nil && v.contracts.moved {
			return l.contract.Underlying
		}
	case viewTickers:
		if l := v.tickers.current(); l != nil && v.tickers.moved {
			return l.Underlying
		}
	}
	return v.ticker
}

// drill goes to the contracts of a ticker or a cell; esc comes back.
func (m *Model) drill(to narrowing) {
	v := &m.views
	v.back = append(v.back, viewPlace{v.at, v.within, v.contracts.gridPlace})
	m.goTo(viewContracts)
	v.within = to
	v.contracts.gridPlace = gridPlace{}
	m.loadView()
}

// comeBack goes to where the user drilled down from, and reports whether there
// was such a place.
func (m *Model) comeBack() bool {
	v := &m.views
	if len(v.back) == 0 {
		return false
	}
	p := v.back[len(v.back)-1]
	v.back = v.back[:len(v.back)-1]
	m.goTo(p.at)
	v.within, v.contracts.gridPlace = p.within, p.contracts
	m.loadView()
	return true
}

// open shows more of what is selected: a ticker's contracts, a contract's day.
func (m *Model) open() tea.Cmd {
	v := &m.views
	switch v.at {
	case viewTape:
		return m.openRow()
	case viewContracts:
		if l := v.contracts.current(); l != nil {
			return m.openDetails(l.Contract)
		}
	case viewTickers:
		if l := v.tickers.current(); l != nil {
			m.drill(narrowing{ticker: l.Underlying})
		}
	case viewHeat:
		if c := v.heat.cursor(); c != nil && c.contracts > 0 {
			m.drill(narrowing{ticker: v.ticker, expiry: v.heat.expiry, strike: v.heat.strike, cell: true})
		}
	}
	return nil
}

// viewDo carries an action out where a view or the details give it a meaning of
// their own, and reports whether they did.
func (m *Model) viewDo(a keys.Action) (tea.Cmd, bool) {
	switch a {
	case keys.View:
		m.show((m.views.at + 1) % viewCount)
		return nil, true
	case keys.Open:
		if m.details.open {
			m.closeDetails()
			return nil, true
		}
		return m.open(), true
	case keys.Zoom:
		if !m.details.open {
			m.notices.answer(paint.Dim, "nothing to enlarge: "+m.keys.Key(keys.Open)+" opens the details of a row")
			return nil, true
		}
		m.details.large = !m.details.large
		m.details.stale = true
		m.resize()
		return nil, true
	case keys.CopyContract:
		if c := m.viewContract(); c != nil {
			return m.copy(c.Symbol, c.Symbol), true
		}
	}
	if m.details.open {
		if cmd, done := m.detailsDo(a); done {
			return cmd, true
		}
	}
	switch m.views.at {
	case viewContracts:
		return nil, gridDo(m, &m.views.contracts, a)
	case viewTickers:
		return nil, gridDo(m, &m.views.tickers, a)
	case viewHeat:
		return nil, m.heatDo(a)
	}
	return nil, false
}

// viewContract is the contract of the details, else the selected one of
// Contracts; nil where the tape's row is meant.
func (m *Model) viewContract() *model.Contract {
	if m.details.open {
		return m.opt.Tape.Contracts.At(m.details.id)
	}
	if m.views.at == viewContracts {
		if l := m.views.contracts.current(); l != nil {
			return l.contract
		}
	}
	return nil
}

// gridDo moves in a grid.
func gridDo[T any](m *Model, g *grid[T], a keys.Action) bool {
	switch a {
	case keys.Down:
		g.move(1)
	case keys.Up:
		g.move(-1)
	case keys.PageDown:
		g.move(g.height)
	case keys.PageUp:
		g.move(-g.height)
	case keys.HalfDown:
		g.move(g.height / 2)
	case keys.HalfUp:
		g.move(-g.height / 2)
	case keys.Newest:
		g.first()
	case keys.Oldest:
		g.last()
	case keys.Left:
		g.column(-1)
	case keys.Right:
		g.column(1)
	case keys.Sort:
		g.sortBy(g.cursor)
	case keys.NextMark:
		m.viewMark(1)
	case keys.PreviousMark:
		m.viewMark(-1)
	case keys.Escape:
		if g.pick && !m.views.frozen {
			g.pick, g.cursor = false, g.sort
			g.arrange(g.width)
			return true
		}
		return m.viewEscape(g.first)
	default:
		return m.viewAny(a)
	}
	return true
}

// heatDo moves in the heat map.
func (m *Model) heatDo(a keys.Action) bool {
	h := &m.views.heat
	switch a {
	case keys.Down:
		h.move(1, 0)
	case keys.Up:
		h.move(-1, 0)
	case keys.Left:
		h.move(0, -1)
	case keys.Right:
		h.move(0, 1)
	case keys.PageDown:
		h.move(h.rows(), 0)
	case keys.PageUp:
		h.move(-h.rows(), 0)
	case keys.HalfDown:
		h.move(h.rows()/2, 0)
	case keys.HalfUp:
		h.move(-h.rows()/2, 0)
	case keys.Newest:
		h.has = false
		h.settle()
	case keys.Oldest:
		h.put(len(h.strikes)-1, h.across())
	case keys.Sort:
		m.notices.answer(paint.Dim, "a heat map stands by strike and expiry; Contracts can be sorted")
	case keys.NextMark:
		m.heatTicker(1)
	case keys.PreviousMark:
		m.heatTicker(-1)
	case keys.Escape:
		return m.viewEscape(func() { h.has = false; h.settle() })
	default:
		return m.viewAny(a)
	}
	return true
}

// viewAny is what is the same in every view but the tape.
func (m *Model) viewAny(a keys.Action) bool {
	v := &m.views
	switch a {
	case keys.Freeze:
		v.frozen, v.still = !v.frozen, m.hold()
		v.soon()
		if !v.frozen {
			v.still = nil
			m.loadView()
			m.resize()
		}
	case keys.Close:
		return m.comeBack()
	case keys.CopyContract:
		m.notices.answer(paint.Dim, "no contract is selected")
	case keys.CopyRow, keys.CopyCommand, keys.Export:
		m.notices.answer(paint.Dim, "only the tape's rows can be copied and exported")
	case keys.Find, keys.FindNext, keys.FindPrevious:
		m.notices.answer(paint.Dim, "finding works on the tape; "+m.keys.Key(keys.Filter)+" filters here too")
	case keys.Only, keys.Hide:
		m.viewOnly(a == keys.Hide)
	case keys.Interval:
		m.notices.answer(paint.Dim, "the interval joins bursts; only the tape has them")
	default:
		return false
	}
	return true
}

// viewEscape closes the innermost thing, then goes to the first row.
func (m *Model) viewEscape(first func()) bool {
	if m.views.frozen {
		return m.viewAny(keys.Freeze)
	}
	if !m.comeBack() {
		first()
	}
	return true
}

// viewMark goes to the next contract whose day is unusual.
func (m *Model) viewMark(by int) {
	found := false
	if m.views.at == viewContracts {
		found = m.views.contracts.next(by, func(l *contractLine) bool { return l.marks != 0 })
	}
	if !found {
		where := "below"
		if by < 0 {
			where = "above"
		}
		m.notices.answer(paint.Dim, "no marked row "+where)
	}
}

// heatTicker shows the heat map of the next followed ticker.
func (m *Model) heatTicker(by int) {
	tickers := m.list.tickers()
	if len(tickers) == 0 {
		return
	}
	v := &m.views
	at := slices.Index(tickers, v.ticker)
	v.ticker = tickers[(at+by+len(tickers))%len(tickers)]
	v.heat.heatPlace = heatPlace{}
	m.loadView()
}

// sortNamed sorts the view shown by a column's name, and reports whether it is
// one beside the tape that has such a column.
func (m *Model) sortNamed(name string) bool {
	switch v := &m.views; v.at {
	case viewContracts:
		return sortGrid(&v.contracts, name)
	case viewTickers:
		return sortGrid(&v.tickers, name)
	}
	return false
}

func sortGrid[T any](g *grid[T], name string) bool {
	i := slices.IndexFunc(g.columns, func(c gridColumn[T]) bool {
		return strings.EqualFold(c.name, name) || strings.EqualFold(c.head, name)
	})
	if i >= 0 {
		g.sortBy(i)
	}
	return i >= 0
}

// viewWatched are the contracts of a view that are on screen.
func (m *Model) viewWatched(ids []model.ContractID) []model.ContractID {
	v := &m.views
	if v.at == viewContracts {
		for _, r := range v.contracts.ranks[min(v.contracts.top, len(v.contracts.ranks)):min(v.contracts.top+v.contracts.height, len(v.contracts.ranks))] {
			ids = append(ids, v.contracts.rows[r.id].Contract)
		}
	}
	if m.details.open {
		ids = append(ids, m.details.id)
	}
	return ids
}
