package table

import (
	"cmp"
	"slices"

	"optflow/ui/paint"
)

// emptyLeaves makes a column without any value leave before all that have some.
const emptyLeaves = 1000

// Arrange chooses the columns for a width.
func (g *Grid[T]) Arrange(width int) {
	g.Width = width
	g.Layout = g.fit(width, UnderCursor(g.Cursor, g.Pick), g.empty)
}

// fit takes columns by how late they leave: of a user's own order those at its
// end leave first. The one under the cursor and the one that the rows are sorted
// by are always among them, if they are chosen; empty ones have no value in any row.
func (g *Grid[T]) fit(width, cursor int, empty []bool) Layout {
	l := Layout{Margin: 2}
	if width < 64 {
		l.Margin = 1
	}
	chosen := g.Choice.Of(len(g.Columns))
	place := make([]int, len(g.Columns))
	for at, id := range chosen {
		place[id] = at
	}
	weight := func(id ID) int {
		i, leaves := int(id), g.Columns[id].Leaves
		if len(g.Choice) > 0 {
			leaves = 1 + place[id]
		}
		switch {
		case g.Columns[i].Always:
			return -2
		case i == cursor:
			return -1
		case i == g.Sort:
			return 0
		case i < len(empty) && empty[i]:
			return emptyLeaves + leaves
		}
		return leaves
	}
	late := slices.Clone(chosen)
	slices.SortStableFunc(late, func(a, b ID) int { return cmp.Compare(weight(a), weight(b)) })
	used := l.Margin
	for _, id := range late {
		c := Placed{ID: id, Gap: 1, Width: g.Columns[id].Width}
		if int(id) == g.Sort {
			c.Width = withArrow(g.Columns[id].Head, c.Width)
		}
		if need := c.Width + 1; used+need <= width {
			used += need
			l.Cols = append(l.Cols, c)
		} else if !g.Columns[id].Always {
			break
		}
	}
	slices.SortFunc(l.Cols, func(a, b Placed) int { return cmp.Compare(place[a.ID], place[b.ID]) })
	for spare, round := width-used, 0; round < 3; round++ {
		for i := 1; i < len(l.Cols) && spare > 0; i++ {
			l.Cols[i].Gap++
			spare--
		}
	}
	if len(l.Cols) > 0 {
		l.Cols[0].Gap = 0
	}
	return l
}

// Header writes the columns' heads.
func (g *Grid[T]) Header(p *paint.Pen, th *paint.Theme, width int) string {
	return Header(p, th, width, &g.Layout, g.Columns, g.Sort, g.Reversed, UnderCursor(g.Cursor, g.Pick))
}

// Render writes exactly height lines of rows.
func (g *Grid[T]) Render(p *paint.Pen, th *paint.Theme, columns int, out []string) []string {
	for line := range g.Height {
		pos := g.Top + line
		if pos >= len(g.Ranks) {
			p.Line(th, paint.OnPlain, columns)
			out = append(out, p.End())
			continue
		}
		ground, arrow := paint.OnPlain, "  "
		if g.Has && line == g.Line {
			arrow = Arrow(g.read) + " "
			if g.Moved {
				ground = paint.OnSelected
			}
		}
		row := &g.Rows[g.Ranks[pos].ID]
		p.Line(th, ground, columns)
		p.Start(paint.Accent, arrow, g.Margin)
		for _, c := range g.Cols {
			p.Space(c.Gap)
			g.Columns[c.ID].Draw(p, row, c.Width)
		}
		out = append(out, p.End())
	}
	return out
}
