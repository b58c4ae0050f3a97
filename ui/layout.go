package ui

import (
	"slices"

	"optflow/ui/paint"
)

// placed is a column where it stands in a line.
type placed struct {
	id    columnID
	gap   int // blanks before it
	width int
}

// The lines above the rows: status, title, header.
const (
	headerLine = 2
	firstRow   = 3
)

// layout says which columns stand where in a window of some width.
type layout struct {
	cols   []placed
	margin int // cells before the first column, for the ▸ of the selection
}

// arrange lays columns out in a window. The cursor's column is always among
// them: if it had to leave, the columns after STRIKE scroll until it is in.
func arrange(width int, missing columnSet, cursor, sorted columnID) layout {
	w := widths{width, sorted}
	chosen := w.fit(missing)
	if !missing.has(cursor) && !slices.ContainsFunc(chosen, func(p placed) bool { return p.id == cursor }) {
		chosen = w.scrollTo(missing, cursor)
	}
	l := layout{cols: chosen, margin: 2}
	if width < 64 {
		l.margin = 1
	}
	l.air(width)
	return l
}

// shows reports whether a column is on the screen.
func (l *layout) shows(id columnID) bool {
	return slices.ContainsFunc(l.cols, func(p placed) bool { return p.id == id })
}

// widths are how wide columns are: in a window of some width, the one that the
// rows are sorted by with room for its arrow.
type widths struct {
	window int
	sorted columnID
}

// full is a column at its full width, narrowed where the window is narrow.
func (ws widths) full(id columnID) placed {
	w := tapeColumns[id].width
	switch {
	case ws.window < 64 && tapeColumns[id].narrow:
		w--
	case id == ws.sorted:
		w = withArrow(tapeColumns[id].head, w)
	}
	return placed{id: id, gap: 1, width: w}
}

// fit takes columns by how late they leave.
func (ws widths) fit(missing columnSet) []placed {
	order := make([]columnID, 0, len(tapeColumns))
	for id := range columnID(len(tapeColumns)) {
		if !missing.has(id) {
			order = append(order, id)
		}
	}
	slices.SortStableFunc(order, func(a, b columnID) int { return tapeColumns[a].leaves - tapeColumns[b].leaves })
	used := 2
	var taken columnSet
	for _, id := range order {
		c := ws.full(id)
		if tapeColumns[id].leaves != 0 && used+c.gap+c.width > ws.window {
			break // the next ones leave before this one
		}
		used += c.gap + c.width
		taken |= 1 << id
	}
	var cols []placed
	for id := range columnID(len(tapeColumns)) {
		if taken.has(id) {
			cols = append(cols, ws.full(id))
		}
	}
	return cols
}

// scrollTo keeps TIME to STRIKE and fills the rest so that it ends with the
// cursor's column, or goes on behind it where there is room.
func (ws widths) scrollTo(missing columnSet, cursor columnID) []placed {
	var cols []placed
	used := 2
	for id := range fixedColumns {
		if missing.has(id) {
			continue
		}
		c := ws.full(id)
		cols = append(cols, c)
		used += c.gap + c.width
	}
	first, last := cursor, cursor
	c := ws.full(cursor)
	used += c.gap + c.width
	for first > fixedColumns {
		c := ws.full(first - 1)
		if missing.has(first - 1) {
			first--
			continue
		}
		if used+c.gap+c.width > ws.window {
			break
		}
		used += c.gap + c.width
		first--
	}
	for int(last)+1 < len(tapeColumns) {
		c := ws.full(last + 1)
		if missing.has(last + 1) {
			last++
			continue
		}
		if used+c.gap+c.width > ws.window {
			break
		}
		used += c.gap + c.width
		last++
	}
	for id := first; id <= last; id++ {
		if !missing.has(id) {
			cols = append(cols, ws.full(id))
		}
	}
	return cols
}

// air gives spare cells to the gaps between columns, evenly and at most four
// each, where the eye needs them first.
func (l *layout) air(width int) {
	spare := width - l.margin - 1
	for i, c := range l.cols {
		spare -= c.width
		if i > 0 {
			spare -= c.gap
		}
	}
	byAir := make([]int, 0, len(l.cols))
	for i := range l.cols {
		if i > 0 {
			byAir = append(byAir, i)
		}
	}
	slices.SortStableFunc(byAir, func(a, b int) int {
		return tapeColumns[l.cols[a].id].air - tapeColumns[l.cols[b].id].air
	})
	for range 4 {
		for _, i := range byAir {
			if spare <= 0 {
				break
			}
			l.cols[i].gap++
			spare--
		}
	}
	l.cols[0].gap = 0
}

// under is the column that stands at a cell of the header, with the gap before
// it.
func (l *layout) under(x int) (columnID, bool) {
	at := l.margin
	for _, c := range l.cols {
		if at += c.gap + c.width; x < at {
			return c.id, x >= l.margin-1
		}
	}
	return 0, false
}

// place puts the row at a position on a screen line of a window of so many rows
// out of n, on the line given if it can, and returns the first row of the window
// and that line.
func place(pos, line, height, n int) (top, on int) {
	height = max(height, 1)
	pos = max(min(pos, n-1), 0)
	line = max(min(line, height-1), 0)
	top = max(min(pos-line, n-height), 0)
	if pos-top >= height {
		top = pos - height + 1
	}
	return top, pos - top
}

// header writes the columns' heads. The one that the rows are sorted by carries
// an arrow; cursor is the one under the column cursor, -1 while it is not shown.
func header[T any](p *paint.Pen, th *paint.Theme, width int, l *layout, columns []column[T], sorted int, reversed bool, cursor int) string {
	p.Line(th, paint.OnBar, width)
	p.Space(l.margin)
	for _, c := range l.cols {
		p.Space(c.gap)
		col := &columns[c.id]
		i, head := paint.Header, col.head
		if int(c.id) == sorted {
			i, head = paint.Accent, sortedHead(head, c.width, col.toStart, col.falls != reversed)
		}
		if int(c.id) == cursor {
			i = paint.Cursor
		}
		if col.toStart {
			p.Start(i, head, c.width)
			continue
		}
		p.Space(c.width - paint.Cells(head))
		p.Put(i, head)
	}
	return p.End()
}

// underCursor is the column cursor where it is shown, else -1.
func underCursor(at int, shown bool) int {
	if shown {
		return at
	}
	return -1
}
