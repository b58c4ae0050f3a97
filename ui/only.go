package ui

import "fmt"

// chosen is the selected burst as it is shown.
func (t *rowTable) chosen() (*cell, bool) {
	if !t.has || t.selected&gapBit != 0 {
		return nil, false
	}
	f := t.keep(t.selected)
	c := t.list.contracts.At(f.row.Contract)
	if !f.fresh || c == nil {
		return nil, false
	}
	return &cell{row: &f.row, contract: c, marks: f.marks, zone: t.zone}, true
}

// clauseAt is the clause of the selected row's cell in a column.
func (t *rowTable) clauseAt(id columnID) (clause, error) {
	if g, ok := t.list.gapLines[t.selected]; ok && t.has {
		if id != colTick {
			return clause{}, fmt.Errorf("a gap has no %s to filter by", tapeColumns[id].name)
		}
		return tickerClause(g.underlying), nil
	}
	row, ok := t.chosen()
	if !ok {
		return clause{}, errNoRow
	}
	return clauseOf(id, row)
}

// clause is that of the cell under the column cursor. Before the cursor was used,
// it is the ticker's.
func (t *rowTable) clause() (clause, error) {
	if !t.pick {
		return t.clauseAt(colTick)
	}
	return t.clauseAt(t.cursor)
}
