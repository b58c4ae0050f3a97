package page

import (
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/table"
)

// Do carries an action of the tape out.
func (t *Tape) Do(a keys.Action) ([]act.Effect, bool) {
	if t.Table.Do(a) {
		t.sought = sought{} // the reader has gone elsewhere
		return nil, true
	}
	switch a {
	case keys.Left:
		t.column(-1)
	case keys.Right:
		t.column(1)
	case keys.Sort:
		t.SortBy(t.Table.Cursor)
	case keys.NextMark, keys.PreviousMark:
		by := 1
		if a == keys.PreviousMark {
			by = -1
		}
		if !t.Table.Marked(by) {
			return act.One(act.Say{Ink: paint.Dim, Text: noMark(by)}), true
		}
	case keys.Only, keys.Hide:
		c, err := t.Table.Clause()
		return t.Lens.Narrow(c, err, a == keys.Hide), true
	case keys.Find:
		return act.One(act.OpenPane{Place: keys.InFind}), true
	case keys.FindNext:
		return t.Find.Next(1), true
	case keys.FindPrevious:
		return t.Find.Next(-1), true
	case keys.CopyRow:
		return t.copyRow(), true
	case keys.CopyCommand:
		return t.command(), true
	case keys.Export:
		return act.One(act.Export{}), true
	case keys.Interval:
		if err := t.JoinBy(t.Pull.Interval.Next()); err != nil {
			return act.Tell(paint.Warn, err.Error()), true
		}
	case keys.Freeze:
		t.freeze()
	case keys.Open:
		return t.Open(), true
	case keys.Clear:
		return t.clear(), true
	case keys.Escape:
		t.escape()
	default:
		return nil, false
	}
	return nil, true
}

// escape closes the innermost thing, then follows again.
func (t *Tape) escape() {
	switch {
	case t.Table.Frozen:
		t.freeze()
	case t.Find.Text != "":
		t.Find.End()
	case t.Table.Pick:
		t.Table.Pick, t.Table.Cursor = false, t.List.Sort
		t.Arrange()
	default:
		t.Table.Newest()
	}
}

// column moves the column cursor over the columns that can have a value.
func (t *Tape) column(by int) {
	if t.Table.Pick { // the first key shows where it is
		t.Table.Cursor = t.columns.Of(len(table.Tape)).Without(table.Gone(t.State.Plan)).Step(t.Table.Cursor, by)
	}
	t.Table.Pick = true
	t.Arrange()
}

// Open shows the details of the selected row, or closes them.
func (t *Tape) Open() []act.Effect {
	if !t.Table.Has {
		return nil
	}
	return act.One(act.OpenDetails{})
}

// Click selects the row that was clicked, or sorts by the header.
func (t *Tape) Click(x, y int) bool {
	if y == table.HeaderLine {
		if id, ok := t.Table.Layout.Under(x); ok {
			t.SortBy(id)
		}
		return false
	}
	row := y - table.FirstRow - t.Pins.Lines()
	if row < 0 || row >= len(t.Table.Visible) {
		return false
	}
	t.Table.Jump(t.Table.Top + row)
	return true
}

// TabAt is the tab at a place of the screen, if there is one.
func (t *Tape) TabAt(x, y int) (at int, on bool) {
	if y != table.TitleLine {
		return 0, false
	}
	return t.Tabs.at(x, t.Title.tabs, t.Lens.Filter != nil)
}

func (t *Tape) Scroll(rows int) { t.Table.Move(rows) }
