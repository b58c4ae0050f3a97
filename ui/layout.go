package ui

import (
	"slices"

	"optflow/model"
)

// placed is a column where it stands in a line.
type placed struct {
	id    columnID
	gap   int // blanks before it
	width int
}

// layout says which columns stand where in a window of some width.
type layout struct {
	cols   []placed
	margin int // cells before the first column, for the ▸ of the selection
}

// gone tells which columns can have no value with this plan, and so give up
// their place.
func gone(plan model.Plan) (missing [columnCount]bool) {
	if !plan.Known {
		return missing
	}
	if plan.NoQuotes || plan.NoSnapshots {
		missing[colSide], missing[colQuote] = true, true
	}
	if plan.NoSpots || plan.NoSnapshots {
		missing[colOTM], missing[colSpot] = true, true
	}
	if spotsLag(plan) {
		missing[colOTM] = true
	}
	if plan.NoSnapshots {
		missing[colOI], missing[colRatio], missing[colIV], missing[colDelta] = true, true, true, true
	}
	return missing
}

// spotsLag reports whether stock prices are late beside real-time options. Where
// both are late they go together.
func spotsLag(plan model.Plan) bool { return plan.SpotDelayed && plan.Delayed == 0 }

// fixedColumns stay in place when the others scroll: TIME to STRIKE.
const fixedColumns = colStrike + 1

// arrange lays columns out in a window. The cursor's column is always among
// them: if it had to leave, the columns after STRIKE scroll until it is in.
func arrange(width int, missing [columnCount]bool, cursor, sorted columnID) layout {
	w := widths{width, sorted}
	chosen := w.fit(missing)
	if !missing[cursor] && !slices.ContainsFunc(chosen, func(p placed) bool { return p.id == cursor }) {
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
	w := columnTable[id].width
	switch {
	case ws.window < 64 && (id == colStrike || id == colMark):
		w--
	case id == ws.sorted:
		w = withArrow(columnTable[id].head, w)
	}
	return placed{id: id, gap: 1, width: w}
}

// fit takes columns by how late they leave.
func (ws widths) fit(missing [columnCount]bool) []placed {
	order := make([]columnID, 0, columnCount)
	for id := range columnCount {
		if !missing[id] {
			order = append(order, id)
		}
	}
	slices.SortStableFunc(order, func(a, b columnID) int { return columnTable[a].leaves - columnTable[b].leaves })
	used := 2
	var taken [columnCount]bool
	for _, id := range order {
		c := ws.full(id)
		if columnTable[id].leaves != never && used+c.gap+c.width > ws.window {
			break // the next ones leave before this one
		}
		used += c.gap + c.width
		taken[id] = true
	}
	var cols []placed
	for id := range columnCount {
		if taken[id] {
			cols = append(cols, ws.full(id))
		}
	}
	return cols
}

// scrollTo keeps TIME to STRIKE and fills the rest so that it ends with the
// cursor's column, or goes on behind it where there is room.
func (ws widths) scrollTo(missing [columnCount]bool, cursor columnID) []placed {
	var cols []placed
	used := 2
	for id := range fixedColumns {
		if missing[id] {
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
		if missing[first-1] {
			first--
			continue
		}
		if used+c.gap+c.width > ws.window {
			break
		}
		used += c.gap + c.width
		first--
	}
	for last+1 < columnCount {
		c := ws.full(last + 1)
		if missing[last+1] {
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
		if !missing[id] {
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
		return columnTable[l.cols[a].id].air - columnTable[l.cols[b].id].air
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
