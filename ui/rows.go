package ui

import (
	"cmp"
	"slices"

	"optflow/model"
	"optflow/ui/tail"
)

// rows are copies of all that the tape shows, filtered and sorted as it shows
// them. A line that tells of several gaps stands for each of them.
func (t *rowTable) rows() []tail.Line {
	out := make([]tail.Line, 0, t.list.ord.Len())
	t.list.walk(0, 1, func(_ int, id uint32) bool {
		if g, ok := t.list.gapLines[id]; ok {
			out = append(out, t.list.gapsOf(&g)...)
			return true
		}
		if row, ok := t.rowOf(id); ok {
			if row.Kind == model.KindBurst {
				row.Revision = 0 // counts prints of a line, of which this is the first
			}
			out = append(out, tail.Line{Row: row, Contract: t.list.contracts.At(row.Contract)})
		}
		return true
	})
	return out
}

// rowOf is a copy of a burst as it is shown; a frozen picture shows what it
// froze.
func (t *rowTable) rowOf(id uint32) (model.Row, bool) {
	if f := t.lines[id]; f != nil && f.fresh {
		return f.row, true
	}
	b := t.list.bursts.Get(id)
	if b == nil || t.lost[id] {
		return model.Row{}, false
	}
	return b.Row, t.list.contracts.At(b.Row.Contract) != nil
}

// gapsOf are the gap rows that a line tells of.
func (l *list) gapsOf(g *gapLine) (out []tail.Line) {
	for id, r := range l.gapRows {
		if r.underlying != g.underlying || r.reason != g.reason || r.from < g.from || r.from > g.to {
			continue
		}
		if b := l.bursts.Get(id); b != nil {
			out = append(out, tail.Line{Row: b.Row, Contract: l.contracts.At(b.Row.Contract)})
		}
	}
	slices.SortFunc(out, func(a, b tail.Line) int {
		return cmp.Or(cmp.Compare(a.Row.Start, b.Row.Start), cmp.Compare(a.Contract.Symbol, b.Contract.Symbol))
	})
	return out
}

// changedRow reports whether a burst says something new. What is unknown is
// never equal, so rows are not simply compared.
func changedRow(a, b *model.Row) bool {
	return a.Size != b.Size || a.Premium != b.Premium || a.Span != b.Span || a.DayVolume != b.DayVolume || a.Revision != b.Revision ||
		a.Side != b.Side || a.Certainty != b.Certainty || a.Flags != b.Flags || a.Replaces != b.Replaces
}
