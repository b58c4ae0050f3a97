// Package totals is the strip of sums per underlying, and what is said of the time
// since which sums count.
package totals

import (
	"cmp"
	"math"
	"slices"
	"time"

	"optflow/model"
	"optflow/model/view"
	"optflow/ui/format"
	"optflow/ui/paint"
	"optflow/ui/table"
)

// Strip is the strip of sums per underlying.
type Strip struct {
	Rows   []model.Totals
	First  string // the underlying to show first: that of the selected row
	More   string // the key that leads to those that have no room
	Zone   *format.Zone
	room   []model.Totals // for the sorted rows
	words  []tickerWords  // for the one-line form
	detail int            // and in how much

	look  look // that the lines below have
	lines []string
}

// look is what the lines of a strip are made of: they change with the feed's state
// and the selected ticker, not with every frame.
type look struct {
	rows           *model.Totals // the first of them
	n              int
	first          string
	place          *time.Location
	theme          *paint.Theme
	columns, lines int
}

// Lines is how many lines the strip has in a window of that height.
func Lines(height, tickers int) int {
	switch {
	case tickers == 0 || height < 20:
		return 0
	case height < 30:
		return 1
	case height < 40:
		return 1 + min(tickers, 2)
	}
	return 1 + min(tickers, 2+(height-34)/6)
}

// Render writes the strip into lines.
func (t *Strip) Render(p *paint.Pen, th *paint.Theme, columns, lines int, out []string) []string {
	if lines == 0 {
		return out
	}
	now := look{&t.Rows[0], len(t.Rows), t.First, t.Zone.Location(), th, columns, lines}
	if now != t.look {
		t.look, t.lines = now, t.draw(p, th, columns, lines, t.lines[:0])
	}
	return append(out, t.lines...)
}

func (t *Strip) draw(p *paint.Pen, th *paint.Theme, columns, lines int, out []string) []string {
	rows := t.sorted()
	if lines == 1 {
		return append(out, t.brief(p, th, columns, rows, false))
	}
	full := lines - 1
	if len(rows) > full { // the last line has all that are left
		full--
	}
	shown := rows[:min(len(rows), full)]
	common := commonSince(rows)
	out = append(out, t.header(p, th, columns, common, shown))
	top := 1.0
	for _, r := range rows {
		top = max(top, r.CallPremium, r.PutPremium)
	}
	for i := range shown {
		p.Line(th, paint.OnPlain, columns)
		t.row(p, &shown[i], top, common > 0)
		out = append(out, p.End())
	}
	if rest := rows[len(shown):]; len(rest) > 0 {
		out = append(out, t.brief(p, th, columns, rest, common > 0))
	}
	return out
}

// At is the ticker at a cell of a line of the strip as it was last written, "" for
// none.
func (t *Strip) At(x, line, lines int) string {
	full := 0
	if lines > 1 {
		line-- // the header
		if full = lines - 1; len(t.room) > full {
			full--
		}
	}
	switch {
	case line < 0 || lines == 0 || len(t.room) == 0:
		return ""
	case line < full:
		return t.room[min(line, len(t.room)-1)].Underlying
	}
	from := 0
	for i := range t.words {
		if from += t.words[i].width(t.detail); x < from {
			return t.words[i].name
		}
	}
	return ""
}

// sorted puts the selected row's underlying first, then those of most premium.
func (t *Strip) sorted() []model.Totals {
	rows := append(t.room[:0], t.Rows...)
	t.room = rows
	slices.SortStableFunc(rows, func(a, b model.Totals) int {
		switch t.First {
		case a.Underlying:
			return -1
		case b.Underlying:
			return 1
		}
		return cmp.Compare(b.CallPremium+b.PutPremium, a.CallPremium+a.PutPremium)
	})
	return rows
}

// The strip's columns, in cells from the left.
const (
	totalsTick  = 1
	totalsSpot  = 7
	totalsCalls = 17
	totalsPuts  = 38
	totalsRatio = 58
	totalsBull  = 67
	totalsSpark = 103
	barCells    = 10
)

// header writes the heads, with since when all balances count, 0 where each has its
// own start, and from when the minutes of those shown are whole.
func (t *Strip) header(p *paint.Pen, th *paint.Theme, columns int, since int64, shown []model.Totals) string {
	p.Line(th, paint.OnPlain, columns)
	p.Space(totalsTick)
	p.Put(paint.Header, "TICK")
	p.To(totalsSpot)
	p.Number(paint.Header, []byte("SPOT"), 7)
	p.To(totalsCalls)
	p.Put(paint.Header, "  CALLS today")
	p.To(totalsPuts)
	p.Put(paint.Header, "  PUTS today")
	p.To(totalsRatio)
	p.Number(paint.Header, []byte("P/C"), 4)
	p.To(totalsBull + 2)
	p.Put(paint.Header, "BULL-BEAR")
	if since > 0 {
		p.Put(paint.Header, " since ")
		p.Number(paint.Header, t.Zone.AppendMinute(p.Scratch(), since), len("09:52"))
	}
	const of = "last hour, "
	whole := AppendWhole(p.Scratch(), shown, t.Zone)
	if long := len(of) + len(whole); len(whole) > 0 && p.Left() > long+3 {
		p.To(columns - 1 - long)
		p.Put(paint.Faint, of)
	} else if p.Left() <= len(whole)+3 {
		whole = nil
	}
	p.To(columns - 1 - len(whole))
	p.Number(paint.Faint, whole, len(whole))
	return p.End()
}

func (t *Strip) row(p *paint.Pen, r *model.Totals, top float64, dated bool) {
	p.Space(totalsTick)
	p.Start(paint.Strong, r.Underlying, 6)
	p.To(totalsSpot)
	if math.IsNaN(r.Spot) {
		p.Number(paint.Faint, []byte("–"), 7)
	} else {
		p.Number(paint.Text, format.AppendPrice(p.Scratch(), r.Spot), 7)
	}
	p.To(totalsCalls)
	bar(p, paint.Call, r.CallPremium, top, r.Whole)
	p.To(totalsPuts)
	bar(p, paint.Put, r.PutPremium, top, r.Whole)
	p.To(totalsRatio)
	if r.CallPremium > 0 && r.Whole {
		p.Number(paint.Text, format.AppendPutCall(p.Scratch(), r.PutPremium/r.CallPremium), 4)
	} else {
		p.Number(paint.Faint, []byte("–"), 4)
	}
	p.To(totalsBull)
	since := ""
	if !dated {
		since = t.Zone.Minute(r.Since)
	}
	bullBear(p, r, since)
	p.To(totalsSpark)
	if n := paint.SparkCells(len(r.Minutes), p.Left()-1); n > 0 {
		p.To(p.Room() - 1 - n)
		p.Spark(r.Minutes, r.Partial, n)
	}
}

// bar writes an amount and its length against the largest one.
func bar(p *paint.Pen, i paint.Ink, v, top float64, whole bool) {
	text := paint.Text
	if !whole {
		text = paint.Faint
	}
	p.Number(text, format.AppendSum(p.Scratch(), v, whole), 7)
	p.Space(1)
	n := int(math.Round(v / top * barCells))
	if v > 0 {
		n = max(n, 1)
	}
	for range min(n, barCells) {
		p.Put(i, "▇")
	}
}

// bullBear writes the balance with the share of premium that it stands on, and
// since when where the header does not say it.
func bullBear(p *paint.Pen, r *model.Totals, since string) {
	if r.Premium <= 0 {
		p.Number(paint.Faint, []byte("–"), 8)
		p.Put(paint.Dim, " no row yet")
		return
	}
	text, i := table.Balance(p.Scratch(), r)
	p.Number(i, text, 8)
	p.Put(paint.Dim, " on ")
	p.Number(paint.Dim, format.AppendShare(p.Scratch(), view.SureShare(r)), 3)
	if since == "" {
		p.Put(paint.Dim, " of premium")
		return
	}
	p.Put(paint.Dim, " since ")
	p.Put(paint.Dim, since)
}
