package pane

import (
	"github.com/charmbracelet/x/ansi"

	"optflow/ui/paint"
	"optflow/ui/scene"
)

// box is a frame over the lines of the page, in their middle.
type box struct {
	*scene.Scene
	lines            []string
	left, top, width int
}

// newBox is a box of a size in cells, cut to the lines.
func newBox(s *scene.Scene, lines []string, width, height int) box {
	width, height = min(width, s.Width-4), min(height, len(lines))
	return box{s, lines, (s.Width - width) / 2, (len(lines) - height) / 2, width}
}

// over writes one of its lines over that of the page.
func (b *box) over(i int, content func(p *paint.Pen)) {
	if b.top+i >= len(b.lines) {
		return
	}
	b.Pen.Line(b.Theme, paint.OnBox, b.width)
	content(&b.Pen)
	under := b.lines[b.top+i]
	b.lines[b.top+i] = ansi.Truncate(under, b.left, "") + paint.Reset + b.Pen.End() + ansi.TruncateLeft(under, b.left+b.width, "")
}

// rule writes an edge, or a line between two parts.
func (b *box) rule(i int, left, title, right string) {
	b.over(i, func(p *paint.Pen) {
		p.Put(paint.Faint, left)
		p.Put(paint.Strong, paint.Clip(title, b.width-2))
		for p.Left() > 1 {
			p.Put(paint.Faint, "─")
		}
		p.Put(paint.Faint, right)
	})
}

// row writes a line between the sides; the content has room for so many cells.
func (b *box) row(i int, content func(p *paint.Pen, room int)) {
	b.over(i, func(p *paint.Pen) {
		p.Put(paint.Faint, "│")
		p.Space(1)
		content(p, b.width-4)
		p.To(b.width - 1)
		p.Put(paint.Faint, "│")
	})
}
