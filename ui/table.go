package ui

import (
	"optflow/model"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/order"
	"optflow/ui/table"
)

// rowTable is the window on the list: which rows are visible, which is selected,
// whether the newest is followed. It keeps finished lines and, for a frozen
// picture, copies of the rows behind them.
type rowTable struct {
	list   *list
	zone   *format.Zone
	layout table.Layout
	height int // rows that fit

	cursor table.ID // the column under the cursor
	pick   bool     // the column cursor was used: show it

	selected  uint32
	has       bool // there is a selected row
	line      int  // the screen line of the selected row
	top       int  // position of the first visible row
	following bool
	frozen    bool
	added     int // rows that came in since the tape last stood at the newest

	arrivals arrivals
	hit      func(*table.Cell) bool // whether the search finds a row

	lost   map[uint32]bool // while frozen: rows that have gone
	unseen map[uint32]bool // while frozen: rows that came, counted once

	visible []order.Rank
	lines   map[uint32]*finished
	gen     uint32 // of the layout and the theme; finished lines of others are stale
}

// finished is a row's line as it was last drawn, with what it was drawn from.
type finished struct {
	text   string
	gen    uint32
	chosen selection
	lit    bool // marked as just arrived
	fresh  bool // row is what the list has
	row    model.Row
	marks  model.Marks
}

// selection says whether a row is the selected one.
type selection uint8

const (
	notSelected    selection = iota
	selectedNewest           // because it is the newest and the tape follows
	selectedHeld             // because the user went there
)

// noRow is a handle that no row has.
const noRow = gapBit - 1

// newRowTable returns one that follows.
func newRowTable(l *list, z *format.Zone) *rowTable {
	return &rowTable{list: l, zone: z, height: 1, following: true, lines: make(map[uint32]*finished), arrivals: make(arrivals)}
}

// changed says that a row has new content.
func (t *rowTable) changed(id uint32) {
	if f, ok := t.lines[id]; ok && !t.frozen {
		f.fresh = false
	}
}

// gone says that a row's handle now means nothing.
func (t *rowTable) gone(id uint32) {
	if !t.frozen {
		delete(t.lines, id)
	}
}

// forget drops what was drawn: the rows, not only the looks, are others.
func (t *rowTable) forget() {
	clear(t.lines)
	clear(t.arrivals)
}

// restyle makes every line be drawn anew.
func (t *rowTable) restyle() { t.gen++ }

// settle finds the visible rows after the list or the window changed.
func (t *rowTable) settle() {
	n := t.list.ord.Len()
	if n == 0 {
		t.has, t.top, t.line, t.visible = false, 0, 0, t.visible[:0]
		return
	}
	pos := 0
	if !t.following && t.has {
		found := false
		if pos, found = t.list.position(t.selected); !found {
			pos = min(t.top+t.line, n-1) // the row went: the one in its place
		}
	}
	t.place(pos)
}

// place selects the row at a position, keeping its screen line if it can.
func (t *rowTable) place(pos int) {
	t.top, t.line = table.Place(pos, t.line, t.height, t.list.ord.Len())
	r, ok := t.list.ord.At(t.top + t.line)
	t.has, t.selected = ok, r.ID
	if cap(t.visible) < t.height {
		t.visible = make([]order.Rank, t.height)
	}
	t.visible = t.visible[:max(t.height, 0)]
	t.visible = t.visible[:t.list.ord.Read(t.top, t.visible)]
}

// move selects a row some lines away. Scrolling keeps the selection's line when
// it goes by pages.
func (t *rowTable) move(by int) {
	n := t.list.ord.Len()
	if n == 0 || !t.has {
		return
	}
	pos := max(min(t.top+t.line+by, n-1), 0)
	if by == 1 || by == -1 {
		t.line = max(min(t.line+by, t.height-1), 0)
	}
	t.hold(pos)
}

// hold stands still on a position, or follows when it is the newest row.
func (t *rowTable) hold(pos int) {
	if t.following {
		t.added = 0
	}
	t.following = pos == 0 && t.list.followsNewest() && !t.frozen
	if pos == 0 {
		t.added, t.line = 0, 0
	}
	t.place(pos)
}

// jump goes to a position, scrolling no more than it must.
func (t *rowTable) jump(pos int) {
	t.line = max(min(pos-t.top, t.height-1), 0)
	t.hold(pos)
}

// newest goes to the first row and follows if that is the newest one.
func (t *rowTable) newest() { t.hold(0) }

// oldest goes to the last row.
func (t *rowTable) oldest() {
	t.line = t.height - 1
	t.hold(max(t.list.ord.Len()-1, 0))
}

// marked moves to the next marked row in a direction, and reports whether there
// was one.
func (t *rowTable) marked(by int) bool {
	n := t.list.ord.Len()
	for pos := t.top + t.line + by; pos >= 0 && pos < n; pos += by {
		r, ok := t.list.ord.At(pos)
		if !ok || r.ID&gapBit != 0 {
			continue
		}
		b := t.list.bursts.Get(r.ID)
		if b == nil {
			continue
		}
		c := t.list.contracts.At(b.Row.Contract)
		if c != nil && model.MarksOf(&b.Row, c, t.list.rules) != 0 {
			t.jump(pos)
			return true
		}
	}
	return false
}

// came counts a row that came in while the tape stands still.
func (t *rowTable) came(id uint32) {
	if t.following {
		return
	}
	if t.list.followsNewest() && t.has && !t.frozen {
		sel, ok := t.list.rankOf(t.selected)
		r, in := t.list.rankOf(id)
		if ok && in && r.Compare(sel) > 0 {
			return // below the selection: a late row
		}
	}
	t.added++
}

// underlying is that of the selected row.
func (t *rowTable) underlying() string {
	if !t.has {
		return ""
	}
	if g, ok := t.list.gapLines[t.selected]; ok {
		return g.underlying
	}
	if f, ok := t.lines[t.selected]; ok {
		if c := t.list.contracts.At(f.row.Contract); c != nil {
			return c.Underlying
		}
	}
	return ""
}

// do moves the selection, and reports whether an action does that.
func (t *rowTable) do(a keys.Action) bool {
	switch a {
	case keys.Down:
		t.move(1)
	case keys.Up:
		t.move(-1)
	case keys.PageDown:
		t.move(t.height)
	case keys.PageUp:
		t.move(-t.height)
	case keys.HalfDown:
		t.move(t.height / 2)
	case keys.HalfUp:
		t.move(-t.height / 2)
	case keys.Newest:
		t.newest()
	case keys.Oldest:
		t.oldest()
	default:
		return false
	}
	return true
}
