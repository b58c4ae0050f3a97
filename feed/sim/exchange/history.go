package exchange

import (
	"cmp"
	"slices"

	"optflow/feed/sim/basis"
)

// History makes the bars of a contract of a width (a second or whole minutes)
// whose start is from..to, both included, as bars stand at a time. Seconds whose
// trades have left the log are gone; minutes of today stay.
func (m *Market) History(c *Contract, width, from, to, at int64) []Window {
	end := to + width
	var bars []Window
	if from < m.live {
		m.eachPast(c, func(_ int, t *trade) bool {
			if t.time >= from && t.time < end && t.flags&flagNoBar == 0 {
				bars = addToBars(bars, t, width)
			}
			return t.time < end
		})
	}
	if width >= basis.Minute {
		for i := range c.bars {
			w := c.bars[i].window(m.dayStart)
			if w.Start >= from && w.Start <= to {
				bars = joinBar(bars, w, width)
			}
		}
	}
	for _, w := range m.logBars(c, from, end, width, at) {
		bars = joinBar(bars, w, width)
	}
	return slices.DeleteFunc(bars, func(w Window) bool { return w.Start < from || w.Start > to })
}

// joinBar adds a bar of a width or a part of it to those before it.
func joinBar(bars []Window, w Window, width int64) []Window {
	w.Start = basis.Floor(w.Start, width)
	i, found := slices.BinarySearchFunc(bars, w.Start, func(a Window, start int64) int { return cmp.Compare(a.Start, start) })
	if !found {
		return slices.Insert(bars, i, w)
	}
	b := &bars[i]
	b.High, b.Low, b.Close = max(b.High, w.High), min(b.Low, w.Low), w.Close
	b.Count += w.Count
	b.Volume += w.Volume
	b.Cents += w.Cents
	return bars
}

// Days are the bars of whole days: today's and the last one before it.
func (m *Market) Days(c *Contract, first, last, now int64) []Window {
	m.ensureBefore(c)
	today, traded := m.dayAt(c, max(now, m.live))
	var bars []Window
	if c.before.Volume > 0 {
		bars = append(bars, c.before.window())
	}
	if traded && today.Date != c.before.Date {
		bars = append(bars, today.window())
	}
	return slices.DeleteFunc(bars, func(w Window) bool { return w.Start < first || w.Start > last })
}

func (d *DayStats) window() Window {
	return Window{
		Start: basis.StartOfDay(d.Date), Open: d.Open, High: d.High, Low: d.Low, Close: d.Close,
		Count: d.count, Volume: d.Volume, Cents: d.Cents,
	}
}
