package ui

import (
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/table"
)

// do carries an action of the tape out.
func (t *tapePage) do(a keys.Action) ([]act.Effect, bool) {
	if t.table.do(a) {
		return nil, true
	}
	switch a {
	case keys.Left:
		t.column(-1)
	case keys.Right:
		t.column(1)
	case keys.Sort:
		t.sortBy(t.table.cursor)
	case keys.NextMark, keys.PreviousMark:
		by := 1
		if a == keys.PreviousMark {
			by = -1
		}
		if !t.table.marked(by) {
			return act.One(act.Say{Ink: paint.Dim, Text: noMark(by)}), true
		}
	case keys.Only, keys.Hide:
		c, err := t.table.clause()
		return t.lens.narrow(c, err, a == keys.Hide), true
	case keys.Find:
		return act.One(act.OpenPane{Place: keys.InFind}), true
	case keys.FindNext:
		return t.find.next(1), true
	case keys.FindPrevious:
		return t.find.next(-1), true
	case keys.CopyRow:
		return t.share.row(t), true
	case keys.CopyCommand:
		return t.share.command(t), true
	case keys.Export:
		return act.One(act.Export{}), true
	case keys.Interval:
		t.joinBy(t.pull.interval.Next())
	case keys.Freeze:
		t.freeze()
	case keys.Open:
		return t.open(), true
	case keys.Escape:
		t.escape()
	default:
		return nil, false
	}
	return nil, true
}

// escape closes the innermost thing, then follows again.
func (t *tapePage) escape() {
	switch {
	case t.table.frozen:
		t.freeze()
	case t.find.text != "":
		t.find.end()
	case t.table.pick:
		t.table.pick, t.table.cursor = false, t.list.sort
		t.arrange()
	default:
		t.table.newest()
	}
}

// column moves the column cursor over the columns that can have a value.
func (t *tapePage) column(by int) {
	missing := t.missing()
	if !t.table.pick {
		t.table.pick = true // the first key shows where it is
		t.arrange()
		return
	}
	for at := int(t.table.cursor) + by; at >= 0 && at < len(table.Tape); at += by {
		if !missing.Has(table.ID(at)) {
			t.table.cursor = table.ID(at)
			break
		}
	}
	t.arrange()
}

// open shows the details of the selected row.
func (t *tapePage) open() []act.Effect {
	if !t.table.has {
		return nil
	}
	id := t.table.selected
	if id&gapBit != 0 {
		return act.Tell(paint.Dim, "a gap line joins several contracts; open a row of one of them")
	}
	row, ok := t.table.chosen()
	if !ok {
		return nil
	}
	what := act.Detail{ID: row.Row.Contract, HasRow: true, Handle: id, Row: *row.Row, Marks: row.Marks}
	if b := t.pull.bursts.Get(id); b != nil && b.Row.Start == what.Row.Start && !changedRow(&what.Row, &b.Row) {
		what.Windows, _ = t.pull.bursts.Windows(id, nil)
		what.Twins = t.pull.bursts.Twins(id, nil)
	}
	return act.One(act.OpenDetails{Of: what})
}

// click selects the row that was clicked, or sorts by the header.
func (t *tapePage) click(x, y int) {
	if y == table.HeaderLine {
		if id, ok := t.table.layout.Under(x); ok {
			t.sortBy(id)
		}
		return
	}
	if row := y - table.FirstRow - t.pins.lines(); row >= 0 && row < len(t.table.visible) {
		t.table.jump(t.table.top + row)
	}
}

func (t *tapePage) scroll(rows int) { t.table.move(rows) }
