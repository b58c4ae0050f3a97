package ui

import (
	"cmp"
	"slices"

	"optflow/ui/paint"
)

// emptyLeaves makes a column without any value leave before all that have some.
const emptyLeaves = 1000

// arrange chooses the columns for a width: by how late they leave, and always
// with the one under the cursor and the one that the rows are sorted by.
func (g *grid[T]) arrange(width int) {
	g.width, g.margin = width, 2
	if width < 64 {
		g.margin = 1
	}
	order := make([]int, len(g.columns))
	for i := range order {
		order[i] = i
	}
	weight := func(i int) int {
		switch {
		case i < g.fixed:
			return -2
		case g.pick && i == g.cursor:
			return -1
		case i == g.sort:
			return 0
		case i < len(g.empty) && g.empty[i]:
			return emptyLeaves + g.columns[i].leaves
		}
		return g.columns[i].leaves
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(weight(a), weight(b)) })
	used := g.margin
	g.cols = g.cols[:0]
	for _, i := range order {
		c := placed{id: columnID(i), gap: 1, width: g.columns[i].width}
		if i == g.sort {
			c.width = withArrow(g.columns[i].head, c.width)
		}
		if need := c.width + 1; used+need <= width {
			used += need
			g.cols = append(g.cols, c)
		} else if i >= g.fixed {
			break
		}
	}
	slices.SortFunc(g.cols, func(a, b placed) int { return cmp.Compare(a.id, b.id) })
	for spare, round := width-used, 0; round < 3; round++ {
		for i := 1; i < len(g.cols) && spare > 0; i++ {
			g.cols[i].gap++
			spare--
		}
	}
	if len(g.cols) > 0 {
		g.cols[0].gap = 0
	}
}

// header writes the columns' heads.
func (g *grid[T]) header(p *paint.Pen, th *paint.Theme, width int) string {
	return header(p, th, width, &g.layout, g.columns, g.sort, g.reversed, underCursor(g.cursor, g.pick))
}

// render writes exactly height lines of rows.
func (g *grid[T]) render(p *paint.Pen, th *paint.Theme, columns int, out []string) []string {
	for line := range g.height {
		pos := g.top + line
		if pos >= len(g.ranks) {
			p.Line(th, paint.OnPlain, columns)
			out = append(out, p.End())
			continue
		}
		ground, arrow := paint.OnPlain, "  "
		if g.has && line == g.line {
			arrow = "▸ "
			if g.moved {
				ground = paint.OnSelected
			}
		}
		row := &g.rows[g.ranks[pos].ID]
		p.Line(th, ground, columns)
		p.Start(paint.Accent, arrow, g.margin)
		for _, c := range g.cols {
			p.Space(c.gap)
			g.columns[c.id].draw(p, row, c.width)
		}
		out = append(out, p.End())
	}
	return out
}
