package ui

import (
	"cmp"
	"slices"
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
			return never
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
func (g *grid[T]) header(p *pen, th *theme, columns int) string {
	p.line(th, groundBar, columns)
	p.space(g.margin)
	for _, c := range g.cols {
		p.space(c.gap)
		col := &g.columns[c.id]
		i, head := inkHeader, col.head
		if int(c.id) == g.sort {
			i, head = inkAccent, sortedHead(head, c.width, col.toStart, col.falls != g.reversed)
		}
		if g.pick && int(c.id) == g.cursor {
			i = inkCursor
		}
		if col.toStart {
			p.start(i, head, c.width)
			continue
		}
		p.space(c.width - cells(head))
		p.put(i, head)
	}
	return p.end()
}

// render writes exactly height lines of rows.
func (g *grid[T]) render(p *pen, th *theme, columns int, out []string) []string {
	for line := range g.height {
		pos := g.top + line
		if pos >= len(g.ranks) {
			p.line(th, groundPlain, columns)
			out = append(out, p.end())
			continue
		}
		ground, arrow := groundPlain, "  "
		if g.has && line == g.line {
			arrow = "▸ "
			if g.moved {
				ground = groundSelected
			}
		}
		row := &g.rows[g.ranks[pos].id]
		p.line(th, ground, columns)
		p.start(inkAccent, arrow, g.margin)
		for _, c := range g.cols {
			p.space(c.gap)
			g.columns[c.id].draw(p, row, c.width)
		}
		out = append(out, p.end())
	}
	return out
}
