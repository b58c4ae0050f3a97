package exchange

import (
	"sort"

	"optflow/feed/sim/basis"
)

// minuteBar is what stays of a minute whose trades have left the log, 32 bytes.
type minuteBar struct {
	cents                  int64
	open, high, low, close int32
	volume                 int32
	count                  uint16
	minute                 uint16 // since midnight
}

// fold takes a trade that leaves the log into its minute.
func (m *Market) fold(_ uint32, t *trade) {
	c := m.Contracts[t.contract]
	if t.flags&flagNoBar != 0 || t.time < m.dayStart {
		return
	}
	at := uint16((t.time - m.dayStart) / basis.Minute)
	i := sort.Search(len(c.bars), func(i int) bool { return c.bars[i].minute >= at })
	if i == len(c.bars) {
		c.bars = append(c.bars, minuteBar{minute: at, open: t.price, high: t.price, low: t.price})
	} else if c.bars[i].minute != at { // a late trade in a minute without others
		c.bars = append(c.bars, minuteBar{})
		copy(c.bars[i+1:], c.bars[i:])
		c.bars[i] = minuteBar{minute: at, open: t.price, high: t.price, low: t.price}
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
