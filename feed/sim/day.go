package sim

import "optflow/model"

// dayStats sum up one contract's trades of one date. Money is kept in cents, so
// that sums are exact.
type dayStats struct {
	date                   model.Date
	open, high, low, close int32 // cents; of trades that make bars
	count                  int32
	volume                 int64
	cents                  int64 // price in cents times size
	last                   lastTrade
}

// lastTrade is the newest trade by execution.
type lastTrade struct {
	time           int64
	price, size    int32
	exchange, code uint8
	nth            uint8
}

// add counts a trade. A trade in no bar updates the volume only.
func (d *dayStats) add(t *trade) {
	d.count++
	d.volume += int64(t.size)
	d.cents += int64(t.price) * int64(t.size)
	if t.flags&flagNoBar != 0 {
		return
	}
	if d.open == 0 {
		d.open, d.high, d.low = t.price, t.price, t.price
	}
	d.high = max(d.high, t.price)
	d.low = min(d.low, t.price)
	if t.time >= d.last.time {
		d.close = t.price
		d.last = lastTrade{t.time, t.price, t.size, t.exchange, t.code, t.nth}
	}
}

// dayOf is the trading date of a market time and that date's midnight.
func (m *Market) dayOf(ms int64) (model.Date, int64) {
	if ms >= m.dayStart && ms < m.dayEnd {
		return m.day, m.dayStart
	}
	day := model.TradingDate(ms)
	return day, startOfDay(day)
}

// settleLag is how far the settled sums stay behind the frontier: snapshots ask
// for times up to 15 s behind now, which is up to 17 s behind the frontier.
const settleLag = 40 * second

// settle moves trades into their contract's settled sums.
func (m *Market) settle(until int64) {
	for ; m.settling < m.log.next; m.settling++ {
		t := m.log.at(m.settling)
		if m.log.seen(m.settling, t) > until {
			return
		}
		m.contracts[t.contract].settled.add(t)
	}
}

// dayAt is what the day of a contract amounts to for somebody who has seen what
// the market saw up to a time: at most settleLag before the frontier. The bool
// is false if there was no trade that day.
func (m *Market) dayAt(c *contract, ms int64) (dayStats, bool) {
	if ms < m.dayStart {
		return c.before, c.before.volume > 0 && c.before.date == model.TradingDate(ms)
	}
	m.ensurePast(c)
	day := c.settled
	if c.past.date == m.day && c.past.volume > 0 {
		day = joinDays(c.past, c.settled)
	}
	day.date = m.day
	var unsettled []*trade
	m.log.back(c, func(seq uint32, t *trade) bool {
		if seq < m.settling {
			return false
		}
		if m.log.seen(seq, t) <= ms {
			unsettled = append(unsettled, t)
		}
		return true
	})
	for i := len(unsettled) - 1; i >= 0; i-- {
		day.add(unsettled[i])
	}
	return day, day.volume > 0
}

// joinDays is the earlier part of a day and the later one together.
func joinDays(a, b dayStats) dayStats {
	joined := a
	joined.count += b.count
	joined.volume += b.volume
	joined.cents += b.cents
	if b.open > 0 {
		joined.close, joined.last = b.close, b.last
		joined.high = max(a.high, b.high)
		joined.low = min(a.low, b.low)
		if a.open == 0 {
			joined.open, joined.low = b.open, b.low
		}
	}
	return joined
}
