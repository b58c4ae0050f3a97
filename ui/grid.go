package ui

import (
	"math"
	"slices"

	"optflow/ui/keys"
	"optflow/ui/order"
)

// grid is a table of a few thousand rows that all change at once: a copy of the
// accounts, sorted anew each time. The selection belongs to a row and stays on
// its line of the screen; until the user moves it stays on the first row.
type grid[T any] struct {
	columns []column[T]
	fixed   int // so many columns stay when others scroll in
	name    func(row *T) uint32

	rows  []T
	ranks []order.Rank // in the order of the screen; id is the place in rows

	sort, cursor int
	reversed     bool
	pick         bool // the column cursor was used: show it
	gridPlace

	height int
	width  int
	layout        // ids are places in columns
	empty  []bool // columns in which no row has a value
}

// gridPlace is where the user is in a grid: what coming back in place restores.
type gridPlace struct {
	selected uint32 // name of a row
	has      bool
	moved    bool // the user went there
	top      int  // the first row on screen
	line     int  // the selected row's line
}

// sorted puts the rows in order and finds the selection again.
func (g *grid[T]) sorted() {
	column := &g.columns[g.sort]
	g.ranks = g.ranks[:0]
	for i := range g.rows {
		row := &g.rows[i]
		k := column.key(row)
		switch {
		case math.IsNaN(k):
			k = math.Inf(1)
		case column.falls != g.reversed:
			k = -k
		}
		g.ranks = append(g.ranks, order.Rank{Key: k, Born: math.MaxUint32 - g.name(row), ID: uint32(i)})
	}
	g.ranks = order.Sort(g.ranks)
	if g.noteEmpty() {
		g.arrange(g.width)
	}
	g.settle()
}

// noteEmpty finds the columns in which no row has a value, and reports whether
// they are others than before. Without rows nothing is known of them.
func (g *grid[T]) noteEmpty() (changed bool) {
	if len(g.empty) != len(g.columns) {
		g.empty = make([]bool, len(g.columns))
	}
	for i := range g.columns {
		empty := len(g.rows) > 0
		for r := range g.rows {
			if v := g.columns[i].key(&g.rows[r]); !math.IsNaN(v) && !math.IsInf(v, 0) {
				empty = false
				break
			}
		}
		changed = changed || g.empty[i] != empty
		g.empty[i] = empty
	}
	return changed
}

// settle keeps the selected row selected, on its line if it can. When it has
// gone the row in its place is selected.
func (g *grid[T]) settle() {
	if len(g.ranks) == 0 {
		g.has = false
		return
	}
	pos := 0
	if g.moved && g.has {
		pos = slices.IndexFunc(g.ranks, func(r order.Rank) bool { return g.name(&g.rows[r.ID]) == g.selected })
		if pos < 0 {
			pos = g.top + g.line
		}
	}
	g.put(pos)
}

// put selects the row at a position.
func (g *grid[T]) put(pos int) {
	if len(g.ranks) == 0 {
		g.has = false
		return
	}
	g.top, g.line = place(pos, g.line, g.height, len(g.ranks))
	pos = g.top + g.line
	g.has, g.selected = true, g.name(&g.rows[g.ranks[pos].ID])
}

// move selects a row some lines away.
func (g *grid[T]) move(by int) {
	if !g.has {
		return
	}
	pos := max(min(g.top+g.line+by, len(g.ranks)-1), 0)
	if by == 1 || by == -1 {
		g.line = max(min(g.line+by, g.height-1), 0)
	}
	g.moved = true
	g.put(pos)
}

// first selects the first row and stays there.
func (g *grid[T]) first() {
	g.moved, g.line = false, 0
	g.put(0)
}

// last selects the last row.
func (g *grid[T]) last() {
	g.moved, g.line = true, g.height-1
	g.put(len(g.ranks) - 1)
}

// current is the selected row, nil if there is none.
func (g *grid[T]) current() *T {
	if at := g.top + g.line; g.has && at < len(g.ranks) {
		return &g.rows[g.ranks[at].ID]
	}
	return nil
}

// next goes to the next row in a direction that is as wanted.
func (g *grid[T]) next(by int, wanted func(*T) bool) bool {
	for pos := g.top + g.line + by; pos >= 0 && pos < len(g.ranks); pos += by {
		if wanted(&g.rows[g.ranks[pos].ID]) {
			g.line = max(min(pos-g.top, g.height-1), 0)
			g.moved = true
			g.put(pos)
			return true
		}
	}
	return false
}

// sortBy sorts by a column; by the same one again it reverses.
func (g *grid[T]) sortBy(column int) {
	g.reversed = g.sort == column && !g.reversed
	g.sort, g.cursor, g.pick = column, column, true
	g.gridPlace = gridPlace{}
	g.sorted()
	g.arrange(g.width)
}

// column moves the column cursor; the first key shows where it is.
func (g *grid[T]) column(by int) {
	if g.pick {
		g.cursor = max(min(g.cursor+by, len(g.columns)-1), 0)
	}
	g.pick = true
	g.arrange(g.width)
}

// sorting says in what order the rows stand.
func (g *grid[T]) sorting() string {
	c := &g.columns[g.sort]
	return sortText(c.name, c.falls != g.reversed)
}

// showsNamed reports whether a column is on the screen.
func (g *grid[T]) showsNamed(name string) bool {
	return g.shows(columnID(named(g.columns, name)))
}

// do moves the selection and the column cursor, sorts, and reports whether an
// action is one of those.
func (g *grid[T]) do(a keys.Action) bool {
	switch a {
	case keys.Down:
		g.move(1)
	case keys.Up:
		g.move(-1)
	case keys.PageDown:
		g.move(g.height)
	case keys.PageUp:
		g.move(-g.height)
	case keys.HalfDown:
		g.move(g.height / 2)
	case keys.HalfUp:
		g.move(-g.height / 2)
	case keys.Newest:
		g.first()
	case keys.Oldest:
		g.last()
	case keys.Left:
		g.column(-1)
	case keys.Right:
		g.column(1)
	case keys.Sort:
		g.sortBy(g.cursor)
	default:
		return false
	}
	return true
}

// unpick puts the column cursor away, and reports whether it was used.
func (g *grid[T]) unpick() bool {
	was := g.pick
	if was {
		g.pick, g.cursor = false, g.sort
		g.arrange(g.width)
	}
	return was
}

// fit tells how many rows there is room for.
func (g *grid[T]) fit(rows int) {
	if g.height != rows {
		g.height = rows
		g.settle()
	}
}

// sortNamed sorts by a column's name, and reports whether there is one.
func (g *grid[T]) sortNamed(name string) bool {
	i := named(g.columns, name)
	if i >= 0 {
		g.sortBy(i)
	}
	return i >= 0
}

// click selects the row that was clicked, or sorts by the header.
func (g *grid[T]) click(x, y int) {
	if y == headerLine {
		if id, ok := g.under(x); ok {
			g.sortBy(int(id))
		}
		return
	}
	if row := y - firstRow; row >= 0 && row < g.height && g.top+row < len(g.ranks) {
		g.moved, g.line = true, row
		g.put(g.top + row)
	}
}
