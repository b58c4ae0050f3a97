package ui

import (
	"strconv"

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

// title is the second line: the tabs, what is shown in what order, the filter,
// and how many rows that is.
func (m *Model) title() string {
	left, right := m.titleLeft(m.parts[:0]), m.titleRight()
	m.parts = left
	filter, ink := m.titleFilter()
	least := 0
	if filter != "" {
		least = 5 + min(paint.Cells(filter), 40)
	}
	tabs := tabsFull
	if m.width < countsFrom { // where it would come and go with every digit
		tabs = tabsPlain
	}
	use := func(tabs tabStyle) int {
		w := 1 + m.tabsWidth(tabs) + least + 2 + 1
		for _, list := range [2][]part{left, right} {
			for _, p := range list {
				w += p.gap + paint.Cells(p.Text)
			}
		}
		return w
	}
	for level := leaveUnseen; level > 0 && use(tabs) > m.width; level-- {
		switch level {
		case leaveUnseen:
			tabs = tabsPlain
		case leaveTabs:
			tabs = tabsNumbers
		}
		left, right = without(left, level), without(right, level)
	}
	p := &m.pen
	p.Line(m.th, paint.OnPlain, m.width)
	p.Space(1)
	m.drawTabs(p, tabs)
	for _, x := range left {
		p.Space(x.gap)
		p.Put(x.Ink, x.Text)
	}
	w := 0
	for _, x := range right {
		w += x.gap + paint.Cells(x.Text)
	}
	if room := m.width - 1 - w - 2 - p.Written() - 5; filter != "" && room >= 4 {
		p.Space(3)
		p.Put(paint.Accent, "/ ")
		p.Put(ink, paint.Clip(filter, room))
	}
	if w > p.Left()-1 {
		return p.End()
	}
	p.To(m.width - 1 - w)
	for _, x := range right {
		p.Space(x.gap)
		p.Put(x.Ink, x.Text)
	}
	return p.End()
}

// without is the parts that stay at a level of leaving.
func without(list []part, level int) []part {
	kept := list[:0]
	for _, p := range list {
		if p.leaves != level {
			kept = append(kept, p)
		}
	}
	return kept
}

// titleLeft is what stands between the tabs and the filter.
func (m *Model) titleLeft(out []part) []part {
	out = append(out, part{paint.Strong.Piece("Tape"), 5, leaveView})
	out = append(out, part{paint.Dim.Piece("bursts"), 2, leaveInterval}, part{paint.Dim.Piece(m.interval.String()), 1, leaveInterval})
	order := leaveOrder
	switch {
	case m.list.followsNewest():
		order = leaveNewest
	case !m.table.layout.shows(m.list.sort): // else the arrow says it
		order = 0
	}
	out = append(out, part{paint.Dim.Piece(m.sorting()), 2, order})
	if m.table.frozen {
		out = append(out, part{paint.Late.Piece(" frozen "), 2, 0})
	}
	if text := m.find.text; text != "" && m.pane != paneFind {
		out = append(out, part{paint.Match.Piece("*"), 3, leaveFind}, part{paint.Dim.Piece(" find "), 0, leaveFind}, part{paint.Text.Piece(paint.Clip(text, 20)), 0, leaveFind})
	}
	return out
}

// titleFilter is the line of `/`, or what is wrong with the tab's own filter.
func (m *Model) titleFilter() (string, paint.Ink) {
	if w := m.tabs.front().wrong; w != nil {
		return w.Text, paint.Bad
	}
	if text := m.filterText(); text != "" && m.pane != paneFilter {
		return text, paint.Text
	}
	return "", paint.Text
}

// titleRight says how much of everything is shown.
func (m *Model) titleRight() []part {
	out := m.ends[:0]
	add := func(gap int, i paint.Ink, text string, leaves int) {
		out = append(out, part{i.Piece(text), gap, leaves})
	}
	beside := m.beside()
	if beside.since > 0 {
		add(0, paint.Faint, "from "+m.zone.Clock(beside.since), leaveOther)
	}
	if beside.trimmed > 0 {
		add(2, paint.Warn, format.Count(int64(beside.trimmed))+" rows missed", leaveOther)
	}
	floor := "no floor"
	if r := m.opt.Rules; len(r.Floors) > 0 {
		floor = "floors from " + format.RoundMoney(r.Floor)
	} else if r.Floor > 0 {
		floor = "floor " + format.RoundMoney(r.Floor)
	}
	add(2, paint.Dim, floor, leaveFloor)
	switch {
	case m.st.Link == model.Starting && beside.seen == 0:
		add(2, paint.Dim, "no data yet", 0) // which is not the same as 0 of 0
	case m.list.filter == nil:
		add(2, paint.Text, format.Count(int64(m.list.over)), 0)
		add(0, paint.Dim, " of "+format.Count(int64(beside.seen))+" bursts", 0)
	default:
		for i, p := range m.matching() {
			add(2*max(1-i, 0), p.Ink, p.Text, 0)
		}
		if m.list.bare > 0 {
			add(0, paint.Warn, " ("+format.Count(int64(m.list.bare))+" have no rank yet)", 0)
		}
	}
	m.ends = out
	return out
}

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

// tabLabel is a tab as it prints: 3 Big, [2 All*], 4 Unusual+7 with seven rows
// that rang, 5 0DTE! with a filter that cannot be read.
func (m *Model) tabLabel(i int, style tabStyle) string {
	t := &m.tabs.all[i]
	front := i == m.tabs.at
	look := tabLook{style: style, front: front, line: t.line != nil, wrong: t.wrong != nil, rung: t.rung, number: i}
	if front {
		look.line = m.filter != nil
	}
	if style == tabsFull {
		look.n = m.tabCount(i)
	}
	if t.label != "" && t.shown == look {
		return t.label
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
		b = append(b, t.Name...)
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
	if t.rung > 0 {
		b = append(append(b, '+'), format.Count(int64(t.rung))...)
	}
	if front {
		b = append(b, ']')
	}
	t.label, t.shown = string(b), look
	return t.label
}

// tabsWidth is the cells that the tabs take.
func (m *Model) tabsWidth(style tabStyle) (w int) {
	for i := range m.tabs.all {
		w += paint.Cells(m.tabLabel(i, style))
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

// drawTabs writes the tabs, as many as there is room for.
func (m *Model) drawTabs(p *paint.Pen, style tabStyle) {
	for i := range m.tabs.all {
		label := m.tabLabel(i, style)
		if i > 0 {
			p.Space(tabGap(style))
		}
		if paint.Cells(label) > p.Left()-1 {
			return
		}
		t := &m.tabs.all[i]
		k := paint.Dim
		switch {
		case t.wrong != nil:
			k = paint.Bad
		case i == m.tabs.at:
			k = paint.Strong
		case t.rung > 0:
			k = paint.Accent
		}
		p.Put(k, label)
	}
}
