package ui

import (
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/table"
	"slices"
	"strings"
)

// heatPage shows one ticker's day: expiry across, strike down.
type heatPage struct {
	day
	heat   heatMap
	ticker string
	lines  []table.Contract // of the map
}

func newHeatPage(s *scene, a *accounts) *heatPage {
	p := new(heatPage)
	p.day = newDay(s, a, noBurst, p.load)
	return p
}

func (p *heatPage) name() string { return pageHeat }

func (p *heatPage) enter(ticker string) {
	p.held, p.ticker = nil, ticker
	p.load()
}

func (p *heatPage) take(c changes) {
	if c.accounts || c.followed {
		p.load()
	}
}

// load reads what is held anew.
func (p *heatPage) load() {
	if tickers := p.tickers(); len(tickers) > 0 && !slices.Contains(tickers, p.ticker) {
		p.ticker = tickers[0]
	}
	p.lines = p.contractLines(p.lines[:0], &act.Narrowing{Ticker: p.ticker})
	p.heat.load(p.lines)
}

func (p *heatPage) do(a keys.Action) ([]act.Effect, bool) {
	switch a {
	case keys.Open:
		if c := p.heat.cursor(); c != nil && c.contracts > 0 {
			return act.One(act.Drill{To: act.Narrowing{Ticker: p.ticker, Expiry: p.heat.expiry, Strike: p.heat.strike, Cell: true}}), true
		}
	case keys.Sort:
		return act.Tell(paint.Dim, "a heat map stands by strike and expiry; Contracts can be sorted"), true
	case keys.NextMark:
		p.next(1)
	case keys.PreviousMark:
		p.next(-1)
	case keys.Only, keys.Hide:
		c, err := p.clause()
		return p.lens.narrow(c, err, a == keys.Hide), true
	case keys.Escape:
		if p.held != nil {
			p.freeze()
		} else {
			p.heat.start()
		}
	default:
		if !p.heat.do(a) {
			return p.day.do(a)
		}
	}
	return nil, true
}

// next shows the next followed ticker.
func (p *heatPage) next(by int) {
	tickers := p.tickers()
	if len(tickers) == 0 {
		return
	}
	at := slices.Index(tickers, p.ticker)
	p.ticker = tickers[(at+by+len(tickers))%len(tickers)]
	p.heat.heatPlace = heatPlace{}
	p.load()
}

// clause is what the cell under the cursor says: its expiry.
func (p *heatPage) clause() (table.Clause, error) {
	if p.heat.cursor() == nil {
		return table.Clause{}, errNoRow
	}
	day := strings.ToLower(p.heat.expiry.UTC().Format("2Jan2006"))
	return table.Clause{Only: "exp=" + day, Hide: "exp!=" + day}, nil
}

func (p *heatPage) sort(string) bool { return false }

func (p *heatPage) click(int, int) {}

func (p *heatPage) scroll(rows int) { p.heat.move(rows, 0) }

func (p *heatPage) fit(rows int, _ bool) {
	if p.heat.height != rows {
		p.heat.height = rows
		p.heat.settle()
	}
}

func (p *heatPage) arrange() { p.heat.width = p.width }

func (p *heatPage) matching() []paint.Piece { return p.counted(" contracts", !p.whole(p.ticker)) }

func (p *heatPage) selected() picked { return picked{ticker: p.ticker} }

func (p *heatPage) reads() bool { return p.held == nil }

func (p *heatPage) draw(out []string) []string {
	out = append(out, p.title(p.name(), p.matching(), func(pen *paint.Pen, _ int) {
		pen.Put(paint.Text, p.ticker)
		pen.Put(paint.Dim, "  premium by expiry and strike")
	}))
	out = append(out, p.heat.header(&p.pen, p.th, p.width))
	from, beside := len(out), p.moment()
	out = p.heat.render(&p.pen, p.th, p.width, beside.spot(p.ticker), p.tally.premium, p.today(beside), out)
	p.orEmpty(out[from:], p.why)
	return out
}

// why says why the map is empty.
func (p *heatPage) why() (head, more string) {
	head = "nothing traded in " + p.ticker + " yet"
	switch {
	case !p.accounts.read:
		return "loading", "reading the day's accounts"
	case len(p.tickers()) > 1:
		return head, p.key(keys.PreviousMark) + " " + p.key(keys.NextMark) + " other tickers"
	}
	return head, "it is the only ticker followed · " + p.key(keys.Tickers) + " adds others"
}
