package page

import (
	"fmt"
	"strings"

	"optflow/model"
	"optflow/model/filter"
	"optflow/ui/act"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/rows"
	"optflow/ui/scene"
	"optflow/ui/table"
	"optflow/ui/tail"
)

// The pages' names.
const (
	pageTape      = "Tape"
	pageContracts = "Contracts"
	pageTickers   = "Tickers"
	pageHeat      = "Heat map"
)

// Contracts shows one row a contract: its day. Drilling down narrows it to a
// ticker, or to a cell of the heat map.
type Contracts struct {
	day
	gridded[table.Contract]
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

// NewContracts returns the page of contracts.
func NewContracts(s *scene.Scene, a *Accounts) *Contracts {
	p := &Contracts{gridded: gridded[table.Contract]{name: pageContracts}}
	p.day = newDay(s, a, filter.OfContract, p.load)
	p.Grid = table.Grid[table.Contract]{Columns: table.ContractColumns(&table.Cell{Zone: s.Zone}), Sort: 4, Cursor: 4, Name: func(l *table.Contract) uint32 { return uint32(l.Contract) }}
	p.gives = gives{tail.Contracts, p.picture, p.command, func() string { return byPremium(&p.Grid) }}
	return p
}

func (p *Contracts) picture(only bool) *tail.Picture {
	all := p.snapshot()
	all.Contracts = copies(&p.Grid, only)
	return all
}

// command is what of the page's narrowing a command line can say.
func (p *Contracts) command() (tickers []string, clause string) {
	tickers = p.Tickers()
	if p.within.Ticker != "" {
		tickers = []string{p.within.Ticker}
	}
	if p.within.Cell {
		clause = "exp=" + strings.ToLower(p.within.Expiry.UTC().Format("2Jan2006")) + " strike=" + strings.TrimSpace(string(format.AppendStrike(nil, p.within.Strike)))
	}
	return tickers, clause
}

func (p *Contracts) Enter(string) {
	p.held, p.back, p.within = nil, nil, act.Narrowing{}
	p.load()
}

// Drill narrows the page; esc comes back to the page named.
func (p *Contracts) Drill(from string, to act.Narrowing) {
	p.back = append(p.back, drilled{from, p.within, p.Grid.Standing})
	p.held, p.within, p.Grid.Standing = nil, to, table.Standing{}
	p.load()
}

// comeBack undoes a drill, and reports whether there was one.
func (p *Contracts) comeBack() ([]act.Effect, bool) {
	n := len(p.back) - 1
	if n < 0 {
		return nil, false
	}
	from := p.back[n]
	p.back = p.back[:n]
	p.within, p.Grid.Standing = from.within, from.place
	return act.One(act.ComeBack{To: from.page}), true
}

// load reads what is held anew.
func (p *Contracts) load() {
	p.Grid.Rows = p.contractLines(p.Grid.Rows[:0], &p.within)
	p.Grid.Sorted()
}

func (p *Contracts) Do(a keys.Action) ([]act.Effect, bool) {
	switch a {
	case keys.Open:
		if p.Grid.Current() != nil {
			return act.One(act.OpenDetails{}), true
		}
		return nil, true
	case keys.NextMark:
		return p.mark(1), true
	case keys.PreviousMark:
		return p.mark(-1), true
	case keys.Only, keys.Hide:
		c, err := p.clause()
		return p.lens.Narrow(c, err, a == keys.Hide), true
	case keys.Close:
		return p.comeBack()
	case keys.Escape:
		return p.escape(), true
	}
	if p.Grid.Do(a) {
		return nil, true
	}
	return p.day.do(a)
}

// escape closes the innermost thing, then goes to the first row.
func (p *Contracts) escape() []act.Effect {
	switch {
	case p.held != nil:
		p.freeze()
	case p.Grid.Unpick():
	default:
		back, was := p.comeBack()
		if !was {
			p.Grid.First()
		}
		return back
	}
	return nil
}

// mark goes to the next contract whose day is unusual.
func (p *Contracts) mark(by int) []act.Effect {
	if p.Grid.Next(by, func(l *table.Contract) bool { return l.Marks != 0 }) {
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
func (p *Contracts) clause() (table.Clause, error) {
	l := p.Grid.Current()
	if l == nil {
		return table.Clause{}, rows.ErrNone
	}
	if !p.Grid.Pick {
		return table.TickerClause(l.Of.Underlying), nil
	}
	name := p.Grid.Columns[p.Grid.Cursor].Name
	if id, ok := table.Find(name); ok {
		return table.ClauseOf(id, &table.Cell{Row: &l.Row, Contract: l.Of, Marks: l.Marks, Zone: p.Zone})
	}
	return table.Clause{}, fmt.Errorf("the filter has no word for %s", name)
}

func (p *Contracts) Fit(rows int, details bool) {
	p.before.fit(&p.Grid.Line, details)
	p.Grid.Read(details)
	p.Grid.Fit(rows)
}

func (p *Contracts) Arrange() { p.Grid.Arrange(p.Width) }

func (p *Contracts) Matching() []paint.Piece {
	return p.counted(" contracts", !p.whole(p.within.Ticker))
}

func (p *Contracts) Selected() (s Selection) {
	l := p.Grid.Current()
	if l == nil {
		s.Without = "there is no row here"
	} else {
		s.Contract, s.Account = l.Of, &l.Account
		if p.Grid.Moved {
			s.Ticker = l.Of.Underlying
		}
	}
	return s
}

func (p *Contracts) Watched(ids []model.ContractID) []model.ContractID {
	n := len(p.Grid.Ranks)
	for _, r := range p.Grid.Ranks[min(p.Grid.Top, n):min(p.Grid.Top+p.Grid.Height, n)] {
		ids = append(ids, p.Grid.Rows[r.ID].Contract)
	}
	return ids
}

func (p *Contracts) Reads() bool { return p.held == nil }

func (p *Contracts) Draw(out []string) []string {
	out = append(out, p.title(p.Name(), p.Matching(), func(pen *paint.Pen, _ int) {
		if of := p.within.String(); of != "" {
			pen.Put(paint.Text, of)
			pen.Space(2)
		}
		pen.Put(paint.Dim, p.Grid.Sorting())
	}))
	out = append(out, p.Grid.Header(&p.Pen, p.Theme, p.Width))
	from := len(out)
	out = p.Grid.Render(&p.Pen, p.Theme, p.Width, out)
	p.orEmpty(out[from:], p.why)
	return out
}

// why says why no contract is there.
func (p *Contracts) why() (head, more string) {
	switch {
	case !p.accounts.read:
		return "loading", "reading the day's accounts"
	case p.within != act.Narrowing{}:
		return "nothing traded in " + p.within.String() + " yet", p.Key(keys.Escape) + " goes back"
	}
	return "nothing traded yet", p.Following()
}
