package ui

import (
	"cmp"
	"slices"

	"optflow/model"
	"optflow/ui/tail"
)

// rows are copies of all that the tape shows, filtered and sorted as it shows
// them. A line that tells of several gaps stands for each of them.
func (m *Model) rows() []tail.Line {
	out := make([]tail.Line, 0, m.list.ord.len())
	m.list.walk(0, 1, func(_ int, id uint32) bool {
		if g, ok := m.list.gapLines[id]; ok {
			out = append(out, m.gapsOf(&g)...)
			return true
		}
		if row, ok := m.rowOf(id); ok {
			if row.Kind == model.KindBurst {
				row.Revision = 0 // counts prints of a line, of which this is the first
			}
			out = append(out, tail.Line{Row: row, Contract: m.list.contracts.At(row.Contract)})
		}
		return true
	})
	return out
}

// rowOf is a copy of a burst as it is shown; a frozen picture shows what it
// froze.
func (m *Model) rowOf(id uint32) (model.Row, bool) {
	if f := m.table.lines[id]; f != nil && f.fresh {
		return f.row, true
	}
	b := m.bursts.Get(id)
	if b == nil || m.table.lost[id] {
		return model.Row{}, false
	}
	return b.Row, m.list.contracts.At(b.Row.Contract) != nil
}

// gapsOf are the gap rows that a line tells of.
func (m *Model) gapsOf(g *gapLine) (out []tail.Line) {
	for id, r := range m.list.gapRows {
		if r.underlying != g.underlying || r.reason != g.reason || r.from < g.from || r.from > g.to {
			continue
		}
		if b := m.bursts.Get(id); b != nil {
			out = append(out, tail.Line{Row: b.Row, Contract: m.list.contracts.At(b.Row.Contract)})
		}
	}
	slices.SortFunc(out, func(a, b tail.Line) int {
		return cmp.Or(cmp.Compare(a.Row.Start, b.Row.Start), cmp.Compare(a.Contract.Symbol, b.Contract.Symbol))
	})
	return out
}

// printing is how rows of this screen are printed elsewhere.
func (m *Model) printing(f tail.Format) tail.Lines {
	return tail.Lines{Format: f, Interval: m.interval, Rules: m.opt.Rules, Zone: m.zone.Location()}
}
