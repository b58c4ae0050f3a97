package ui

import (
	"math"
	"strconv"
	"strings"

	"optflow/model"
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
func (c *heatCell) lean() (ink, string) {
	switch sum := c.premium(); {
	case c.call >= heavy*sum:
		return inkCall, "C"
	case c.put >= heavy*sum:
		return inkPut, "P"
	}
	return inkText, " "
}

// header writes the expiries in view.
func (h *heatMap) header(p *pen, th *theme, width int) string {
	p.line(th, groundBar, width)
	p.space(2)
	p.start(inkHeader, "STRIKE", heatStrike-3)
	if h.firstCol > 0 {
		p.put(inkAccent, "←")
	} else {
		p.space(1)
	}
	n := min(h.columns(), len(h.expiries)-h.firstCol)
	for i := range n {
		e := h.expiries[h.firstCol+i]
		p.space(1)
		ink := inkHeader
		if h.has && e == h.expiry {
			ink = inkCursor
		}
		y, m, d := e.UTC().Date()
		b := [7]byte{byte('0' + d/10), byte('0' + d%10), 0, 0, 0, byte('0' + y/10%10), byte('0' + y%10)}
		copy(b[2:5], m.String())
		p.number(ink, b[:], heatCells-1)
	}
	if more := len(h.expiries) - h.firstCol - n; more > 0 && p.left() >= 2 {
		p.to(width - 1)
		p.put(inkAccent, "→")
	}
	return p.end()
}

// render writes the map and its readout into exactly height lines.
func (h *heatMap) render(p *pen, th *theme, width int, spot float64, total float64, day model.Date, out []string) []string {
	near := h.nearest(spot)
	for line := range h.rows() {
		p.line(th, groundPlain, width)
		if s := h.firstRow + line; s < len(h.strikes) {
			h.strikeLine(p, s, near)
		}
		out = append(out, p.end())
	}
	p.line(th, groundPlain, width)
	p.space(1)
	h.readout(p, total, day)
	out = append(out, p.end())
	p.line(th, groundPlain, width)
	h.legend(p, spot)
	return append(out, p.end())
}

// strikeLine writes one strike.
func (h *heatMap) strikeLine(p *pen, s, near int) {
	ink, mark := inkText, "  "
	if s == near {
		ink, mark = inkAccent, "≈ "
	}
	if h.has && h.strikes[s] == h.strike {
		ink, mark = inkStrong, "▸ "
	}
	p.put(ink, mark)
	var b [24]byte
	p.number(ink, appendStrike(b[:0], h.strikes[s]), heatStrike-4)
	p.space(2)
	for i := range min(h.columns(), len(h.expiries)-h.firstCol) {
		c := h.at(s, h.firstCol+i)
		p.space(1)
		switch {
		case h.has && h.strikes[s] == h.strike && h.expiries[h.firstCol+i] == h.expiry:
			p.number(inkCursor, appendMoney(b[:0], c.premium()), heatCells-1)
		case c.contracts == 0:
			p.space(heatCells - 1)
		default:
			lean, letter := c.lean()
			p.space(1)
			p.put(lean, shadeTexts[shadeOf(c.premium(), h.top)])
			p.put(inkDim, letter)
		}
	}
}

// nearest is the strike nearest to a spot, -1 without one.
func (h *heatMap) nearest(spot float64) int {
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
func (h *heatMap) readout(p *pen, total float64, day model.Date) {
	c := h.cursor()
	if c == nil {
		return
	}
	var b [32]byte
	p.put(inkStrong, string(appendStrike(b[:0], h.strike)))
	p.put(inkText, "  "+h.expiry.UTC().Format("02Jan06"))
	p.put(inkDim, "  "+days(int(h.expiry-day))+"  ")
	if c.contracts == 0 {
		p.put(inkDim, "nothing traded")
		return
	}
	if c.callVolume > 0 {
		p.put(inkCall, "calls "+money(c.call))
		p.put(inkDim, ", "+count(c.callVolume)+" lots  ")
	}
	if c.putVolume > 0 {
		p.put(inkPut, "puts "+money(c.put))
		p.put(inkDim, ", "+count(c.putVolume)+" lots  ")
	}
	if total > 0 {
		p.put(inkDim, strconv.FormatFloat(c.premium()/total*100, 'f', 1, 64)+"% of the map")
	}
}

// days is a number of days in words.
func days(n int) string {
	switch n {
	case 0:
		return "today"
	case 1:
		return "1 day"
	}
	return count(int64(n)) + " days"
}

// legend explains the shades.
func (h *heatMap) legend(p *pen, spot float64) {
	p.space(1)
	if h.top <= 0 {
		return
	}
	for i, s := range shades {
		p.put(inkText, s.glyph+s.glyph)
		if i < len(shades)-1 {
			p.put(inkDim, " "+strconv.FormatFloat(s.from*100, 'f', 0, 64)+"% ")
		} else {
			p.put(inkDim, " less")
		}
	}
	p.put(inkDim, " of "+money(h.top)+"  C P two thirds of it")
	if !math.IsNaN(spot) {
		p.put(inkAccent, "  ≈ ")
		var b [32]byte
		p.put(inkDim, "spot "+string(appendPrice(b[:0], spot)))
	}
}
