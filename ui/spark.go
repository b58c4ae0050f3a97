package ui

import "optflow/model"

// sparkMost is the widest sparkline: a cell a minute.
const sparkMost = 60

// sparks are the eight heights of a sparkline.
var sparks = []string{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}

// sparkParts are the two heights of a cell that does not hold all that traded:
// another glyph, so that it is no lower bar of the same kind.
var sparkParts = []string{"╷", "┊"}

// sparkNone is such a cell in which nothing is known to have traded.
const sparkNone = "·"

// sparkCells is how many cells so many minutes take, in so much room; 0 is too
// little.
func sparkCells(minutes, room int) int {
	n := min(room, sparkMost)
	if n < 8 || minutes == 0 {
		return 0
	}
	per := (minutes + n - 1) / n
	return (minutes + per - 1) / per
}

// spark writes a ticker's minutes in n cells, the newest at the right. Cells
// without premium are blank; those with a minute that is not whole look so.
func spark(p *pen, r *model.Totals, n int) {
	var sums [sparkMost]float64
	var part [sparkMost]bool
	last, top := len(r.Minutes)-1, 0.0
	per := (len(r.Minutes) + n - 1) / n
	for i, v := range r.Minutes {
		cell := n - 1 - (last-i)/per
		sums[cell] += v
		part[cell] = part[cell] || r.Partial&(1<<i) != 0
		top = max(top, sums[cell])
	}
	for i, v := range sums[:n] {
		switch none := v <= 0 || top <= 0; {
		case none && part[i]:
			p.put(inkDim, sparkNone)
		case none:
			p.put(inkDim, " ")
		case part[i]:
			p.put(inkDim, sparkParts[min(int(v/top*2), 1)])
		default:
			p.put(inkDim, sparks[min(int(v/top*8), 7)])
		}
	}
}

// sparkLag is how many minutes at the end may be part without a word: the
// running one, and the one before until its last second has come in.
const sparkLag = 2

// wholeSince is from when all of a ticker's minutes are whole, in ms: 0 all are,
// -1 none is.
func wholeSince(r *model.Totals) int64 {
	i := len(r.Minutes) - 1
	for skipped := 0; skipped < sparkLag && i >= 0 && r.Partial&(1<<i) != 0; skipped++ {
		i--
	}
	end := i
	for i >= 0 && r.Partial&(1<<i) == 0 {
		i--
	}
	switch {
	case i < 0:
		return 0
	case i == end:
		return -1
	}
	return r.Minute - int64(len(r.Minutes)-2-i)*int64(model.Minute)
}

// wholeText says from when the minutes of all these tickers are whole; "" when
// the hour is.
func wholeText(rows []model.Totals, zone *timeZone) string {
	latest := int64(0)
	for i := range rows {
		at := wholeSince(&rows[i])
		if at < 0 {
			return "no whole minute"
		}
		latest = max(latest, at)
	}
	if latest == 0 {
		return ""
	}
	return "whole from " + zone.minute(latest)
}
