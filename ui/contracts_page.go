package ui

import (
	"errors"
	"fmt"

	"optflow/model"
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/table"
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
	grid   table.Grid[table.Contract]
	within act.Narrowing
	back   []drilled // where esc goes, the last one first
}

// drilled is where the user was before drilling down: on which page, and how the
// contracts stood.
type drilled struct {
	page   string
	within act.Narrowing
	place  table.Standing
}

func newContractsPage(s *scene, a *accounts) *contractsPage {
	p := new(contractsPage)
	p.day = newDay(s, a, noBurst, p.load)
	p.grid = table.Grid[table.Contract]{Columns: table.ContractColumns(&table.Cell{Zone: s.zone}), Fixed: 3, Sort: 4, Cursor: 4, Name: func(l *table.Contract) uint32 { return uint32(l.Contract) }}
	return p
}

func (p *contractsPage) name() string { return pageContracts }

func (p *contractsPage) enter(string) {
	p.held, p.back, p.within = nil, nil, act.Narrowing{}
	p.load()
}

// drill narrows the page; esc comes back to the page named.
func (p *contractsPage) drill(from string, to act.Narrowing) {
	p.back = append(p.back, drilled{from, p.within, p.grid.Standing})
	p.held, p.within, p.grid.Standing = nil, to, table.Standing{}
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
	p.within, p.grid.Standing = from.within, from.place
	return act.One(act.ComeBack{To: from.page}), true
}

func (p *contractsPage) take(c changes) {
	if c.accounts || c.followed {
		p.load()
	}
}

// load reads what is held anew.
func (p *contractsPage) load() {
	p.grid.Rows = p.contractLines(p.grid.Rows[:0], &p.within)
	p.grid.Sorted()
}

func (p *contractsPage) do(a keys.Action) ([]act.Effect, bool) {
	switch a {
	case keys.Open:
		if l := p.grid.Current(); l != nil {
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
	if p.grid.Do(a) {
		return nil, true
	}
	return p.day.do(a)
}

// escape closes the innermost thing, then goes to the first row.
func (p *contractsPage) escape() []act.Effect {
	switch {
	case p.held != nil:
		p.freeze()
	case p.grid.Unpick():
	default:
		back, was := p.comeBack()
		if !was {
			p.grid.First()
		}
		return back
	}
	return nil
}

// mark goes to the next contract whose day is unusual.
func (p *contractsPage) mark(by int) []act.Effect {
	if p.grid.Next(by, func(l *table.Contract) bool { return l.Marks != 0 }) {
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
func (p *contractsPage) clause() (table.Clause, error) {
	l := p.grid.Current()
	if l == nil {
		return table.Clause{}, errNoRow
	}
	if !p.grid.Pick {
		return table.TickerClause(l.Of.Underlying), nil
	}
	name := p.grid.Columns[p.grid.Cursor].Name
	if id, ok := table.Find(name); ok {
		return table.ClauseOf(id, &table.Cell{Row: &l.Row, Contract: l.Of, Marks: l.Marks, Zone: p.zone})
	}
	return table.Clause{}, fmt.Errorf("the filter has no word for %s", name)
}

var errNoRow = errors.New("no row is selected")

func (p *contractsPage) sort(column string) bool { return p.grid.SortNamed(column) }

func (p *contractsPage) click(x, y int) { p.grid.Click(x, y) }

func (p *contractsPage) scroll(rows int) { p.grid.Move(rows) }

func (p *contractsPage) fit(rows int, details bool) {
	p.before.fit(&p.grid.Line, details)
	p.grid.Fit(rows)
}

func (p *contractsPage) arrange() { p.grid.Arrange(p.width) }

func (p *contractsPage) matching() []paint.Piece {
	return p.counted(" contracts", !p.whole(p.within.Ticker))
}

func (p *contractsPage) selected() (s picked) {
	if l := p.grid.Current(); l != nil {
		s.contract = l.Of
		if p.grid.Moved {
			s.ticker = l.Of.Underlying
		}
	}
	return s
}

func (p *contractsPage) watched(ids []model.ContractID) []model.ContractID {
	n := len(p.grid.Ranks)
	for _, r := range p.grid.Ranks[min(p.grid.Top, n):min(p.grid.Top+p.grid.Height, n)] {
		ids = append(ids, p.grid.Rows[r.ID].Contract)
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
		pen.Put(paint.Dim, p.grid.Sorting())
	}))
	out = append(out, p.grid.Header(&p.pen, p.th, p.width))
	from := len(out)
	out = p.grid.Render(&p.pen, p.th, p.width, out)
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
