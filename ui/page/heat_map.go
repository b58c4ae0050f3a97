package page

import (
	"cmp"
	"slices"

	"optflow/model"
	"optflow/model/view"
	"optflow/ui/keys"
	"optflow/ui/table"
)

// heatMap is one ticker's day: expiry across, strike down, the highest on top.
// The cursor belongs to an expiry and a strike, not to a place on the screen.
type heatMap struct {
	expiries []model.Date
	strikes  []int32 // thousandths of a dollar, falling
	Cells    []view.Cell
	top      float64 // premium of the largest cell
	total    float64

	HeatPlace
	height, width int
	read          bool // the details of the cursor's cell are open
}

// HeatPlace is where the user is in a heat map.
type HeatPlace struct {
	expiry    model.Date
	strike    int32
	has       bool
	Line, Col int // of the cursor's cell on the screen
	FirstRow  int
	FirstCol  int
}

// load takes over the contracts that the filter takes.
func (h *heatMap) load(lines []table.Contract) {
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
		s, _ := slices.BinarySearchFunc(h.strikes, l.Of.Strike, func(a, b int32) int { return cmp.Compare(b, a) })
		c := h.at(s, e)
		c.Add(l)
		h.top = max(h.top, c.Premium())
		h.total += l.Premium
	}
	h.settle()
}

func (h *heatMap) at(strike, expiry int) *view.Cell { return &h.Cells[strike*len(h.expiries)+expiry] }

// settle finds the cursor's cell again, or the nearest one that is left. At
// first it is the cell of most premium.
func (h *heatMap) settle() {
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
		h.Line, h.Col = h.height/2, best%len(h.expiries) // the first expiries stay in, if they can
		h.put(best/len(h.expiries), best%len(h.expiries))
		return
	}
	e, _ := slices.BinarySearch(h.expiries, h.expiry)
	s, _ := slices.BinarySearchFunc(h.strikes, h.strike, func(a, b int32) int { return cmp.Compare(b, a) })
	h.put(s, e)
}

// put sets the cursor on a cell, keeping its place on the screen if it can.
func (h *heatMap) put(strike, expiry int) {
	if len(h.Cells) == 0 {
		return
	}
	strike = max(min(strike, len(h.strikes)-1), 0)
	expiry = max(min(expiry, len(h.expiries)-1), 0)
	h.FirstRow, h.Line = scrolled(strike, h.Line, h.Rows(), len(h.strikes))
	h.FirstCol, h.Col = scrolled(expiry, h.Col, h.columns(), len(h.expiries))
	h.has, h.expiry, h.strike = true, h.expiries[expiry], h.strikes[strike]
}

// scrolled is the first of n things to show and the line of the one at pos,
// wanted on the given line of so many.
func scrolled(pos, line, lines, n int) (first, at int) {
	line = max(min(line, lines-1), 0)
	first = max(min(pos-line, n-lines), 0)
	return first, pos - first
}

// move goes some cells down and across.
func (h *heatMap) move(down, right int) {
	if down == 1 || down == -1 {
		h.Line += down
	}
	if right == 1 || right == -1 {
		h.Col += right
	}
	h.put(h.Row()+down, h.Across()+right)
}

// Row and across are where the cursor's cell is.
func (h *heatMap) Row() int {
	s, _ := slices.BinarySearchFunc(h.strikes, h.strike, func(a, b int32) int { return cmp.Compare(b, a) })
	return s
}

func (h *heatMap) Across() int {
	e, _ := slices.BinarySearch(h.expiries, h.expiry)
	return e
}

// Cursor is the cell under the cursor, nil if there is none.
func (h *heatMap) Cursor() *view.Cell {
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
	heatStrike = 11 // the strike with its margin
	heatCells  = 8  // a cell with the gap before it
	heatFoot   = 2  // lines of the readout
)

func (h *heatMap) Rows() int    { return max(h.height-heatFoot, 1) }
func (h *heatMap) columns() int { return max((h.width-heatStrike)/heatCells, 1) }

// do moves the cursor, and reports whether an action does that.
func (h *heatMap) do(a keys.Action) bool {
	switch a {
	case keys.Down:
		h.move(1, 0)
	case keys.Up:
		h.move(-1, 0)
	case keys.Left:
		h.move(0, -1)
	case keys.Right:
		h.move(0, 1)
	case keys.PageDown:
		h.move(h.Rows(), 0)
	case keys.PageUp:
		h.move(-h.Rows(), 0)
	case keys.HalfDown:
		h.move(h.Rows()/2, 0)
	case keys.HalfUp:
		h.move(-h.Rows()/2, 0)
	case keys.Newest:
		h.start()
	case keys.Oldest:
		h.put(len(h.strikes)-1, h.Across())
	default:
		return false
	}
	return true
}

// click goes to the cell at a place of the map.
func (h *heatMap) click(x, line int) bool {
	col := (x - heatStrike) / heatCells
	if x < heatStrike || line < 0 || line >= h.Rows() || col >= h.columns() || h.FirstRow+line >= len(h.strikes) || h.FirstCol+col >= len(h.expiries) {
		return false
	}
	h.Line, h.Col = line, col
	h.put(h.FirstRow+line, h.FirstCol+col)
	return true
}

// start goes to the cell of most premium.
func (h *heatMap) start() {
	h.has = false
	h.settle()
}
