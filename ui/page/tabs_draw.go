package page

import (
	"strconv"

	"optflow/ui/format"
	"optflow/ui/paint"
)

// tabStyle is how much of the tabs is shown.
type tabStyle uint8

const (
	tabsFull    tabStyle = iota // with how many rows each takes
	tabsPlain                   // names
	tabsNumbers                 // of all but the one in front the number only
)

// tabLook is what a tab's label was made from.
type tabLook struct {
	style       tabStyle
	front, line bool
	wrong       bool
	n, rung     int
	number      int
}

// label is a tab as it prints: 3 Big, [2 All*], 4 Unusual+7 with seven rows
// that rang, 5 0DTE! with a filter that cannot be read.
func (t *tabs) label(i int, style tabStyle, line bool) string {
	x := &t.All[i]
	front := i == t.At
	look := tabLook{style: style, front: front, line: x.line != nil, wrong: x.wrong != nil, rung: x.Rung, number: i}
	if front {
		look.line = line
	}
	if style == tabsFull {
		look.n = t.counted(i)
	}
	if x.label != "" && x.shown == look {
		return x.label
	}
	var b []byte
	if front {
		b = append(b, '[')
	}
	if i < 9 {
		b = strconv.AppendInt(b, int64(i)+1, 10)
	}
	if style != tabsNumbers || front {
		if i < 9 {
			b = append(b, ' ')
		}
		b = append(b, x.Name...)
	} else if i >= 9 {
		b = append(b, "·"...)
	}
	if look.line {
		b = append(b, '*')
	}
	if look.wrong {
		b = append(b, '!')
	}
	if style == tabsFull {
		b = append(append(b, ' '), format.Count(int64(look.n))...)
	}
	if x.Rung > 0 {
		b = append(append(b, '+'), format.Count(int64(x.Rung))...)
	}
	if front {
		b = append(b, ']')
	}
	x.label, x.shown = string(b), look
	return x.label
}

// spread is the cells that the tabs take; line says whether there is one of `/`.
func (t *tabs) spread(style tabStyle, line bool) (w int) {
	for i := range t.All {
		w += paint.Cells(t.label(i, style, line))
		if i > 0 {
			w += tabGap(style)
		}
	}
	return w
}

func tabGap(style tabStyle) int {
	if style == tabsNumbers {
		return 1
	}
	return 2
}

// draw writes the tabs, as many as there is room for.
func (t *tabs) draw(p *paint.Pen, style tabStyle, line bool) {
	for i := range t.All {
		label := t.label(i, style, line)
		if i > 0 {
			p.Space(tabGap(style))
		}
		if paint.Cells(label) > p.Left()-1 {
			return
		}
		x := &t.All[i]
		k := paint.Dim
		switch {
		case x.wrong != nil:
			k = paint.Bad
		case i == t.At:
			k = paint.Strong
		case x.Rung > 0:
			k = paint.Accent
		}
		p.Put(k, label)
	}
}

// at is the tab that stands at a cell of the line.
func (t *tabs) at(x int, style tabStyle, line bool) (i int, on bool) {
	from := 1
	for i := range t.All {
		w := paint.Cells(t.label(i, style, line))
		if from+w > t.Width-1 { // it was not drawn
			break
		}
		if x >= from && x < from+w {
			return i, true
		}
		from += w + tabGap(style)
	}
	return 0, false
}
