package table

import (
	"cmp"
	"slices"

	"optflow/ui/paint"
)

// emptyLeaves makes a column without any value leave before all that have some.
const emptyLeaves = 1000

// Arrange chooses the columns for a width: by how late they leave, and always
// with the one under the cursor and the one that the rows are sorted by.
func (g *Grid[T]) Arrange(width int) {
	g.Width, g.Margin = width, 2
	if width < 64 {
		g.Margin = 1
	}
	order := make([]int, len(g.Columns))
	for i := range order {
		order[i] = i
	}
	weight := func(i int) int {
		switch {
		case i < g.Fixed:
			return -2
		case g.Pick && i == g.Cursor:
			return -1
		case i == g.Sort:
			return 0
		case i < len(g.empty) && g.empty[i]:
			return emptyLeaves + g.Columns[i].Leaves
		}
		return g.Columns[i].Leaves
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(weight(a), weight(b)) })
	used := g.Margin
	g.Cols = g.Cols[:0]
	for _, i := range order {
		c := Placed{ID: ID(i), Gap: 1, Width: g.Columns[i].Width}
		if i == g.Sort {
			c.Width = withArrow(g.Columns[i].Head, c.Width)
		}
		if need := c.Width + 1; used+need <= width {
			used += need
			g.Cols = append(g.Cols, c)
		} else if i >= g.Fixed {
			break
		}
	}
	slices.SortFunc(g.Cols, func(a, b Placed) int { return cmp.Compare(a.ID, b.ID) })
	for spare, round := width-used, 0; round < 3; round++ {
		for i := 1; i < len(g.Cols) && spare > 0; i++ {
			g.Cols[i].Gap++
			spare--
		}
	}
	if len(g.Cols) > 0 {
		g.Cols[0].Gap = 0
	}
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
