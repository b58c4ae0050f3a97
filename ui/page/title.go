package page

import (
	"slices"
	"strings"

	"optflow/model"
	"optflow/ui/format"
	"optflow/ui/paint"
)

// part is a piece of the second line that gives way where there is no room: the
// one that leaves first has the largest number, 0 stays.
type part struct {
	paint.Piece
	gap    int // blanks before it
	leaves int
}

// Order of leaving of the second line. The tabs, the filter and how many rows it
// takes say the most.
const (
	leaveUnseen = 9 - iota // totals on tabs
	leaveView
	leaveInterval
	leaveNewest // the order, when it is the usual one
	leaveFind
	leaveFloor
	leaveOther // what was missed
	leaveTabs  // names of tabs that are not in front
	leaveOrder
)

// countsFrom is the width of a window from which tabs say how many rows they take.
const countsFrom = 150

// tapeTitle is the second line of the tape: the tabs, what is shown in what order,
// the filter, and how many rows that is.
type tapeTitle struct {
	left, right []part   // room for what is built anew each time
	tabs        tabStyle // that they were last drawn in
	Drawn       string   // as last drawn, "" when it may say more than other counts
	none        bool     // and there was nothing to count
}

// draw writes the line, unless it stands as it was. The first rows are counted at
// once: nobody reads of none below which there are some.
func (x *tapeTitle) draw(t *Tape) string {
	if x.Drawn == "" || x.none {
		x.Drawn, x.none = x.Write(t), t.beside().seen == 0
	}
	return x.Drawn
}

// Write writes the line.
func (x *tapeTitle) Write(t *Tape) string {
	left, right := titleLeft(t, x.left[:0]), titleRight(t, x.right[:0])
	x.left, x.right = left, right
	own := titleOwn(t)
	filter, ink := titleFilter(t)
	leastOwn, least := 0, 0
	if own != "" {
		leastOwn = 3 + min(paint.Cells(own), 40)
	}
	if filter != "" {
		least = 5 + min(paint.Cells(filter), 40)
	}
	tabs := tabsFull
	if t.Width < countsFrom { // where it would come and go with every digit
		tabs = tabsPlain
	}
	use := func(tabs tabStyle) int {
		w := 1 + t.Tabs.spread(tabs, t.Lens.Filter != nil) + leastOwn + least + 2 + 1
		for _, list := range [2][]part{left, right} {
			for _, p := range list {
				w += p.gap + paint.Cells(p.Text)
			}
		}
		return w
	}
	for level := leaveUnseen; level > 0 && use(tabs) > t.Width; level-- {
		switch level {
		case leaveUnseen:
			tabs = tabsPlain
		case leaveTabs:
			tabs = tabsNumbers
		}
		gone := func(p part) bool { return p.leaves == level }
		left, right = slices.DeleteFunc(left, gone), slices.DeleteFunc(right, gone)
	}
	p := &t.Pen
	p.Line(t.Theme, paint.OnPlain, t.Width)
	p.Space(1)
	x.tabs = tabs
	t.Tabs.draw(p, tabs, t.Lens.Filter != nil)
	for _, part := range left {
		p.Space(part.gap)
		p.Put(part.Ink, part.Text)
	}
	w := 0
	for _, part := range right {
		w += part.gap + paint.Cells(part.Text)
	}
	if room := t.Width - 1 - w - 2 - p.Written() - 3 - least; own != "" && room >= 4 {
		p.Space(3)
		p.Put(paint.Dim, paint.Clip(own, room))
	}
	if room := t.Width - 1 - w - 2 - p.Written() - 5; filter != "" && room >= 4 {
		p.Space(3)
		p.Put(paint.Accent, "/ ")
		p.Put(ink, paint.Clip(filter, room))
	}
	if w > p.Left()-1 {
		return p.End()
	}
	p.To(t.Width - 1 - w)
	for _, part := range right {
		p.Space(part.gap)
		p.Put(part.Ink, part.Text)
	}
	return p.End()
}

// titleLeft is what stands between the tabs and the filter.
func titleLeft(t *Tape, out []part) []part {
	out = append(out, part{paint.Strong.Piece("Tape"), 5, leaveView})
	out = append(out, part{paint.Dim.Piece("bursts"), 2, leaveInterval}, part{paint.Dim.Piece(t.Pull.Interval.String()), 1, leaveInterval})
	order := leaveOrder
	switch {
	case t.List.FollowsNewest():
		order = leaveNewest
	case !t.Table.Layout.Shows(t.List.Sort): // else the arrow says it
		order = 0
	}
	out = append(out, part{paint.Dim.Piece(t.List.Sorting()), 2, order})
	if t.Table.Frozen {
		out = append(out, part{paint.Late.Piece(" frozen "), 2, 0})
	}
	if text := t.Find.Text; text != "" && !t.Find.Edited {
		out = append(out, part{paint.Match.Piece("*"), 3, leaveFind}, part{paint.Dim.Piece(" find "), 0, leaveFind}, part{paint.Text.Piece(paint.Clip(text, 20)), 0, leaveFind})
	}
	return out
}

// titleOwn is what the tab in front shows of all rows, and whether it rings.
func titleOwn(t *Tape) string {
	front := t.Tabs.Front()
	var said []string
	if front.wrong == nil && front.Own != nil && !t.Own.Edited {
		said = append(said, "only "+front.Own.Text)
	}
	if front.Bell {
		said = append(said, "rings")
	}
	return strings.Join(said, " · ")
}

// titleFilter is the line of `/`, or what is wrong with the tab's own filter.
func titleFilter(t *Tape) (string, paint.Ink) {
	if w := t.Tabs.Front().wrong; w != nil {
		return w.Text, paint.Bad
	}
	if text := t.Lens.Text(); text != "" && !t.Lens.Edited {
		return text, paint.Text
	}
	return "", paint.Text
}

// titleRight says how much of everything is shown.
func titleRight(t *Tape, out []part) []part {
	add := func(gap int, i paint.Ink, text string, leaves int) {
		out = append(out, part{i.Piece(text), gap, leaves})
	}
	beside := t.beside()
	if beside.since > 0 {
		add(0, paint.Faint, "from "+t.Zone.Clock(beside.since), leaveOther)
	}
	if beside.trimmed > 0 {
		add(2, paint.Warn, format.Count(int64(beside.trimmed))+" rows missed", leaveOther)
	}
	floor := "no floor"
	if r := t.Rules; len(r.Floors) > 0 {
		floor = "floors from " + format.RoundMoney(r.Floor)
	} else if r.Floor > 0 {
		floor = "floor " + format.RoundMoney(r.Floor)
	}
	add(2, paint.Dim, floor, leaveFloor)
	switch {
	case (t.State.Link == model.Starting || t.State.Link == model.Behind) && beside.seen == 0:
		add(2, paint.Dim, "no data yet", 0) // which is not the same as 0 of 0
	case t.List.Filter == nil:
		add(2, paint.Text, format.Count(int64(t.List.Over)), 0)
		add(0, paint.Dim, " of "+format.Count(int64(beside.seen))+" bursts", 0)
	default:
		for i, p := range t.Matching() {
			add(2*max(1-i, 0), p.Ink, p.Text, 0)
		}
		if t.List.Bare > 0 {
			add(0, paint.Warn, " ("+format.Count(int64(t.List.Bare))+" have no rank yet)", 0)
		}
	}
	return out
}
