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

// Arrange lays columns out in a window. The cursor's column is always among
// them: if it had to leave, the columns after STRIKE scroll until it is in.
func Arrange(width int, missing Set, cursor, sorted ID) Layout {
	w := widths{width, sorted}
	chosen := w.fit(missing)
	if !missing.Has(cursor) && !slices.ContainsFunc(chosen, func(p Placed) bool { return p.ID == cursor }) {
		chosen = w.scrollTo(missing, cursor)
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

// fit takes columns by how late they leave.
func (ws widths) fit(missing Set) []Placed {
	order := make([]ID, 0, len(Tape))
	for id := range ID(len(Tape)) {
		if !missing.Has(id) {
			order = append(order, id)
		}
	}
	slices.SortStableFunc(order, func(a, b ID) int { return Tape[a].Leaves - Tape[b].Leaves })
	used := 2
	var taken Set
	for _, id := range order {
		c := ws.full(id)
		if Tape[id].Leaves != 0 && used+c.Gap+c.Width > ws.window {
			break // the next ones leave before this one
		}
		used += c.Gap + c.Width
		taken |= 1 << id
	}
	var cols []Placed
	for id := range ID(len(Tape)) {
		if taken.Has(id) {
			cols = append(cols, ws.full(id))
		}
	}
	return cols
}

// scrollTo keeps TIME to STRIKE and fills the rest so that it ends with the
// cursor's column, or goes on behind it where there is room.
func (ws widths) scrollTo(missing Set, cursor ID) []Placed {
	var cols []Placed
	used := 2
	for id := range fixedColumns {
		if missing.Has(id) {
			continue
		}
		c := ws.full(id)
		cols = append(cols, c)
		used += c.Gap + c.Width
	}
	first, last := cursor, cursor
	c := ws.full(cursor)
	used += c.Gap + c.Width
	for first > fixedColumns {
		c := ws.full(first - 1)
		if missing.Has(first - 1) {
			first--
			continue
		}
		if used+c.Gap+c.Width > ws.window {
			break
		}
		used += c.Gap + c.Width
		first--
	}
	for int(last)+1 < len(Tape) {
		c := ws.full(last + 1)
		if missing.Has(last + 1) {
			last++
			continue
		}
		if used+c.Gap+c.Width > ws.window {
			break
		}
		used += c.Gap + c.Width
		last++
	}
	for id := first; id <= last; id++ {
		if !missing.Has(id) {
			cols = append(cols, ws.full(id))
		}
	}
	return cols
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
