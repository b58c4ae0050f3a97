package sim

import (
	"cmp"
	"slices"
)

// window is a bar in the making, or made. Prices in cents.
type window struct {
	start                  int64
	open, high, low, close int32
	count                  int32
	volume, cents          int64
	stale                  bool // a trade came late: the bar is made from the log
}

// add takes in a trade later than those before.
func (w *window) add(price, size int32) {
	if w.count == 0 {
		w.open, w.high, w.low = price, price, price
	}
	w.high, w.low, w.close = max(w.high, price), min(w.low, price), price
	w.count++
	w.volume += int64(size)
	w.cents += int64(price) * int64(size)
}

// touched are the contracts that traded in the running second and minute.
type touched struct{ second, minute []*contract }

// touch takes a trade that is on time into its second and its minute.
func (m *Market) touch(c *contract, t *trade) {
	if start := floor(t.time, second); c.second.start != start {
		c.second = window{start: start}
		m.touched.second = append(m.touched.second, c)
	}
	c.second.add(t.price, t.size)
	m.touchMinute(c, floor(t.time, minute)).add(t.price, t.size)
}

func (m *Market) touchMinute(c *contract, start int64) *window {
	if c.minute.start != start {
		c.minute = window{start: start}
		m.touched.minute = append(m.touched.minute, c)
	}
	return &c.minute
}

// The delays of bars in market ms. Second bars come about 2 s after their window
// closes, minute bars in a burst 1 to 3 s after (docs/wire.md#bars).
const (
	secondLatency = 2000
	secondSpread  = 250
	minuteLatency = 1000
	minuteSpread  = 2000
	// With OutOfOrder some bars come later by up to strayDelay. A corrected bar
	// is sent after strayDelay at the earliest, so that the versions of one bar
	// keep their order.
	strayDelay   = 8000
	strayOneIn   = 25
	lostOneIn    = 250
	correctAfter = strayDelay + 4000
)

// closeSecond sends the bars of the second at ms.
func (m *Market) closeSecond(ms int64) {
	for _, c := range m.touched.second {
		spread := int64(m.wireRand.IntN(secondSpread))
		m.sendBar(channelA, c, &c.second, ms+second+secondLatency+spread)
	}
	m.touched.second = m.touched.second[:0]
}

// closeMinute sends the bars of the minute at ms, in random order.
func (m *Market) closeMinute(ms int64) {
	for _, c := range m.touched.minute {
		w := c.minute
		if w.stale {
			w = m.windowAt(c, ms, minute, m.frontier)
		}
		spread := int64(m.wireRand.IntN(minuteSpread))
		m.sendBar(channelAM, c, &w, ms+minute+minuteLatency+spread)
	}
	m.touched.minute = m.touched.minute[:0]
}

// sendBar schedules a bar's first version, unless it gets lost.
func (m *Market) sendBar(kind channel, c *contract, w *window, due int64) {
	if f := m.options.Faults; f.LostBars || f.OutOfOrder {
		draw := m.faultRand.IntN(lostOneIn * strayOneIn)
		if f.LostBars && draw%lostOneIn == 0 {
			return
		}
		if f.OutOfOrder && draw/lostOneIn == 0 {
			due += 1 + int64(m.faultRand.IntN(strayDelay))
		}
	}
	m.scheduleBar(kind, c, w, due)
}

func (m *Market) scheduleBar(kind channel, c *contract, w *window, due int64) {
	m.schedule.put(event{
		kind: kind, contract: c, due: due, start: w.start,
		open: w.open, high: w.high, low: w.low, close: w.close, count: w.count,
		volume: w.volume, cents: w.cents,
		dayVolume: c.volume, dayCents: c.cents, opening: c.opening,
		plusPast: m.day == m.startDate,
	})
}

// rebar is a correction to come: from barred on, the bars of a contract around
// time hold a late trade.
type rebar struct {
	c            *contract
	time, barred int64
}

// correct sends the bars again that take in a late trade before the frontier.
func (m *Market) correct() {
	if len(m.barring) == 0 {
		return
	}
	var now []rebar
	later := m.barring[:0]
	for _, b := range m.barring {
		if b.barred < m.frontier {
			now = append(now, b)
		} else {
			later = append(later, b)
		}
	}
	m.barring = later
	slices.SortStableFunc(now, func(a, b rebar) int { return cmp.Compare(a.barred, b.barred) })
	for _, b := range now {
		w := m.windowAt(b.c, floor(b.time, second), second, b.barred)
		m.scheduleBar(channelA, b.c, &w, max(b.barred, w.start+second+correctAfter))
		start := floor(b.time, minute)
		if start+minute >= m.frontier {
			m.touchMinute(b.c, start).stale = true
			continue
		}
		w = m.windowAt(b.c, start, minute, b.barred)
		m.scheduleBar(channelAM, b.c, &w, max(b.barred, w.start+minute+correctAfter))
	}
}

// windowAt makes one bar from the log, of the trades that bars hold at a time.
func (m *Market) windowAt(c *contract, start, width, at int64) window {
	bars := m.logBars(c, start, start+width, width, at)
	if len(bars) == 0 {
		return window{start: start}
	}
	return bars[0]
}

// logBars makes bars of a width from the log's trades with from <= time < to
// that bars hold at a time.
func (m *Market) logBars(c *contract, from, to, width, at int64) []window {
	var found []*trade
	m.log.back(c, func(seq uint32, t *trade) bool {
		if m.log.seen(seq, t) < from {
			return false
		}
		if barred := m.log.barred(seq, t); t.time >= from && t.time < to && barred > 0 && barred <= at {
			found = append(found, t)
		}
		return true
	})
	slices.Reverse(found)
	slices.SortStableFunc(found, func(a, b *trade) int { return cmp.Compare(a.time, b.time) })
	var bars []window
	for _, t := range found {
		bars = addToBars(bars, t, width)
	}
	return bars
}

// addToBars takes a trade into the last bar or a new one; trades come in order.
func addToBars(bars []window, t *trade, width int64) []window {
	if start := floor(t.time, width); len(bars) == 0 || bars[len(bars)-1].start != start {
		bars = append(bars, window{start: start})
	}
	bars[len(bars)-1].add(t.price, t.size)
	return bars
}
