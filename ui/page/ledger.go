package page

import (
	"optflow/model/ledger"
	"optflow/ui/act"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/rates"
	"optflow/ui/scene"
)

// PageLedger is the name of the ledger.
const PageLedger = "Ledger"

// Ledger shows what came of the alerts, beside what did not match.
type Ledger struct {
	beside
	rates   *rates.Rates // nil: not read yet
	trouble string       // why they cannot be read
	horizon int
	height  int
	top     int // the first row in view
}

// NewLedger returns the page of the ledger.
func NewLedger(s *scene.Scene, way *Way) *Ledger {
	return &Ledger{beside: newBeside(s, way), horizon: 1} // 30 minutes
}

func (p *Ledger) Name() string { return PageLedger }

func (p *Ledger) Enter(string) { p.top = 0 }

func (p *Ledger) Take(Changes) {}

// Got takes what was read, or why it was not.
func (p *Ledger) Got(r *rates.Rates, err error) {
	p.trouble = ""
	if err != nil {
		p.trouble = err.Error()
		return
	}
	p.rates = r
}

func (p *Ledger) Do(a keys.Action) ([]act.Effect, bool) {
	all := len(ledger.Horizons())
	switch a {
	case keys.NextMark, keys.Right:
		p.horizon = (p.horizon + 1) % all
	case keys.PreviousMark, keys.Left:
		p.horizon = (p.horizon + all - 1) % all
	case keys.Poll:
		return act.One(act.ReadLedger{}), true
	case keys.Down:
		p.top++
	case keys.Up:
		p.top = max(p.top-1, 0)
	case keys.Newest:
		p.top = 0
	case keys.Open, keys.Sort, keys.Oldest, keys.PageDown, keys.PageUp, keys.HalfDown, keys.HalfUp:
	default:
		return p.do(a)
	}
	return nil, true
}

func (p *Ledger) Sort(string) bool { return false }

func (p *Ledger) Click(int, int) bool { return false }

func (p *Ledger) Scroll(rows int) { p.top = max(p.top+rows, 0) }

func (p *Ledger) Fit(rows int, _ bool) { p.height = rows }

func (p *Ledger) Arrange() {}

func (p *Ledger) Selected() Selection {
	return Selection{Never: true, Without: "the ledger's rows are rules, not contracts"}
}

func (p *Ledger) Matching() []paint.Piece {
	if p.rates == nil {
		return nil
	}
	return []paint.Piece{paint.Dim.Piece(format.Counting(int64(p.rates.Versions), "version") + " of rules")}
}

func (p *Ledger) Foot() string {
	return p.foot(hint{keys.NextMark, "next horizon"}, hint{keys.PreviousMark, "previous"}, hint{keys.Poll, "read again"}, hint{keys.Inbox, "alerts"})
}

func (p *Ledger) Draw(out []string) []string {
	h := ledger.Horizons()[p.horizon]
	out = append(out, p.title(p.Name(), []paint.Piece{paint.Strong.Piece(string(h)), paint.Dim.Piece(" after the alert was seen")}, p.Matching()))
	from, room := len(out), p.height+1
	line := func(i paint.Ink, text string) {
		if len(out)-from < room {
			out = append(out, p.Pen.Sentence(p.Theme, p.Width, i, text))
		}
	}
	below := p.below()
	switch r := p.rates; {
	case p.trouble != "":
		line(paint.Warn, p.trouble)
	case r == nil:
		line(paint.Dim, "reading what was written down …")
	default:
		p.figures(h, room-len(below)-1, line)
	}
	for len(out)-from < room-len(below) {
		line(paint.Text, "")
	}
	for _, text := range below {
		line(paint.Dim, text)
	}
	return out
}

// below is what always stands below the figures.
func (p *Ledger) below() (list []string) {
	for _, text := range rates.Below {
		for i, part := range paint.Wrap(text, p.Width-5) {
			mark := "· "
			if i > 0 {
				mark = "  "
			}
			list = append(list, mark+part)
		}
	}
	return list
}

// figures writes the table into so many lines.
func (p *Ledger) figures(h ledger.Horizon, room int, line func(paint.Ink, string)) {
	r := p.rates
	for i, text := range r.Head() {
		ink := paint.Text
		if i == 0 && r.Sim {
			ink = paint.Sim
		}
		for _, part := range paint.Wrap(text, p.Width-3) {
			line(ink, part)
			room--
		}
	}
	if r.None() {
		line(paint.Text, "")
		line(paint.Text, "no alert has fired yet, so nothing can have come of any")
		line(paint.Dim, p.Key(keys.NewAlert)+" on a row or a filter of the tape makes a rule; each alert is followed for days, losers included")
		return
	}
	head, rows := r.Lines(h, p.Width-2)
	line(paint.Header, head)
	fit := max(room-2, 1)
	p.top = max(min(p.top, len(rows)-fit), 0)
	for _, row := range rows[p.top:min(p.top+fit, len(rows))] {
		line(paint.Text, row)
	}
	if left := len(rows) - p.top - fit; left > 0 {
		line(paint.Dim, format.Counting(int64(left), "version")+" more below")
	}
}
