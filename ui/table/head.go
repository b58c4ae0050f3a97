package table

import "optflow/ui/paint"

// Header writes the columns' heads. The one that the rows are sorted by carries
// an arrow; cursor is the one under the column cursor, -1 while it is not shown.
func Header[T any](p *paint.Pen, th *paint.Theme, width int, l *Layout, columns []Column[T], sorted int, reversed bool, cursor int) string {
	p.Line(th, paint.OnBar, width)
	p.Space(l.Margin)
	for _, c := range l.Cols {
		p.Space(c.Gap)
		col := &columns[c.ID]
		i, head := paint.Header, col.Head
		if int(c.ID) == sorted {
			i, head = paint.Accent, sortedHead(head, c.Width, col.ToStart, col.Falls != reversed)
		}
		if int(c.ID) == cursor {
			i = paint.Cursor
		}
		if col.ToStart {
			p.Start(i, head, c.Width)
			continue
		}
		p.Space(c.Width - paint.Cells(head))
		p.Put(i, head)
	}
	return p.End()
}

// UnderCursor is the column cursor where it is shown, else -1.
func UnderCursor(at int, shown bool) int {
	if shown {
		return at
	}
	return -1
}

// withArrow is the width of the column that the rows are sorted by: its head has
// room for the arrow.
func withArrow(head string, width int) int { return max(width, paint.Cells(head)+1) }

// sortedHead is that head with its arrow, in so many cells. Where a narrow
// window has no more room the head is cut, not the arrow.
func sortedHead(head string, width int, toStart, falling bool) string {
	arrow := "↑"
	if falling {
		arrow = "↓"
	}
	if over := paint.Cells(head) + 1 - width; over > 0 {
		letters := []rune(head)
		head = string(letters[:max(len(letters)-over, 0)])
	}
	if toStart {
		return head + arrow
	}
	return arrow + head
}

// SortText says by what rows are sorted and which way.
func SortText(name string, falling bool) string {
	if falling {
		return "by " + name + ", falling"
	}
	return "by " + name + ", rising"
}
