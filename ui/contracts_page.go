package ui

import (
	"errors"
	"fmt"

	"optflow/model"
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/paint"
)

// The pages' names.
const (
	pageTape      = "Tape"
	pageContracts = "Contracts"
	pageTickers   = "Tickers"
	pageHeat      = "Heat map"
)

// contractsPage shows one row a contract: its day. Drilling down narrows it to a
// ticker, or to a cell of the heat map.
type contractsPage struct {
	day
	grid   grid[contractLine]
	within act.Narrowing
	back   []drilled // where esc goes, the last one first
}

// drilled is where the user was before drilling down: on which page, and how the
// contracts stood.
type drilled struct {
	page   string
	within act.Narrowing
	place  gridPlace
}

func newContractsPage(s *scene, a *accounts) *contractsPage {
	p := new(contractsPage)
	p.day = newDay(s, a, noBurst, p.load)
	p.grid = grid[contractLine]{columns: contractColumns(&cell{zone: s.zone}), fixed: 3, sort: 4, cursor: 4, name: func(l *contractLine) uint32 { return uint32(l.Contract) }}
	return p
}

func (p *contractsPage) name() string { return pageContracts }

func (p *contractsPage) enter(string) {
	p.held, p.back, p.within = nil, nil, act.Narrowing{}
	p.load()
}

// drill narrows the page; esc comes back to the page named.
func (p *contractsPage) drill(from string, to act.Narrowing) {
	p.back = append(p.back, drilled{from, p.within, p.grid.gridPlace})
	p.held, p.within, p.grid.gridPlace = nil, to, gridPlace{}
	p.load()
}

// comeBack undoes a drill, and reports whether there was one.
func (p *contractsPage) comeBack() ([]act.Effect, bool) {
	n := len(p.back) - 1
	if n < 0 {
		return nil, false
	}
	from := p.back[n]
	p.back = p.back[:n]
	p.within, p.grid.gridPlace = from.within, from.place
	return act.One(act.ComeBack{To: from.page}), true
}

func (p *contractsPage) take(c changes) {
	if c.accounts || c.followed {
		p.load()
	}
}

// load reads what is held anew.
func (p *contractsPage) load() {
	p.grid.rows = p.contractLines(p.grid.rows[:0], &p.within)
	p.grid.sorted()
}

func (p *contractsPage) do(a keys.Action) ([]act.Effect, bool) {
	switch a {
	case keys.Open:
		if l := p.grid.current(); l != nil {
			return act.One(act.OpenDetails{Of: act.Detail{ID: l.Contract}}), true
		}
		return nil, true
	case keys.NextMark:
		return p.mark(1), true
	case keys.PreviousMark:
		return p.mark(-1), true
	case keys.Only, keys.Hide:
		c, err := p.clause()
		return p.lens.narrow(c, err, a == keys.Hide), true
	case keys.Close:
		return p.comeBack()
	case keys.Escape:
		return p.escape(), true
	}
	if p.grid.do(a) {
		return nil, true
	}
	return p.day.do(a)
}

// escape closes the innermost thing, then goes to the first row.
func (p *contractsPage) escape() []act.Effect {
	switch {
	case p.held != nil:
		p.freeze()
	case p.grid.unpick():
	default:
		back, was := p.comeBack()
		if !was {
			p.grid.first()
		}
		return back
	}
	return nil
}

// mark goes to the next contract whose day is unusual.
func (p *contractsPage) mark(by int) []act.Effect {
	if p.grid.next(by, func(l *contractLine) bool { return l.marks != 0 }) {
		return nil
	}
	return act.Tell(paint.Dim, noMark(by))
}

// noMark says that there is no marked row in a direction.
func noMark(by int) string {
	if by < 0 {
		return "no marked row above"
	}
	return "no marked row below"
}

// clause is what the cell under the column cursor says. Before the cursor was
// used, it is the ticker's.
func (p *contractsPage) clause() (clause, error) {
	l := p.grid.current()
	if l == nil {
		return clause{}, errNoRow
	}
	if !p.grid.pick {
		return tickerClause(l.contract.Underlying), nil
	}
	name := p.grid.columns[p.grid.cursor].name
	if id, ok := columnNamed(name); ok {
		return clauseOf(id, &cell{row: &l.row, contract: l.contract, marks: l.marks, zone: p.zone})
	}
	return clause{}, fmt.Errorf("the filter has no word for %s", name)
}

var errNoRow = errors.New("no row is selected")

func (p *contractsPage) sort(column string) bool { return p.grid.sortNamed(column) }

func (p *contractsPage) click(x, y int) { p.grid.click(x, y) }

func (p *contractsPage) scroll(rows int) { p.grid.move(rows) }

func (p *contractsPage) fit(rows int, details bool) {
	p.before.fit(&p.grid.line, details)
	p.grid.fit(rows)
}

func (p *contractsPage) arrange() { p.grid.arrange(p.width) }

func (p *contractsPage) matching() []paint.Piece {
	return p.counted(" contracts", !p.whole(p.within.Ticker))
}

func (p *contractsPage) selected() (s picked) {
	if l := p.grid.current(); l != nil {
		s.contract = l.contract
		if p.grid.moved {
			s.ticker = l.contract.Underlying
		}
	}
	return s
}

func (p *contractsPage) watched(ids []model.ContractID) []model.ContractID {
	n := len(p.grid.ranks)
	for _, r := range p.grid.ranks[min(p.grid.top, n):min(p.grid.top+p.grid.height, n)] {
		ids = append(ids, p.grid.rows[r.ID].Contract)
	}
	return ids
}

func (p *contractsPage) reads() bool { return p.held == nil }

func (p *contractsPage) draw(out []string) []string {
	out = append(out, p.title(p.name(), p.matching(), func(pen *paint.Pen, _ int) {
		if of := p.within.String(); of != "" {
			pen.Put(paint.Text, of)
			pen.Space(2)
		}
		pen.Put(paint.Dim, p.grid.sorting())
	}))
	out = append(out, p.grid.header(&p.pen, p.th, p.width))
	from := len(out)
	out = p.grid.render(&p.pen, p.th, p.width, out)
	p.orEmpty(out[from:], p.why)
	return out
}

// why says why no contract is there.
func (p *contractsPage) why() (head, more string) {
	switch {
	case !p.accounts.read:
		return "loading", "reading the day's accounts"
	case p.within != act.Narrowing{}:
		return "nothing traded in " + p.within.String() + " yet", p.key(keys.Escape) + " goes back"
	}
	return "nothing traded yet", p.following()
}
