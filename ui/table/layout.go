package table

import "slices"

// Placed is a column where it stands in a line.
type Placed struct {
	ID    ID
	Gap   int // blanks before it
	Width int
}

// Layout says which columns stand where in a window of some width.
type Layout struct {
	Cols   []Placed
	Margin int // cells before the first column, for the ▸ of the selection
}

// Arrange lays the columns of a choice out in a window, but for those that have
// gone. The cursor's column is always among them: if it had to leave, the columns
// that are not fixed scroll until it is in.
func Arrange(width int, c Choice, gone Set, cursor, sorted ID) Layout {
	w := widths{width, sorted}
	order := c.Of(len(Tape)).Without(gone)
	chosen := w.fit(order, len(c) > 0)
	if slices.Contains(order, cursor) && !slices.ContainsFunc(chosen, func(p Placed) bool { return p.ID == cursor }) {
		chosen = w.scrollTo(order, cursor)
	}
	l := Layout{Cols: chosen, Margin: 2}
	if width < 64 {
		l.Margin = 1
	}
	l.air(width)
	return l
}

// Shows reports whether a column is on the screen.
func (l *Layout) Shows(id ID) bool {
	return slices.ContainsFunc(l.Cols, func(p Placed) bool { return p.ID == id })
}

// widths are how wide columns are: in a window of some width, the one that the
// rows are sorted by with room for its arrow.
type widths struct {
	window int
	sorted ID
}

// full is a column at its full width, narrowed where the window is narrow.
func (ws widths) full(id ID) Placed {
	w := Tape[id].Width
	switch {
	case ws.window < 64 && Tape[id].Narrow:
		w--
	case id == ws.sorted:
		w = withArrow(Tape[id].Head, w)
	}
	return Placed{ID: id, Gap: 1, Width: w}
}

// fit takes columns by how late they leave: of a user's own order those at its
// end leave first.
func (ws widths) fit(order Choice, own bool) []Placed {
	leaves := func(id ID) int {
		if own && !Tape[id].Always {
			return 1 + slices.Index(order, id)
		}
		return Tape[id].Leaves
	}
	late := slices.Clone(order)
	slices.SortStableFunc(late, func(a, b ID) int { return leaves(a) - leaves(b) })
	used := 2
	var taken Set
	for _, id := range late {
		c := ws.full(id)
		if leaves(id) != 0 && used+c.Gap+c.Width > ws.window {
			break // the next ones leave before this one
		}
		used += c.Gap + c.Width
		taken |= 1 << id
	}
	return ws.placed(order, taken)
}

// placed are those columns of an order that were taken.
func (ws widths) placed(order Choice, taken Set) (cols []Placed) {
	for _, id := range order {
		if taken.Has(id) {
			cols = append(cols, ws.full(id))
		}
	}
	return cols
}

// scrollTo keeps the fixed columns and fills the rest so that it ends with the
// cursor's column, or goes on behind it where there is room.
func (ws widths) scrollTo(order Choice, cursor ID) []Placed {
	used := 2
	var taken Set
	room := func(id ID, must bool) bool {
		c := ws.full(id)
		if !must && used+c.Gap+c.Width > ws.window {
			return false
		}
		used += c.Gap + c.Width
		taken |= 1 << id
		return true
	}
	var moving Choice
	for _, id := range order {
		if Tape[id].Fixed || id == cursor {
			room(id, true)
		}
		if !Tape[id].Fixed {
			moving = append(moving, id)
		}
	}
	at := slices.Index(moving, cursor)
	for i := at - 1; i >= 0 && room(moving[i], false); i-- {
	}
	for i := at + 1; i < len(moving) && room(moving[i], false); i++ {
	}
	return ws.placed(order, taken)
}

// air gives spare cells to the gaps between columns, evenly and at most four
// each, where the eye needs them first.
func (l *Layout) air(width int) {
	spare := width - l.Margin - 1
	for i, c := range l.Cols {
		spare -= c.Width
		if i > 0 {
			spare -= c.Gap
		}
	}
	byAir := make([]int, 0, len(l.Cols))
	for i := range l.Cols {
		if i > 0 {
			byAir = append(byAir, i)
		}
	}
	slices.SortStableFunc(byAir, func(a, b int) int {
		return Tape[l.Cols[a].ID].Air - Tape[l.Cols[b].ID].Air
	})
	for range 4 {
		for _, i := range byAir {
			if spare <= 0 {
				break
			}
			l.Cols[i].Gap++
			spare--
		}
	}
	l.Cols[0].Gap = 0
}

// Under is the column that stands at a cell of the header, with the gap before
// it.
func (l *Layout) Under(x int) (ID, bool) {
	at := l.Margin
	for _, c := range l.Cols {
		if at += c.Gap + c.Width; x < at {
			return c.ID, x >= l.Margin-1
		}
	}
	return 0, false
}
