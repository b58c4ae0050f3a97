package ui

import (
	"fmt"
	"optflow/ui/table"
)

// chosen is the selected burst as it is shown.
func (t *rowTable) chosen() (*table.Cell, bool) {
	if !t.has || t.selected&gapBit != 0 {
		return nil, false
	}
	f := t.keep(t.selected)
	c := t.list.contracts.At(f.row.Contract)
	if !f.fresh || c == nil {
		return nil, false
	}
	return &table.Cell{Row: &f.row, Contract: c, Marks: f.marks, Zone: t.zone}, true
}

// clauseAt is the clause of the selected row's cell in a column.
func (t *rowTable) clauseAt(id table.ID) (table.Clause, error) {
	if g, ok := t.list.gapLines[t.selected]; ok && t.has {
		if id != table.Tick {
			return table.Clause{}, fmt.Errorf("a gap has no %s to filter by", table.Tape[id].Name)
		}
		return table.TickerClause(g.underlying), nil
	}
	row, ok := t.chosen()
	if !ok {
		return table.Clause{}, errNoRow
	}
	return table.ClauseOf(id, row)
}

// clause is that of the cell under the column cursor. Before the cursor was used,
// it is the ticker's.
func (t *rowTable) clause() (table.Clause, error) {
	if !t.pick {
		return t.clauseAt(table.Tick)
	}
	return t.clauseAt(t.cursor)
}
