package rows

import (
	"errors"
	"fmt"

	"optflow/ui/table"
)

// Chosen is the selected burst as it is shown.
func (t *Table) Chosen() (*table.Cell, bool) {
	if !t.Has || t.Selected&GapBit != 0 {
		return nil, false
	}
	f := t.keep(t.Selected)
	c := t.list.contracts.At(f.row.Contract)
	if !f.fresh || c == nil {
		return nil, false
	}
	return &table.Cell{Row: &f.row, Contract: c, Marks: t.shown(f), Zone: t.zone}, true
}

// clauseAt is the clause of the selected row's cell in a column.
func (t *Table) clauseAt(id table.ID) (table.Clause, error) {
	if g, ok := t.list.GapLines[t.Selected]; ok && t.Has {
		if id != table.Tick {
			return table.Clause{}, fmt.Errorf("a gap has no %s to filter by", table.Tape[id].Name)
		}
		return table.TickerClause(g.Underlying), nil
	}
	row, ok := t.Chosen()
	if !ok {
		return table.Clause{}, ErrNone
	}
	return table.ClauseOf(id, row)
}

// Clause is that of the cell under the column cursor. Before the cursor was used,
// it is the ticker's.
func (t *Table) Clause() (table.Clause, error) {
	if !t.Pick {
		return t.clauseAt(table.Tick)
	}
	return t.clauseAt(t.Cursor)
}

// ErrNone says that there is no row to do something with.
var ErrNone = errors.New("no row is selected")
