package page

import (
	"fmt"
	"slices"
	"strings"

	"optflow/model/filter"
	"optflow/model/view"
	"optflow/ui/act"
	"optflow/ui/format"
	"optflow/ui/heat"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/rows"
	"optflow/ui/scene"
	"optflow/ui/table"
	"optflow/ui/tail"
)

// Heat shows one ticker's day: expiry across, strike down.
type Heat struct {
	day
	Map    heat.Map
	Ticker string
	shown  string           // the ticker of the map
	lines  []table.Contract // of the map

	adjusted int // contracts that have no place in it
}

// NewHeat returns the heat map.
func NewHeat(s *scene.Scene, a *Accounts) *Heat {
	p := new(Heat)
	p.day = newDay(s, a, filter.OfContract, p.load)
	p.gives = gives{tail.Heat, p.picture, func() ([]string, string) { return []string{p.Ticker}, "" }, func() string { return "" }}
	return p
}

func (p *Heat) picture(only bool) *tail.Picture {
	all := p.snapshot()
	if !only {
		all.Cells = view.Cells(p.lines)
	} else if c := p.Map.Cursor(); c != nil && c.Contracts > 0 {
		all.Cells = append(all.Cells, *c)
	}
	return all
}

func (p *Heat) Name() string { return pageHeat }

func (p *Heat) Enter(ticker string) {
	p.held, p.Ticker = nil, ticker
	p.load()
}

// load reads what is held anew.
func (p *Heat) load() {
	if tickers := p.Tickers(); len(tickers) > 0 && !slices.Contains(tickers, p.Ticker) {
		p.Ticker = tickers[0]
	}
	if p.shown != p.Ticker { // a strike of another ticker is no place in this one
		p.shown, p.Map.Place = p.Ticker, heat.Place{}
	}
	p.lines = p.contractLines(p.lines[:0], &act.Narrowing{Ticker: p.Ticker})
	all := len(p.lines)
	p.lines = slices.DeleteFunc(p.lines, func(l table.Contract) bool { return l.Of.Adjusted() })
	p.adjusted = all - len(p.lines)
	p.Map.Load(p.lines)
}

func (p *Heat) Do(a keys.Action) ([]act.Effect, bool) {
	switch a {
	case keys.Open:
		if c := p.Map.Cursor(); c != nil && c.Contracts > 0 {
			return act.One(act.Drill{To: act.Narrowing{Ticker: p.Ticker, Expiry: p.Map.Expiry, Strike: p.Map.Strike, Cell: true, Plain: true}}), true
		}
	case keys.Sort, keys.SortMenu:
		return act.Tell(paint.Dim, "a heat map stands by strike and expiry; Contracts can be sorted"), true
	case keys.Columns:
		return act.Tell(paint.Dim, "a heat map has no columns to choose; Contracts and Tickers have"), true
	case keys.NextMark:
		p.next(1)
	case keys.PreviousMark:
		p.next(-1)
	case keys.Only, keys.Hide:
		c, err := p.clause()
		return p.lens.Narrow(c, err, a == keys.Hide), true
	case keys.Escape:
		if p.held != nil {
			p.freeze()
		} else {
			p.Map.Start()
		}
	default:
		if !p.Map.Do(a) {
			return p.day.do(a)
		}
	}
	return nil, true
}

// next shows the next followed ticker.
func (p *Heat) next(by int) {
	tickers := p.Tickers()
	if len(tickers) == 0 {
		return
	}
	at := slices.Index(tickers, p.Ticker)
	p.Ticker = tickers[(at+by+len(tickers))%len(tickers)]
	p.load()
}

// clause is what the cell under the cursor says: its expiry.
func (p *Heat) clause() (table.Clause, error) {
	if p.Map.Cursor() == nil {
		return table.Clause{}, rows.ErrNone
	}
	day := strings.ToLower(p.Map.Expiry.UTC().Format("2Jan2006"))
	return table.Clause{Only: "exp=" + day, Hide: "exp!=" + day}, nil
}

func (p *Heat) Sort(string) bool { return false }

func (p *Heat) Click(x, y int) bool { return p.Map.Click(x, y-table.FirstRow) }

func (p *Heat) Scroll(rows int) { p.Map.Move(rows, 0) }

func (p *Heat) Fit(rows int, details bool) {
	p.Map.Read = details
	if p.Map.Height != rows {
		p.Map.Height = rows
		p.Map.Settle()
	}
}

func (p *Heat) Arrange() { p.Map.Width = p.Width }

func (p *Heat) Matching() []paint.Piece {
	out := p.counted(" contracts", !p.whole(p.Ticker))
	if p.adjusted > 0 {
		out = append(out, paint.Warn.Piece(fmt.Sprintf(" (%s adjusted not shown)", format.Count(int64(p.adjusted)))))
	}
	return out
}

// Selected is the contract of most premium in the cell.
func (p *Heat) Selected() Selection {
	s := Selection{Ticker: p.Ticker, Without: "nothing traded in this cell"}
	c := p.Map.Cursor()
	if c == nil || c.Contracts == 0 {
		return s
	}
	for i := range p.lines {
		if l := &p.lines[i]; l.Of.Expiry == p.Map.Expiry && l.Of.Strike == p.Map.Strike && (s.Account == nil || l.Premium > s.Account.Premium) {
			s.Contract, s.Account, s.Without = l.Of, &l.Account, ""
		}
	}
	if c.Contracts > 1 {
		s.Among = c.Contracts
	}
	return s
}

func (p *Heat) Reads() bool { return p.held == nil }

func (p *Heat) Draw(out []string) []string {
	out = append(out, p.title(p.Name(), p.Matching(), func(pen *paint.Pen, _ int) {
		pen.Put(paint.Text, p.Ticker)
		pen.Put(paint.Dim, "  premium by expiry and strike")
	}))
	out = append(out, p.Map.Header(&p.Pen, p.Theme, p.Width))
	from, beside := len(out), p.Moment()
	out = p.Map.Render(&p.Pen, p.Theme, p.Width, beside.Spot(p.Ticker), p.tally.Premium, p.Today(beside), out)
	p.orEmpty(out[from:], p.why)
	return out
}

// why says why the map is empty.
func (p *Heat) why() (head, more string) {
	head = "nothing traded in " + p.Ticker + " yet"
	switch {
	case !p.accounts.read:
		return "loading", "reading the day's accounts"
	case len(p.Tickers()) > 1:
		return head, p.Key(keys.PreviousMark) + " " + p.Key(keys.NextMark) + " other tickers"
	}
	return head, "it is the only ticker followed · " + p.Key(keys.Tickers) + " adds others"
}
