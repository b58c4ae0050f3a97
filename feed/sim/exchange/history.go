package exchange

import (
	"cmp"
	"slices"

	"optflow/feed/sim/basis"
)

// Bars makes the bars of a contract of a width (a second or whole minutes)
// whose start is from..to, both included, as bars stand at a time. Seconds whose
// trades have left the log are gone; minutes of today stay.
func (p *Prints) Bars(c *Contract, width, from, to, at int64) []Window {
	end := to + width
	var bars []Window
	if from < p.time.live {
		p.past.each(c, func(_ int, t *trade) bool {
			if t.time >= from && t.time < end && t.flags&flagNoBar == 0 {
				bars = addToBars(bars, t, width)
			}
			return t.time < end
		})
	}
	if width >= basis.Minute {
		for i := range c.bars {
			w := c.bars[i].window(p.time.dayStart)
			if w.Start >= from && w.Start <= to {
				bars = joinBar(bars, w, width)
			}
		}
	}
	for _, w := range p.logBars(c, from, end, width, at) {
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
func (p *Prints) Days(c *Contract, first, last, now int64) []Window {
	p.past.ensureBefore(c)
	today, traded := p.dayAt(c, max(now, p.time.live))
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

// minuteBar is what stays of a minute whose trades have left the log, 32 bytes.
type minuteBar struct {
	cents                  int64
	open, high, low, close int32
	volume                 int32
	count                  uint16
	minute                 uint16 // since midnight
}

// fold takes a trade that leaves the log into its minute.
func (p *Prints) fold(_ uint32, t *trade) {
	c := p.listing.Contracts[t.contract]
	if t.flags&flagNoBar != 0 || t.time < p.time.dayStart {
		return
	}
	at := uint16((t.time - p.time.dayStart) / basis.Minute)
	i, found := slices.BinarySearchFunc(c.bars, at, func(b minuteBar, at uint16) int { return cmp.Compare(b.minute, at) })
	if !found { // at the end, but for a late trade in a minute without others
		c.bars = slices.Insert(c.bars, i, minuteBar{minute: at, open: t.price, high: t.price, low: t.price})
	}
	b := &c.bars[i]
	b.high, b.low = max(b.high, t.price), min(b.low, t.price)
	if t.flags&flagLate == 0 || b.close == 0 {
		b.close = t.price
	}
	b.volume += t.size
	b.count++
	b.cents += int64(t.price) * int64(t.size)
}

// window is the bar in the form of a running one.
func (b *minuteBar) window(dayStart int64) Window {
	return Window{
		Start: dayStart + int64(b.minute)*basis.Minute,
		Open:  b.open, High: b.high, Low: b.low, Close: b.close,
		Count: int32(b.count), Volume: int64(b.volume), Cents: b.cents,
	}
}
