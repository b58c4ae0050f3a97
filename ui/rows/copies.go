package rows

import (
	"cmp"
	"slices"

	"optflow/model"
	"optflow/ui/tail"
)

// Rows are copies of all that the tape shows, filtered and sorted as it shows
// them. A line that tells of several gaps stands for each of them.
func (t *Table) Rows() []tail.Line {
	out := make([]tail.Line, 0, t.list.Ord.Len())
	t.list.Walk(0, 1, func(_ int, id uint32) bool {
		if g, ok := t.list.GapLines[id]; ok {
			out = append(out, t.list.GapsOf(&g)...)
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
func (t *Table) rowOf(id uint32) (model.Burst, bool) {
	if f := t.lines[id]; f != nil && f.fresh {
		return f.row, true
	}
	b := t.list.Bursts.Get(id)
	if b == nil || t.lost[id] {
		return model.Burst{}, false
	}
	return b.Burst, t.list.contracts.At(b.Row.Contract) != nil
}

// GapsOf are the gap rows that a line tells of.
func (l *List) GapsOf(g *gapLine) (out []tail.Line) {
	for id, r := range l.gapRows {
		if r.underlying != g.Underlying || r.reason != g.reason || r.from < g.from || r.from > g.To {
			continue
		}
		if b := l.Bursts.Get(id); b != nil {
			out = append(out, tail.Line{Row: b.Burst, Contract: l.contracts.At(b.Row.Contract)})
		}
	}
	slices.SortFunc(out, func(a, b tail.Line) int {
		return cmp.Or(cmp.Compare(a.Row.Start, b.Row.Start), cmp.Compare(a.Contract.Symbol, b.Contract.Symbol))
	})
	return out
}

// ChangedRow reports whether a burst says something new. What is unknown is
// never equal, so rows are not simply compared.
func ChangedRow(a, b *model.Burst) bool {
	return a.Size != b.Size || a.Premium != b.Premium || a.Span != b.Span || a.DayVolume != b.DayVolume || a.Revision != b.Revision ||
		a.Side != b.Side || a.Certainty != b.Certainty || a.Flags != b.Flags || a.Rank != b.Rank
}
