// Package heat is the map of a ticker's day: its cells, the cursor among them, and
// how they are drawn.
package heat

import (
	"cmp"
	"slices"

	"optflow/model"
	"optflow/model/view"
	"optflow/ui/keys"
	"optflow/ui/table"
)

// Map is one ticker's day: expiry across, strike down, the highest on top.
// The cursor belongs to an expiry and a strike, not to a place on the screen.
type Map struct {
	expiries []model.Date
	strikes  []int32 // thousandths of a dollar, falling
	Cells    []view.Cell
	top      float64 // premium of the largest cell
	total    float64

	Place
	Height, Width int
	Read          bool // the details of the cursor's cell are open
}

// Place is where the user is in a heat map.
type Place struct {
	Expiry    model.Date
	Strike    int32
	has       bool
	Line, Col int // of the cursor's cell on the screen
	FirstRow  int
	FirstCol  int
}

// Load takes over the contracts that the filter takes.
func (h *Map) Load(lines []table.Contract) {
	h.expiries, h.strikes = h.expiries[:0], h.strikes[:0]
	for i := range lines {
		h.expiries = append(h.expiries, lines[i].Of.Expiry)
		h.strikes = append(h.strikes, lines[i].Of.Strike)
	}
	slices.Sort(h.expiries)
	h.expiries = slices.Compact(h.expiries)
	slices.SortFunc(h.strikes, func(a, b int32) int { return cmp.Compare(b, a) })
	h.strikes = slices.Compact(h.strikes)
	h.Cells = slices.Grow(h.Cells[:0], len(h.expiries)*len(h.strikes))[:len(h.expiries)*len(h.strikes)]
	clear(h.Cells)
	h.top, h.total = 0, 0
	for i := range lines {
		l := &lines[i]
		e, _ := slices.BinarySearch(h.expiries, l.Of.Expiry)
		c := h.at(h.row(l.Of.Strike), e)
		c.Add(l)
		h.top = max(h.top, c.Premium())
		h.total += l.Premium
	}
	h.Settle()
}

func (h *Map) at(strike, expiry int) *view.Cell { return &h.Cells[strike*len(h.expiries)+expiry] }

// Settle finds the cursor's cell again, or the nearest one that is left. At
// first it is the cell of most premium.
func (h *Map) Settle() {
	if len(h.Cells) == 0 {
		return
	}
	if !h.has {
		best := 0
		for i := range h.Cells {
			if h.Cells[i].Premium() > h.Cells[best].Premium() {
				best = i
			}
		}
		h.Line, h.Col = h.Height/2, best%len(h.expiries) // the first expiries stay in, if they can
		h.put(best/len(h.expiries), best%len(h.expiries))
		return
	}
	h.put(h.Row(), h.Across())
}

// put sets the cursor on a cell, keeping its place on the screen if it can.
func (h *Map) put(strike, expiry int) {
	if len(h.Cells) == 0 {
		return
	}
	strike = max(min(strike, len(h.strikes)-1), 0)
	expiry = max(min(expiry, len(h.expiries)-1), 0)
	h.FirstRow, h.Line = table.Place(strike, h.Line, h.Rows(), len(h.strikes))
	h.FirstCol, h.Col = table.Place(expiry, h.Col, h.columns(), len(h.expiries))
	h.has, h.Expiry, h.Strike = true, h.expiries[expiry], h.strikes[strike]
}

// Move goes some cells down and across.
func (h *Map) Move(down, right int) {
	if down == 1 || down == -1 {
		h.Line += down
	}
	if right == 1 || right == -1 {
		h.Col += right
	}
	h.put(h.Row()+down, h.Across()+right)
}

// row is where a strike is.
func (h *Map) row(strike int32) int {
	s, _ := slices.BinarySearchFunc(h.strikes, strike, func(a, b int32) int { return cmp.Compare(b, a) })
	return s
}

// Row and Across are where the cursor's cell is.
func (h *Map) Row() int { return h.row(h.Strike) }

func (h *Map) Across() int {
	e, _ := slices.BinarySearch(h.expiries, h.Expiry)
	return e
}

// Cursor is the cell under the cursor, nil if there is none.
func (h *Map) Cursor() *view.Cell {
	if !h.has || len(h.Cells) == 0 {
		return nil
	}
	s, e := h.Row(), h.Across()
	if s >= len(h.strikes) || e >= len(h.expiries) {
		return nil
	}
	return h.at(s, e)
}

// The map's measures, in cells.
const (
	strikeCells = 11 // the strike with its margin
	cellCells   = 8  // a cell with the gap before it
	footLines   = 2  // lines of the readout
)

func (h *Map) Rows() int    { return max(h.Height-footLines, 1) }
func (h *Map) columns() int { return max((h.Width-strikeCells)/cellCells, 1) }

// Do moves the cursor, and reports whether an action does that.
func (h *Map) Do(a keys.Action) bool {
	if by, moves := table.Steps(a, h.Rows()); moves {
		h.Move(by, 0)
		return true
	}
	switch a {
	case keys.Left:
		h.Move(0, -1)
	case keys.Right:
		h.Move(0, 1)
	case keys.Newest:
		h.Start()
	case keys.Oldest:
		h.put(len(h.strikes)-1, h.Across())
	default:
		return false
	}
	return true
}

// Click goes to the cell at a place of the map.
func (h *Map) Click(x, line int) bool {
	col := (x - strikeCells) / cellCells
	if x < strikeCells || line < 0 || line >= h.Rows() || col >= h.columns() || h.FirstRow+line >= len(h.strikes) || h.FirstCol+col >= len(h.expiries) {
		return false
	}
	h.Line, h.Col = line, col
	h.put(h.FirstRow+line, h.FirstCol+col)
	return true
}

// Start goes to the cell of most premium.
func (h *Map) Start() {
	h.has = false
	h.Settle()
}
