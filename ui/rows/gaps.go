package rows

import (
	"cmp"
	"slices"

	"optflow/model"
	"optflow/ui/format"
	"optflow/ui/paint"
	"optflow/ui/table"
)

// gapJoin is how far apart two gaps of one underlying and reason may be, in ms,
// and still be told in one line: an outage ends differently for each contract.
const gapJoin = 15_000

// lateJoin is the same for prints that came too late to be in any bar. They
// drip in all day; a line each would bury the tape.
const lateJoin = 300_000

// gapLine is what the screen says of the gaps of one underlying in one stretch
// of time: contracts' gap rows joined.
type gapLine struct {
	Underlying string
	reason     model.GapReason
	from, To   int64 // ms
	lots       uint64
	contracts  int
	first      model.ContractID // of the earliest row, which names the line
}

// gapRow is one contract's gap row.
type gapRow struct {
	id         uint32
	contract   model.ContractID
	underlying string
	from, to   int64
	lots       uint32
	reason     model.GapReason
}

// joinGaps makes lines out of rows. The rows are reordered.
func joinGaps(rows []gapRow, out []gapLine) []gapLine {
	slices.SortFunc(rows, func(a, b gapRow) int {
		return cmp.Or(cmp.Compare(a.underlying, b.underlying), cmp.Compare(a.reason, b.reason), cmp.Compare(a.from, b.from), cmp.Compare(a.contract, b.contract))
	})
	contracts := make(map[model.ContractID]struct{})
	for i, r := range rows {
		join := int64(gapJoin)
		if r.reason == model.GapNotInBars {
			join = lateJoin
		}
		if n := len(out) - 1; i > 0 && n >= 0 && out[n].Underlying == r.underlying && out[n].reason == r.reason && r.from <= out[n].To+join {
			out[n].To = max(out[n].To, r.to)
			out[n].lots += uint64(r.lots)
			contracts[r.contract] = struct{}{}
			out[n].contracts = len(contracts)
			continue
		}
		clear(contracts)
		contracts[r.contract] = struct{}{}
		out = append(out, gapLine{r.underlying, r.reason, r.from, r.to, uint64(r.lots), 1, r.contract})
	}
	return out
}

// GapWords say what is being done about a gap, or why nothing can be.
var GapWords = [...]string{
	model.GapPending:      "still expected",
	model.GapLost:         "asking REST",
	model.GapPaused:       "the feed was paused",
	model.GapNotInBars:    "in no bar: late prints",
	model.GapSinceUnknown: "asking REST; since when is unknown",
}

// Text is the line's sentence behind the ticker, in room cells: what is being
// done about it leaves first, then the times.
func (g *gapLine) Text(z *format.Zone, room int) string {
	verb := " are"
	if g.lots == 1 {
		verb = " is"
	}
	text := format.Counting(int64(g.lots), "lot") + " in " + format.Counting(int64(g.contracts), "contract") + verb + " missing"
	for _, more := range []string{", " + z.Clock(g.from) + " to " + z.Clock(g.To), "; " + GapWords[min(int(g.reason), len(GapWords)-1)]} {
		if paint.Cells(text)+paint.Cells(more) > room {
			break
		}
		text += more
	}
	return text
}

// draw writes the line in the columns of the tape, where TIME is the first of
// them.
func (g *gapLine) draw(p *paint.Pen, l *table.Layout, z *format.Zone) {
	p.Put(paint.Dim, z.Clock(g.To))
	cols := l.Cols[1:]
	if l.Cols[0].ID != table.Time {
		p.Space(1)
		p.Put(paint.Warn, "gap ")
		p.Put(paint.Strong, g.Underlying)
		cols = nil
	}
	for _, c := range cols {
		switch c.ID {
		case table.Mark:
			p.Space(c.Gap)
			p.Start(paint.Warn, "gap", c.Width)
		case table.Tick:
			p.Space(c.Gap)
			p.Start(paint.Strong, g.Underlying, c.Width)
		}
	}
	p.Space(1)
	p.Put(paint.Warn, g.Text(z, p.Left()-1))
}
