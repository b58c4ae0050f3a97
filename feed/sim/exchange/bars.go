package exchange

import (
	"cmp"
	"slices"

	"optflow/feed/sim/basis"
)

// Window is a bar in the making, or made. Prices in cents.
type Window struct {
	Start                  int64
	Open, High, Low, Close int32
	Count                  int32
	Volume, Cents          int64
	stale                  bool // a trade came late: the bar is made from the log
}

// Add takes in a trade later than those before.
func (w *Window) Add(price, size int32) {
	if w.Count == 0 {
		w.Open, w.High, w.Low = price, price, price
	}
	w.High, w.Low, w.Close = max(w.High, price), min(w.Low, price), price
	w.Count++
	w.Volume += int64(size)
	w.Cents += int64(price) * int64(size)
}

// touched are the contracts that traded in the running second and minute.
type touched struct{ second, minute []*Contract }

// touch takes a trade that is on time into its second and its minute.
func (p *Prints) touch(c *Contract, t *trade) {
	if start := basis.Floor(t.time, basis.Second); c.second.Start != start {
		c.second = Window{Start: start}
		p.touched.second = append(p.touched.second, c)
	}
	c.second.Add(t.price, t.size)
	p.touchMinute(c, basis.Floor(t.time, basis.Minute)).Add(t.price, t.size)
}

func (p *Prints) touchMinute(c *Contract, start int64) *Window {
	if c.minute.Start != start {
		c.minute = Window{Start: start}
		p.touched.minute = append(p.touched.minute, c)
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
func (p *Prints) closeSecond(ms int64) {
	for _, c := range p.touched.second {
		spread := int64(p.wireRand.IntN(secondSpread))
		p.sendBar(ChannelA, c, &c.second, ms+basis.Second+secondLatency+spread)
	}
	p.touched.second = p.touched.second[:0]
}

// closeMinute sends the bars of the minute at ms, in random order.
func (p *Prints) closeMinute(ms int64) {
	for _, c := range p.touched.minute {
		w := c.minute
		if w.stale {
			w = p.windowAt(c, ms, basis.Minute, p.time.frontier)
		}
		spread := int64(p.wireRand.IntN(minuteSpread))
		p.sendBar(ChannelAM, c, &w, ms+basis.Minute+minuteLatency+spread)
	}
	p.touched.minute = p.touched.minute[:0]
}

// sendBar schedules a bar's first version, unless it gets lost.
func (p *Prints) sendBar(kind Channel, c *Contract, w *Window, due int64) {
	if f := p.options.Faults; f.LostBars || f.OutOfOrder {
		draw := p.faultRand.IntN(lostOneIn * strayOneIn)
		if f.LostBars && draw%lostOneIn == 0 {
			return
		}
		if f.OutOfOrder && draw/lostOneIn == 0 {
			due += 1 + int64(p.faultRand.IntN(strayDelay))
		}
	}
	p.scheduleBar(kind, c, w, due)
}

func (p *Prints) scheduleBar(kind Channel, c *Contract, w *Window, due int64) {
	p.schedule.put(Event{
		Kind: kind, Contract: c, due: due, Start: w.Start,
		Open: w.Open, High: w.High, Low: w.Low, Close: w.Close, Count: w.Count,
		Volume: w.Volume, Cents: w.Cents,
		DayVolume: c.volume, DayCents: c.cents, Opening: c.opening,
		plusPast: p.time.Day == p.time.startDate,
	})
}

// rebar is a correction to come: from barred on, the bars of a contract around
// time hold a late trade.
type rebar struct {
	c            *Contract
	time, barred int64
}

// correct sends the bars again that take in a late trade before the frontier.
func (p *Prints) correct() {
	for _, b := range takeDue(&p.barring, p.time.frontier, func(b rebar) int64 { return b.barred }) {
		w := p.windowAt(b.c, basis.Floor(b.time, basis.Second), basis.Second, b.barred)
		p.scheduleBar(ChannelA, b.c, &w, max(b.barred, w.Start+basis.Second+correctAfter))
		start := basis.Floor(b.time, basis.Minute)
		if start+basis.Minute >= p.time.frontier {
			p.touchMinute(b.c, start).stale = true
			continue
		}
		w = p.windowAt(b.c, start, basis.Minute, b.barred)
		p.scheduleBar(ChannelAM, b.c, &w, max(b.barred, w.Start+basis.Minute+correctAfter))
	}
}

// windowAt makes one bar from the log, of the trades that bars hold at a time.
func (p *Prints) windowAt(c *Contract, start, width, at int64) Window {
	bars := p.logBars(c, start, start+width, width, at)
	if len(bars) == 0 {
		return Window{Start: start}
	}
	return bars[0]
}

// logBars makes bars of a width from the log's trades with from <= time < to
// that bars hold at a time.
func (p *Prints) logBars(c *Contract, from, to, width, at int64) []Window {
	var found []*trade
	p.log.back(c, func(seq uint32, t *trade) bool {
		if p.log.seen(seq, t) < from {
			return false
		}
		if barred := p.log.barred(seq, t); t.time >= from && t.time < to && barred > 0 && barred <= at {
			found = append(found, t)
		}
		return true
	})
	slices.Reverse(found)
	slices.SortStableFunc(found, func(a, b *trade) int { return cmp.Compare(a.time, b.time) })
	var bars []Window
	for _, t := range found {
		bars = addToBars(bars, t, width)
	}
	return bars
}

// addToBars takes a trade into the last bar or a new one; trades come in order.
func addToBars(bars []Window, t *trade, width int64) []Window {
	if start := basis.Floor(t.time, width); len(bars) == 0 || bars[len(bars)-1].Start != start {
		bars = append(bars, Window{Start: start})
	}
	bars[len(bars)-1].Add(t.price, t.size)
	return bars
}
