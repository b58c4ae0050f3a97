package heat

import (
	"math"
	"strconv"
	"strings"

	"optflow/model"
	"optflow/model/view"
	"optflow/ui/format"
	"optflow/ui/paint"
	"optflow/ui/table"
)

// shades are how a cell of a share of the largest one is drawn. The glyph says
// it; the ink only repeats it.
var shades = []struct {
	from  float64
	glyph string
}{{0.50, "█"}, {0.20, "▓"}, {0.05, "▒"}, {0.01, "░"}, {0, "·"}}

// shadeCells is how many glyphs a cell has; a letter for calls or puts follows.
const shadeCells = 5

var shadeTexts = func() (out []string) {
	for _, s := range shades {
		out = append(out, strings.Repeat(s.glyph, shadeCells))
	}
	return out
}()

// shadeOf is which shade a premium has against the largest.
func shadeOf(v, top float64) int {
	for i, s := range shades {
		if v >= s.from*top {
			return i
		}
	}
	return len(shades) - 1
}

// heavy is the share of a cell's premium from which it is said to be calls, or
// puts.
const heavy = 2.0 / 3

// lean says whether a cell is mostly calls or puts.
func lean(c *view.Cell) (paint.Ink, string) {
	switch sum := c.Premium(); {
	case c.Call >= heavy*sum:
		return paint.Call, "C"
	case c.Put >= heavy*sum:
		return paint.Put, "P"
	}
	return paint.Text, " "
}

// Header writes the expiries in view.
func (h *Map) Header(p *paint.Pen, th *paint.Theme, width int) string {
	p.Line(th, paint.OnBar, width)
	p.Space(2)
	p.Start(paint.Header, "STRIKE", strikeCells-3)
	if h.FirstCol > 0 {
		p.Put(paint.Accent, "←")
	} else {
		p.Space(1)
	}
	n := min(h.columns(), len(h.expiries)-h.FirstCol)
	for i := range n {
		e := h.expiries[h.FirstCol+i]
		p.Space(1)
		ink := paint.Header
		if h.has && e == h.Expiry {
			ink = paint.Cursor
		}
		p.Number(ink, format.AppendExpiry(p.Scratch(), e), cellCells-1)
	}
	if more := len(h.expiries) - h.FirstCol - n; more > 0 && p.Left() >= 2 {
		p.To(width - 1)
		p.Put(paint.Accent, "→")
	}
	return p.End()
}

// Render writes the map and its readout into exactly height lines.
func (h *Map) Render(p *paint.Pen, th *paint.Theme, width int, spot float64, total float64, day model.Date, out []string) []string {
	near := h.nearest(spot)
	for line := range h.Rows() {
		p.Line(th, paint.OnPlain, width)
		if s := h.FirstRow + line; s < len(h.strikes) {
			h.strikeLine(p, s, near)
		}
		out = append(out, p.End())
	}
	p.Line(th, paint.OnPlain, width)
	p.Space(1)
	h.readout(p, total, day)
	out = append(out, p.End())
	p.Line(th, paint.OnPlain, width)
	h.legend(p, spot)
	return append(out, p.End())
}

func (h *Map) strikeLine(p *paint.Pen, s, near int) {
	ink, mark := paint.Text, "  "
	if s == near {
		ink, mark = paint.Accent, "≈ "
	}
	if h.has && h.strikes[s] == h.Strike {
		ink, mark = paint.Strong, table.Arrow(h.Read)+" "
	}
	p.Put(ink, mark)
	p.Number(ink, format.AppendStrike(p.Scratch(), h.strikes[s]), strikeCells-4)
	p.Space(2)
	for i := range min(h.columns(), len(h.expiries)-h.FirstCol) {
		c := h.at(s, h.FirstCol+i)
		p.Space(1)
		switch {
		case h.has && h.strikes[s] == h.Strike && h.expiries[h.FirstCol+i] == h.Expiry:
			p.Number(paint.Cursor, format.AppendMoney(p.Scratch(), c.Premium()), cellCells-1)
		case c.Contracts == 0:
			p.Space(cellCells - 1)
		default:
			ink, letter := lean(c)
			p.Space(1)
			p.Put(ink, shadeTexts[shadeOf(c.Premium(), h.top)])
			p.Put(paint.Dim, letter)
		}
	}
}

// nearest is the strike nearest to a spot, -1 without one.
func (h *Map) nearest(spot float64) int {
	best := -1
	if math.IsNaN(spot) {
		return best
	}
	for i, s := range h.strikes {
		if best < 0 || math.Abs(float64(s)/1000-spot) < math.Abs(float64(h.strikes[best])/1000-spot) {
			best = i
		}
	}
	return best
}

// readout says in numbers what the cell under the cursor holds.
func (h *Map) readout(p *paint.Pen, total float64, day model.Date) {
	c := h.Cursor()
	if c == nil {
		return
	}
	p.Put(paint.Strong, string(format.AppendStrike(p.Scratch(), h.Strike)))
	p.Put(paint.Text, "  "+h.Expiry.Short())
	p.Put(paint.Dim, "  "+format.Days(int(h.Expiry-day))+"  ")
	if c.Contracts == 0 {
		p.Put(paint.Dim, "nothing traded")
		return
	}
	if c.CallVolume > 0 {
		p.Put(paint.Call, "calls "+format.Money(c.Call))
		p.Put(paint.Dim, ", "+format.Count(c.CallVolume)+" lots  ")
	}
	if c.PutVolume > 0 {
		p.Put(paint.Put, "puts "+format.Money(c.Put))
		p.Put(paint.Dim, ", "+format.Count(c.PutVolume)+" lots  ")
	}
	if total > 0 {
		p.Put(paint.Dim, strconv.FormatFloat(c.Premium()/total*100, 'f', 1, 64)+"% of the map")
	}
}

func (h *Map) legend(p *paint.Pen, spot float64) {
	p.Space(1)
	if h.top <= 0 {
		return
	}
	for i, s := range shades {
		p.Put(paint.Text, s.glyph+s.glyph)
		if i < len(shades)-1 {
			p.Put(paint.Dim, " "+strconv.FormatFloat(s.from*100, 'f', 0, 64)+"% ")
		} else {
			p.Put(paint.Dim, " less")
		}
	}
	p.Put(paint.Dim, " of "+format.Money(h.top)+"  C P two thirds of it")
	if !math.IsNaN(spot) {
		p.Put(paint.Accent, "  ≈ ")
		p.Put(paint.Dim, "spot "+string(format.AppendPrice(p.Scratch(), spot)))
	}
}
