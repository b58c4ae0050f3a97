package table

import (
	"math"
	"slices"

	"optflow/ui/keys"
	"optflow/ui/order"
)

// Grid is a table of a few thousand rows that all change at once: a copy of the
// accounts, sorted anew each time. The selection belongs to a row and stays on
// its line of the screen; until the user moves it stays on the first row.
type Grid[T any] struct {
	Columns []Column[T]
	Choice  Choice // of the columns
	Name    func(row *T) uint32

	Rows  []T
	Ranks []order.Rank // in the order of the screen; id is the place in rows

	Sort, Cursor int
	Reversed     bool
	Pick         bool // the column cursor was used: show it
	Standing

	Height int
	Width  int
	read   bool   // the details of the selected row are open
	Layout        // ids are places in columns
	empty  []bool // columns in which no row tells anything
}

// Standing is where the user is in a grid: what coming back in place restores.
type Standing struct {
	Selected uint32 // name of a row
	Has      bool
	Moved    bool // the user went there
	Top      int  // the first row on screen
	Line     int  // the selected row's line
}

// Sorted puts the rows in order and finds the selection again.
func (g *Grid[T]) Sorted() {
	column := &g.Columns[g.Sort]
	g.Ranks = g.Ranks[:0]
	for i := range g.Rows {
		row := &g.Rows[i]
		k := column.Key(row)
		switch {
		case math.IsNaN(k):
			k = math.Inf(1)
		case column.Falls != g.Reversed:
			k = -k
		}
		g.Ranks = append(g.Ranks, order.Rank{Key: k, Born: math.MaxUint32 - g.Name(row), ID: uint32(i)})
	}
	g.Ranks = order.Sort(g.Ranks)
	if g.noteEmpty() {
		g.Arrange(g.Width)
	}
	g.Settle()
}

// noteEmpty finds the columns in which no row tells anything, and reports whether
// they are others than before. Without rows nothing is known of them.
func (g *Grid[T]) noteEmpty() (changed bool) {
	if len(g.empty) != len(g.Columns) {
		g.empty = make([]bool, len(g.Columns))
	}
	for i := range g.Columns {
		empty := len(g.Rows) > 0
		for r := range g.Rows {
			if g.Columns[i].tells(&g.Rows[r]) {
				empty = false
				break
			}
		}
		changed = changed || g.empty[i] != empty
		g.empty[i] = empty
	}
	return changed
}

// tells reports whether a row has something in a column.
func (c *Column[T]) tells(row *T) bool {
	v := c.Key(row)
	return !math.IsNaN(v) && !math.IsInf(v, 0) || c.Dash != nil && c.Dash(row)
}

// Settle keeps the selected row selected, on its line if it can. When it has
// gone the row in its place is selected.
func (g *Grid[T]) Settle() {
	if len(g.Ranks) == 0 {
		g.Has = false
		return
	}
	pos := 0
	if g.Moved && g.Has {
		pos = slices.IndexFunc(g.Ranks, func(r order.Rank) bool { return g.Name(&g.Rows[r.ID]) == g.Selected })
		if pos < 0 {
			pos = g.Top + g.Line
		}
	}
	g.Put(pos)
}

// Put selects the row at a position.
func (g *Grid[T]) Put(pos int) {
	if len(g.Ranks) == 0 {
		g.Has = false
		return
	}
	g.Top, g.Line = Place(pos, g.Line, g.Height, len(g.Ranks))
	pos = g.Top + g.Line
	g.Has, g.Selected = true, g.Name(&g.Rows[g.Ranks[pos].ID])
}

// Move selects a row some lines away.
func (g *Grid[T]) Move(by int) {
	if !g.Has {
		return
	}
	pos := max(min(g.Top+g.Line+by, len(g.Ranks)-1), 0)
	if by == 1 || by == -1 {
		g.Line = max(min(g.Line+by, g.Height-1), 0)
	}
	g.Moved = true
	g.Put(pos)
}

// First selects the first row and stays there.
func (g *Grid[T]) First() {
	g.Moved, g.Line = false, 0
	g.Put(0)
}

// Last selects the last row.
func (g *Grid[T]) Last() {
	g.Moved, g.Line = true, g.Height-1
	g.Put(len(g.Ranks) - 1)
}

// Current is the selected row, nil if there is none.
func (g *Grid[T]) Current() *T {
	if at := g.Top + g.Line; g.Has && at < len(g.Ranks) {
		return &g.Rows[g.Ranks[at].ID]
	}
	return nil
}

// Next goes to the next row in a direction that is as wanted.
func (g *Grid[T]) Next(by int, wanted func(*T) bool) bool {
	for pos := g.Top + g.Line + by; pos >= 0 && pos < len(g.Ranks); pos += by {
		if wanted(&g.Rows[g.Ranks[pos].ID]) {
			g.Line = max(min(pos-g.Top, g.Height-1), 0)
			g.Moved = true
			g.Put(pos)
			return true
		}
	}
	return false
}

// SortBy sorts by a column; by the same one again it reverses.
func (g *Grid[T]) SortBy(column int) {
	g.Reversed = g.Sort == column && !g.Reversed
	g.Sort, g.Cursor, g.Pick = column, column, true
	g.Standing = Standing{}
	g.Sorted()
	g.Arrange(g.Width)
}

// column moves the column cursor; the first key shows where it is.
func (g *Grid[T]) column(by int) {
	if g.Pick {
		g.Cursor = int(g.Choice.Of(len(g.Columns)).Step(ID(g.Cursor), by))
	}
	g.Pick = true
	g.Arrange(g.Width)
}

// Sorting says in what order the rows stand.
func (g *Grid[T]) Sorting() string {
	c := &g.Columns[g.Sort]
	return SortText(c.Name, c.Falls != g.Reversed)
}

// ShowsNamed reports whether a column is on the screen.
func (g *Grid[T]) ShowsNamed(name string) bool {
	return g.Shows(ID(Named(g.Columns, name)))
}

// Do moves the selection and the column cursor, sorts, and reports whether an
// action is one of those.
func (g *Grid[T]) Do(a keys.Action) bool {
	if by, moves := Steps(a, g.Height); moves {
		g.Move(by)
		return true
	}
	switch a {
	case keys.Newest:
		g.First()
	case keys.Oldest:
		g.Last()
	case keys.Left:
		g.column(-1)
	case keys.Right:
		g.column(1)
	case keys.Sort:
		g.SortBy(g.Cursor)
	default:
		return false
	}
	return true
}

// Unpick puts the column cursor away, and reports whether it was used.
func (g *Grid[T]) Unpick() bool {
	was := g.Pick
	if was {
		g.Pick, g.Cursor = false, g.Sort
		g.Arrange(g.Width)
	}
	return was
}

// Read says whether the details of the selected row are open, which holds it.
func (g *Grid[T]) Read(details bool) {
	g.read = details
	g.Moved = g.Moved || details && g.Has
}

// Choose shows the columns of these names, in this order; no name shows all that
// fit.
func (g *Grid[T]) Choose(names []string) error {
	c, err := Choose(g.Columns, names)
	if err != nil {
		return err
	}
	g.Choice, g.Pick, g.Cursor = c, false, g.Sort
	g.Arrange(g.Width)
	return nil
}

// Chosen are the names of a choice, nil where there is none.
func (g *Grid[T]) Chosen() (names []string) {
	for _, id := range g.Choice {
		names = append(names, g.Columns[id].Name)
	}
	return names
}

// Heads are the columns as they are chosen.
func (g *Grid[T]) Heads() []Head {
	l, whole := g.fit(g.Width, -1, g.empty), g.fit(g.Width, -1, nil)
	return heads(g.Columns, g.Choice, l.Shows, whole.Shows)
}

// Fit tells how many rows there is room for.
func (g *Grid[T]) Fit(rows int) {
	if g.Height != rows {
		g.Height = rows
		g.Settle()
	}
}

// SortNamed sorts by a column's name, and reports whether there is one.
func (g *Grid[T]) SortNamed(name string) bool {
	i := Named(g.Columns, name)
	if i >= 0 {
		g.SortBy(i)
	}
	return i >= 0
}

// Click selects the row that was clicked, or sorts by the header. It reports whether
// there is such a row.
func (g *Grid[T]) Click(x, y int) bool {
	if y == HeaderLine {
		if id, ok := g.Under(x); ok {
			g.SortBy(int(id))
		}
		return false
	}
	row := y - FirstRow
	if row < 0 || row >= g.Height || g.Top+row >= len(g.Ranks) {
		return false
	}
	g.Moved, g.Line = true, row
	g.Put(g.Top + row)
	return true
}
