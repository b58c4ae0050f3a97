package ui

import (
	"optflow/model"
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/table"
)

// tickersPage shows one row an underlying: its day.
type tickersPage struct {
	day
	grid    table.Grid[table.Ticker]
	volumes *model.Volumes    // of earlier sessions, nil where there are none
	joint   int64             // ms: since when the shares of the tape count, 0 not yet
	names   map[string]uint32 // numbers of tickers
}

func newTickersPage(s *scene, a *accounts, volumes *model.Volumes) *tickersPage {
	p := &tickersPage{volumes: volumes, names: make(map[string]uint32)}
	p.day = newDay(s, a, noContract, p.load)
	p.grid = table.Grid[table.Ticker]{Columns: table.TickerColumns(s.zone, volumes != nil), Fixed: 1, Sort: 4, Cursor: 4, Name: func(l *table.Ticker) uint32 { return l.Number }}
	return p
}

// noContract says why a name of the filter language says nothing where a row is
// a ticker; "" it does.
func noContract(name string) string {
	if why := noBurst(name); why != "" {
		return why
	}
	switch name {
	case "ticker", "prem", "vol", "spot":
		return ""
	}
	return name + " speaks of a contract; here a row is a ticker"
}

func (p *tickersPage) name() string { return pageTickers }

func (p *tickersPage) enter(string) {
	p.held = nil
	p.load()
}

func (p *tickersPage) take(c changes) {
	if c.followed || c.totals && p.held == nil {
		p.load()
	}
}

// number gives a ticker its number.
func (p *tickersPage) number(ticker string) uint32 {
	n, ok := p.names[ticker]
	if !ok {
		n = uint32(len(p.names))
		p.names[ticker] = n
	}
	return n
}

// load reads the totals of the followed tickers that the filter takes.
func (p *tickersPage) load() {
	p.tally = tally{}
	all := p.moment().totals
	p.joint = 0
	joint := 0.0
	for i := range all {
		if p.follows.set[all[i].Underlying] {
			joint += all[i].Joint
		}
	}
	nan := float32(model.Unknown)
	rows := p.grid.Rows[:0]
	for _, t := range all {
		if !p.follows.set[t.Underlying] {
			continue
		}
		l := table.Ticker{Totals: t, Number: p.number(t.Underlying), Share: model.Unknown, Against: model.Unknown}
		if t.JointSince > 0 && joint > 0 {
			l.Share, p.joint = t.Joint/joint, t.JointSince
		}
		if p.volumes != nil && t.Whole {
			l.Against, l.Sessions = p.volumes.Against(t.Underlying, p.dataTime(), t.CallVolume+t.PutVolume)
		}
		l.Row = model.Row{
			Kind: model.KindBurst, Start: p.now, Premium: t.CallPremium + t.PutPremium, DayVolume: table.Lots(t.CallVolume + t.PutVolume),
			Spot: float32(t.Spot), Vwap: nan, Prints: nan, IV: nan, Delta: nan, Bid: nan, Ask: nan, OpenInterest: model.UnknownCount, QuoteAge: model.NoQuote,
		}
		if p.tally.takes(p.lens.filter, &l.Row, &model.Contract{Underlying: t.Underlying, Root: t.Underlying}, p.now) {
			p.tally.premium += l.Row.Premium
			rows = append(rows, l)
		}
	}
	p.grid.Rows = rows
	p.grid.Sorted()
}

func (p *tickersPage) do(a keys.Action) ([]act.Effect, bool) {
	switch a {
	case keys.Open:
		if l := p.grid.Current(); l != nil {
			return act.One(act.Drill{To: act.Narrowing{Ticker: l.Underlying}}), true
		}
		return nil, true
	case keys.NextMark:
		return act.Tell(paint.Dim, noMark(1)), true
	case keys.PreviousMark:
		return act.Tell(paint.Dim, noMark(-1)), true
	case keys.Only, keys.Hide:
		var c table.Clause
		err := errNoRow
		if l := p.grid.Current(); l != nil {
			c, err = table.TickerClause(l.Underlying), nil
		}
		return p.lens.narrow(c, err, a == keys.Hide), true
	case keys.Escape:
		if p.held != nil {
			p.freeze()
		} else if !p.grid.Unpick() {
			p.grid.First()
		}
		return nil, true
	}
	if p.grid.Do(a) {
		return nil, true
	}
	return p.day.do(a)
}

func (p *tickersPage) sort(column string) bool { return p.grid.SortNamed(column) }

func (p *tickersPage) click(x, y int) { p.grid.Click(x, y) }

func (p *tickersPage) scroll(rows int) { p.grid.Move(rows) }

func (p *tickersPage) fit(rows int, _ bool) { p.grid.Fit(rows) }

func (p *tickersPage) arrange() { p.grid.Arrange(p.width) }

func (p *tickersPage) matching() []paint.Piece { return p.counted(" tickers", false) }

func (p *tickersPage) selected() (s picked) {
	if l := p.grid.Current(); l != nil && p.grid.Moved {
		s.ticker = l.Underlying
	}
	return s
}

func (p *tickersPage) draw(out []string) []string {
	out = append(out, p.title(p.name(), p.matching(), p.said))
	out = append(out, p.grid.Header(&p.pen, p.th, p.width))
	from := len(out)
	out = p.grid.Render(&p.pen, p.th, p.width, out)
	p.orEmpty(out[from:], func() (head, more string) { return "nothing is known of a ticker yet", p.following() })
	return out
}

// said is in what order the tickers stand and since when the shares and balances
// count, in so many cells. Where room is short the order leaves first, unless its
// arrow is not on the screen, and the filter is left some.
func (p *tickersPage) said(pen *paint.Pen, room int) {
	order := p.grid.Sorting()
	if text := p.lens.text(); text != "" && !p.lens.edited {
		room -= 5 + min(paint.Cells(text), 16)
	}
	all := p.moment().totals
	var said []string
	if p.joint > 0 {
		said = append(said, "TAPE since "+p.zone.Minute(p.joint))
	}
	if balance := sinceText(all, p.zone); balance != "" && !p.grid.ShowsNamed("since") {
		said = append(said, "BULL-BEAR "+balance)
	}
	if p.grid.ShowsNamed("last hour") {
		if text := wholeText(all, p.zone); text != "" {
			said = append(said, "LAST HOUR "+text)
		}
	}
	need := 0
	for _, text := range said {
		need += 2 + paint.Cells(text)
	}
	if paint.Cells(order)+need <= room || !p.grid.Shows(table.ID(p.grid.Sort)) {
		pen.Put(paint.Dim, order)
		room -= paint.Cells(order)
	}
	for _, text := range said {
		if paint.Cells(text)+2 > room {
			break
		}
		if pen.Written() > 11 { // behind the name of the page there is a gap already
			pen.Space(2)
		}
		pen.Put(paint.Dim, text)
		room -= paint.Cells(text) + 2
	}
}
