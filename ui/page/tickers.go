package page

import (
	"optflow/model"
	"optflow/model/filter"
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/rows"
	"optflow/ui/scene"
	"optflow/ui/table"
	"optflow/ui/tail"
	"optflow/ui/totals"
)

// Tickers shows one row an underlying: its day.
type Tickers struct {
	day
	gridded[table.Ticker]
	volumes *model.Volumes    // of earlier sessions, nil where there are none
	joint   int64             // ms: since when the shares of the tape count, 0 not yet
	names   map[string]uint32 // numbers of tickers
}

// NewTickers returns the page of tickers; volumes are those of earlier sessions, nil
// where there are none.
func NewTickers(s *scene.Scene, a *Accounts, volumes *model.Volumes) *Tickers {
	p := &Tickers{gridded: gridded[table.Ticker]{name: pageTickers}, volumes: volumes, names: make(map[string]uint32)}
	p.day = newDay(s, a, filter.OfTicker, p.load)
	p.Grid = table.Grid[table.Ticker]{Columns: table.TickerColumns(s.Zone, volumes != nil), Sort: 4, Cursor: 4, Name: func(l *table.Ticker) uint32 { return l.Number }}
	p.gives = gives{tail.Tickers, p.picture, func() ([]string, string) { return p.Scene.Tickers(), "" }, func() string { return byPremium(&p.Grid) }}
	return p
}

func (p *Tickers) picture(only bool) *tail.Picture {
	all := p.snapshot()
	all.Tickers = copies(&p.Grid, only)
	return all
}

func (p *Tickers) Enter(string) {
	p.held = nil
	p.load()
}

func (p *Tickers) Take(c Changes) {
	if c.Followed || c.Totals && p.held == nil {
		p.load()
	}
}

// number gives a ticker its number.
func (p *Tickers) number(ticker string) uint32 {
	n, ok := p.names[ticker]
	if !ok {
		n = uint32(len(p.names))
		p.names[ticker] = n
	}
	return n
}

// load reads the totals of the followed tickers that the filter takes.
func (p *Tickers) load() {
	of := p.of(p.Now)
	p.Grid.Rows, p.tally, p.joint = of.TickerDays(p.Grid.Rows[:0], p.volumes, p.DataTime())
	for i := range p.Grid.Rows {
		p.Grid.Rows[i].Number = p.number(p.Grid.Rows[i].Underlying)
	}
	p.Grid.Sorted()
}

func (p *Tickers) Do(a keys.Action) ([]act.Effect, bool) {
	switch a {
	case keys.Open:
		if l := p.Grid.Current(); l != nil {
			return act.One(act.Drill{To: act.Narrowing{Ticker: l.Underlying}}), true
		}
		return nil, true
	case keys.NextMark:
		return act.Tell(paint.Dim, noMark(1)), true
	case keys.PreviousMark:
		return act.Tell(paint.Dim, noMark(-1)), true
	case keys.Only, keys.Hide:
		var c table.Clause
		err := rows.ErrNone
		if l := p.Grid.Current(); l != nil {
			c, err = table.TickerClause(l.Underlying), nil
		}
		return p.lens.Narrow(c, err, a == keys.Hide), true
	case keys.Escape:
		if p.held != nil {
			p.freeze()
		} else if !p.Grid.Unpick() {
			p.Grid.First()
		}
		return nil, true
	}
	if p.Grid.Do(a) {
		return nil, true
	}
	return p.day.do(a)
}

func (p *Tickers) Fit(rows int, _ bool) { p.Grid.Fit(rows) }

func (p *Tickers) Arrange() { p.Grid.Arrange(p.Width) }

func (p *Tickers) Matching() []paint.Piece { return p.counted(" tickers", false) }

func (p *Tickers) Selected() (s Selection) {
	s.Never, s.Without = true, "a row is a ticker here, not a contract; "+p.Key(keys.Open)+" shows its contracts"
	if l := p.Grid.Current(); l != nil && p.Grid.Moved {
		s.Ticker = l.Underlying
	}
	return s
}

func (p *Tickers) Draw(out []string) []string {
	out = append(out, p.title(p.Name(), p.Matching(), p.said))
	out = append(out, p.Grid.Header(&p.Pen, p.Theme, p.Width))
	from := len(out)
	out = p.Grid.Render(&p.Pen, p.Theme, p.Width, out)
	p.orEmpty(out[from:], func() (head, more string) { return "nothing is known of a ticker yet", p.Following() })
	return out
}

// said is in what order the tickers stand and since when the shares and balances
// count, in so many cells. Where room is short the order leaves first, unless its
// arrow is not on the screen, and the filter is left some.
func (p *Tickers) said(pen *paint.Pen, room int) {
	order := p.Grid.Sorting()
	if text := p.lens.Text(); text != "" && !p.lens.Edited {
		room -= 5 + min(paint.Cells(text), 16)
	}
	all := p.Moment().Totals
	var said []string
	if p.joint > 0 {
		said = append(said, "TAPE since "+p.Zone.Minute(p.joint))
	}
	if balance := totals.SinceText(all, p.Zone); balance != "" && !p.Grid.ShowsNamed("since") {
		said = append(said, "BULL-BEAR "+balance)
	}
	if p.Grid.ShowsNamed("last hour") {
		if text := string(totals.AppendWhole(nil, all, p.Zone)); text != "" {
			said = append(said, "LAST HOUR "+text)
		}
	}
	need := 0
	for _, text := range said {
		need += 2 + paint.Cells(text)
	}
	if paint.Cells(order)+need <= room || !p.Grid.Shows(table.ID(p.Grid.Sort)) {
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
