package sim

import (
	"cmp"
	"slices"
)

// history makes the bars of a contract of a width (a second or whole minutes)
// whose start is from..to, both included, as bars stand at a time. Seconds whose
// trades have left the log are gone; minutes of today stay.
func (m *Market) history(c *contract, width, from, to, at int64) []window {
	end := to + width
	var bars []window
	if from < m.live {
		m.eachPast(c, func(_ int, t *trade) bool {
			if t.time >= from && t.time < end && t.flags&flagNoBar == 0 {
				bars = addToBars(bars, t, width)
			}
			return t.time < end
		})
	}
	if width >= minute {
		for i := range c.bars {
			w := c.bars[i].window(m.dayStart)
			if w.start >= from && w.start <= to {
				bars = joinBar(bars, w, width)
			}
		}
	}
	for _, w := range m.logBars(c, from, end, width, at) {
		bars = joinBar(bars, w, width)
	}
	return slices.DeleteFunc(bars, func(w window) bool { return w.start < from || w.start > to })
}

// joinBar adds a bar of a width or a part of it to those before it.
func joinBar(bars []window, w window, width int64) []window {
	w.start = floor(w.start, width)
	i, found := slices.BinarySearchFunc(bars, w.start, func(a window, start int64) int { return cmp.Compare(a.start, start) })
	if !found {
		return slices.Insert(bars, i, w)
	}
	b := &bars[i]
	b.high, b.low, b.close = max(b.high, w.high), min(b.low, w.low), w.close
	b.count += w.count
	b.volume += w.volume
	b.cents += w.cents
	return bars
}

// days are the bars of whole days: today's and the last one before it.
func (m *Market) days(c *contract, first, last, now int64) []window {
	m.ensureBefore(c)
	today, traded := m.dayAt(c, max(now, m.live))
	var bars []window
	if c.before.volume > 0 {
		bars = append(bars, c.before.window())
	}
	if traded && today.date != c.before.date {
		bars = append(bars, today.window())
	}
	return slices.DeleteFunc(bars, func(w window) bool { return w.start < first || w.start > last })
}

func (d *dayStats) window() window {
	return window{
		start: startOfDay(d.date), open: d.open, high: d.high, low: d.low, close: d.close,
		count: d.count, volume: d.volume, cents: d.cents,
	}
}
