package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
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
func (m *Model) viewDo(a action) (tea.Cmd, bool) {
	switch a {
	case actView:
		m.show((m.views.at + 1) % viewCount)
		return nil, true
	case actOpen:
		if m.details.open {
			m.closeDetails()
			return nil, true
		}
		return m.open(), true
	case actZoom:
		if !m.details.open {
			m.notices.answer(paint.Dim, "nothing to enlarge: "+m.key(actOpen)+" opens the details of a row")
			return nil, true
		}
		m.details.large = !m.details.large
		m.details.stale = true
		m.resize()
		return nil, true
	case actCopyContract:
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
func gridDo[T any](m *Model, g *grid[T], a action) bool {
	switch a {
	case actDown:
		g.move(1)
	case actUp:
		g.move(-1)
	case actPageDown:
		g.move(g.height)
	case actPageUp:
		g.move(-g.height)
	case actHalfDown:
		g.move(g.height / 2)
	case actHalfUp:
		g.move(-g.height / 2)
	case actNewest:
		g.first()
	case actOldest:
		g.last()
	case actLeft:
		g.column(-1)
	case actRight:
		g.column(1)
	case actSort:
		g.sortBy(g.cursor)
	case actNextMark:
		m.viewMark(1)
	case actPreviousMark:
		m.viewMark(-1)
	case actEscape:
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
func (m *Model) heatDo(a action) bool {
	h := &m.views.heat
	switch a {
	case actDown:
		h.move(1, 0)
	case actUp:
		h.move(-1, 0)
	case actLeft:
		h.move(0, -1)
	case actRight:
		h.move(0, 1)
	case actPageDown:
		h.move(h.rows(), 0)
	case actPageUp:
		h.move(-h.rows(), 0)
	case actHalfDown:
		h.move(h.rows()/2, 0)
	case actHalfUp:
		h.move(-h.rows()/2, 0)
	case actNewest:
		h.has = false
		h.settle()
	case actOldest:
		h.put(len(h.strikes)-1, h.across())
	case actSort:
		m.notices.answer(paint.Dim, "a heat map stands by strike and expiry; Contracts can be sorted")
	case actNextMark:
		m.heatTicker(1)
	case actPreviousMark:
		m.heatTicker(-1)
	case actEscape:
		return m.viewEscape(func() { h.has = false; h.settle() })
	default:
		return m.viewAny(a)
	}
	return true
}

// viewAny is what is the same in every view but the tape.
func (m *Model) viewAny(a action) bool {
	v := &m.views
	switch a {
	case actFreeze:
		v.frozen, v.still = !v.frozen, m.hold()
		v.soon()
		if !v.frozen {
			v.still = nil
			m.loadView()
			m.resize()
		}
	case actClose:
		return m.comeBack()
	case actCopyContract:
		m.notices.answer(paint.Dim, "no contract is selected")
	case actCopyRow, actCopyCommand, actExport:
		m.notices.answer(paint.Dim, "only the tape's rows can be copied and exported")
	case actFind, actFindNext, actFindPrevious:
		m.notices.answer(paint.Dim, "finding works on the tape; "+m.key(actFilter)+" filters here too")
	case actOnly, actHide:
		m.viewOnly(a == actHide)
	case actInterval:
		m.notices.answer(paint.Dim, "the interval joins bursts; only the tape has them")
	default:
		return false
	}
	return true
}

// viewEscape closes the innermost thing, then goes to the first row.
func (m *Model) viewEscape(first func()) bool {
	if m.views.frozen {
		return m.viewAny(actFreeze)
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
