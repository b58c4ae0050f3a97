package rows

import (
	"optflow/model"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/order"
	"optflow/ui/table"
)

// Table is the window on the list: which rows are visible, which is selected,
// whether the newest is followed. It keeps finished lines and, for a frozen
// picture, copies of the rows behind them.
type Table struct {
	list   *List
	zone   *format.Zone
	Layout table.Layout
	Height int // rows that fit

	Cursor table.ID // the column under the cursor
	Pick   bool     // the column cursor was used: show it

	Selected  uint32
	Has       bool // there is a selected row
	Line      int  // the screen line of the selected row
	Top       int  // position of the first visible row
	Following bool
	Frozen    bool
	NoArrow   bool // on the newest row, while it is followed: with each row it would be two lines
	Added     int  // rows that came in since the tape last stood at the newest

	read   bool // the details of the selected row are open: only g follows
	resume bool // and it followed before, and was not moved since

	Arrivals arrivals
	Hit      func(*table.Cell) bool // whether the search finds a row
	Fired    func(*model.Row) bool  // whether a row fired an alert

	lost   map[uint32]bool // while frozen: rows that have gone
	unseen map[uint32]bool // while frozen: rows that came, counted once

	Visible []order.Rank
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
	row    model.Burst
	marks  model.Marks
}

// selection says whether a row is the selected one.
type selection uint8

const (
	notSelected    selection = iota
	selectedNewest           // because it is the newest and the tape follows
	selectedHeld             // because the user went there
	selectedRead             // and its details are open
)

// noRow is a handle that no row has.
const noRow = GapBit - 1

// NewTable returns one that follows.
func NewTable(l *List, z *format.Zone) *Table {
	return &Table{list: l, zone: z, Height: 1, Following: true, lines: make(map[uint32]*finished), Arrivals: make(arrivals)}
}

// Changed says that a row has new content.
func (t *Table) Changed(id uint32) {
	if f, ok := t.lines[id]; ok && !t.Frozen {
		f.fresh = false
	}
}

// Gone says that a row's handle now means nothing.
func (t *Table) Gone(id uint32) {
	if t.Frozen {
		return
	}
	if delete(t.lines, id); id == t.Selected {
		t.Selected = noRow // another one may have the handle before the table settles
	}
}

// Forget drops what was drawn: the rows, not only the looks, are others.
func (t *Table) Forget() {
	clear(t.lines)
	clear(t.Arrivals)
	t.lost, t.unseen = nil, nil // of a frozen picture, by handles that are others' now
}

// Restyle makes every line be drawn anew.
func (t *Table) Restyle() { t.gen++ }

// Settle finds the visible rows after the list or the window changed.
func (t *Table) Settle() {
	n := t.list.Ord.Len()
	if n == 0 {
		t.Has, t.Top, t.Line, t.Visible = false, 0, 0, t.Visible[:0]
		return
	}
	pos := 0
	if !t.Following && t.Has {
		found := false
		if pos, found = t.list.Position(t.Selected); !found {
			pos = min(t.Top+t.Line, n-1) // the row went: the one in its place
		}
	}
	t.place(pos)
}

// place selects the row at a position, keeping its screen line if it can.
func (t *Table) place(pos int) {
	t.Top, t.Line = table.Place(pos, t.Line, t.Height, t.list.Ord.Len())
	r, ok := t.list.Ord.At(t.Top + t.Line)
	t.Has, t.Selected = ok, r.ID
	if cap(t.Visible) < t.Height {
		t.Visible = make([]order.Rank, t.Height)
	}
	t.Visible = t.Visible[:max(t.Height, 0)]
	t.Visible = t.Visible[:t.list.Ord.Read(t.Top, t.Visible)]
}

// Move selects a row some lines away. Scrolling keeps the selection's line when
// it goes by pages.
func (t *Table) Move(by int) {
	n := t.list.Ord.Len()
	if n == 0 || !t.Has {
		return
	}
	pos := max(min(t.Top+t.Line+by, n-1), 0)
	if by == 1 || by == -1 {
		t.Line = max(min(t.Line+by, t.Height-1), 0)
	}
	t.Hold(pos)
}

// Hold stands still on a position, or follows when it is the newest row and no
// details are read.
func (t *Table) Hold(pos int) {
	if t.Following {
		t.Added = 0
	}
	t.Following, t.resume = pos == 0 && t.list.FollowsNewest() && !t.Frozen && !t.read, false
	if pos == 0 {
		t.Added, t.Line = 0, 0
	}
	t.place(pos)
}

// Jump goes to a position, scrolling no more than it must.
func (t *Table) Jump(pos int) {
	t.Line = max(min(pos-t.Top, t.Height-1), 0)
	t.Hold(pos)
}

// Newest goes to the first row and follows if that is the newest one.
func (t *Table) Newest() {
	t.Hold(0)
	t.Following = t.list.FollowsNewest() && !t.Frozen
}

// Restart begins on the first row of an order.
func (t *Table) Restart() {
	t.Following, t.Added, t.Line, t.Has = t.list.FollowsNewest() && !t.read, 0, 0, false
}

// Read says whether the details of the selected row are open. Meanwhile the tape
// holds still on it; where it was not moved it goes on as before.
func (t *Table) Read(details bool) {
	switch {
	case details == t.read:
		return
	case details:
		t.resume = t.Following
		if t.Following {
			t.Following, t.Added = false, 0
		}
	case t.resume:
		t.Newest()
	}
	t.read = details
}

// oldest goes to the last row.
func (t *Table) oldest() {
	t.Line = t.Height - 1
	t.Hold(max(t.list.Ord.Len()-1, 0))
}

// Marked moves to the next marked row in a direction, and reports whether there
// was one.
func (t *Table) Marked(by int) bool {
	n := t.list.Ord.Len()
	for pos := t.Top + t.Line + by; pos >= 0 && pos < n; pos += by {
		r, ok := t.list.Ord.At(pos)
		if !ok || r.ID&GapBit != 0 {
			continue
		}
		b := t.list.Bursts.Get(r.ID)
		if b == nil {
			continue
		}
		c := t.list.contracts.At(b.Row.Contract)
		if c != nil && (model.MarksOf(&b.Row, c, t.list.rules) != 0 || t.Fired(&b.Row)) {
			t.Jump(pos)
			return true
		}
	}
	return false
}

// Came counts a row that came in while the tape stands still.
func (t *Table) Came(id uint32) {
	if t.Following {
		return
	}
	if t.list.FollowsNewest() && t.Has && !t.Frozen {
		sel, ok := t.list.RankOf(t.Selected)
		r, in := t.list.RankOf(id)
		if ok && in && r.Compare(sel) > 0 {
			return // below the selection: a late row
		}
	}
	t.Added++
}

// Underlying is that of the selected row.
func (t *Table) Underlying() string {
	if !t.Has {
		return ""
	}
	if g, ok := t.list.GapLines[t.Selected]; ok {
		return g.Underlying
	}
	if f, ok := t.lines[t.Selected]; ok {
		if c := t.list.contracts.At(f.row.Contract); c != nil {
			return c.Underlying
		}
	}
	return ""
}

// Do moves the selection, and reports whether an action does that.
func (t *Table) Do(a keys.Action) bool {
	if by, moves := table.Steps(a, t.Height); moves {
		t.Move(by)
		return true
	}
	switch a {
	case keys.Newest:
		t.Newest()
	case keys.Oldest:
		t.oldest()
	default:
		return false
	}
	return true
}
