package away

import (
	"fmt"

	"optflow/ui/format"
	"optflow/ui/page"
	"optflow/ui/paint"
)

// Item is one thing that the summary says. It is not broken over lines.
type Item []paint.Piece

// Part says something of an absence, nothing where there is nothing to say. Another
// part is one more function in the list.
type Part func(a *Away, x *Absence) []Item

// linesMost is how many lines the summary takes, and leastHeight the height of a
// window from which it takes more than one.
const (
	linesMost   = 2
	leastHeight = 20
)

func howLong(_ *Away, x *Absence) []Item {
	return []Item{{paint.Strong.Piece("away " + roughly(x.To-x.From))}}
}

// atLeast stands before counts of which some had to go.
func (x *Absence) atLeast() string {
	if x.Less {
		return "≥"
	}
	return ""
}

func whatCame(a *Away, x *Absence) []Item {
	if x.Rows == 0 {
		return []Item{{paint.Dim.Piece("no burst came")}}
	}
	item := Item{paint.Text.Piece(x.atLeast() + format.Counting(int64(x.Rows), "burst")), paint.Large.Piece(" " + format.Money(x.Premium))}
	switch {
	case !a.Tape.List.ByTime():
		item = append(item, paint.Dim.Piece(" "+a.Tape.List.Sorting()+": no line"))
	case x.Below > 0:
		item = append(item, paint.Dim.Piece(fmt.Sprintf(", %s begun before", format.Count(int64(x.Below)))))
	}
	return []Item{item}
}

func largest(a *Away, x *Absence) (out []Item) {
	for i, id := range x.Largest {
		r := &a.Tape.Pull.Bursts.Get(id).Row
		c := a.Contracts.At(r.Contract)
		if c == nil {
			continue
		}
		item := Item{paint.Text.Piece(page.ContractName(c)), paint.Text.Piece(" " + format.Money(r.Premium))}
		if i == 0 {
			item = append(Item{paint.Dim.Piece("largest ")}, item...)
		}
		out = append(out, item)
	}
	return out
}

func alerted(_ *Away, x *Absence) []Item {
	if x.Alerts == 0 {
		return nil
	}
	return []Item{{paint.Accent.Piece(format.Counting(int64(x.Alerts), "alert"))}}
}

func missing(_ *Away, x *Absence) []Item {
	if x.Gaps == 0 {
		return nil
	}
	return []Item{{paint.Warn.Piece("gaps: " + format.Counting(int64(x.Lots), "lot") + " in " + format.Counting(int64(x.Gaps), "contract"))}}
}

func trimmed(_ *Away, x *Absence) (out []Item) {
	if x.Less {
		out = append(out, Item{paint.Warn.Piece(format.Count(int64(x.Trimmed)) + " bursts left the tape meanwhile")})
	}
	if x.Missed > 0 {
		out = append(out, Item{paint.Warn.Piece(format.Counting(int64(x.Missed), "row") + " missed")})
	}
	return out
}

// Lines is how many lines the summary takes.
func (a *Away) Lines() int { return len(a.wrapped()) }

// wrapped puts the items into lines of the window.
func (a *Away) wrapped() []string {
	if len(a.said) == 0 {
		return nil
	}
	if len(a.drawn) > 0 && a.width == a.Width && a.theme == a.Theme && a.height == a.Height {
		return a.drawn
	}
	a.drawn, a.width, a.height, a.theme = a.drawn[:0], a.Width, a.Height, a.Theme
	most := linesMost
	if a.Height < leastHeight {
		most = 1
	}
	const gap = 3
	p := &a.Pen
	begin := func() {
		p.Line(a.Theme, paint.OnBox, a.Width)
		p.Space(1)
	}
	begin()
	for i, item := range a.said {
		if i > 0 && len(a.drawn) < most-1 && gap+paint.Width(item) > p.Left()-1 {
			a.drawn = append(a.drawn, p.End())
			begin()
		} else if i > 0 {
			p.Space(gap)
		}
		p.Pieces(item)
	}
	a.drawn = append(a.drawn, p.End())
	return a.drawn
}

// Draw writes the summary.
func (a *Away) Draw(out []string) []string { return append(out, a.wrapped()...) }
