package exchange

import (
	"optflow/feed/sim/basis"
	"optflow/model"
)

// DayStats sum up one contract's trades of one date. Money is kept in cents, so
// that sums are exact.
type DayStats struct {
	Date                   model.Date
	Open, High, Low, Close int32 // cents; of trades that make bars
	count                  int32
	Volume                 int64
	Cents                  int64 // price in cents times size
	Last                   lastTrade
}

// lastTrade is the newest trade by execution.
type lastTrade struct {
	Time           int64
	Price, Size    int32
	Exchange, Code uint8
	Nth            uint8
}

// add counts a trade. A trade in no bar updates the volume only.
func (d *DayStats) add(t *trade) {
	d.count++
	d.Volume += int64(t.size)
	d.Cents += int64(t.price) * int64(t.size)
	if t.flags&flagNoBar != 0 {
		return
	}
	if d.Open == 0 {
		d.Open, d.High, d.Low = t.price, t.price, t.price
	}
	d.High = max(d.High, t.price)
	d.Low = min(d.Low, t.price)
	if t.time >= d.Last.Time {
		d.Close = t.price
		d.Last = lastTrade{t.time, t.price, t.size, t.exchange, t.code, t.nth}
	}
}

// settleLag is how far the settled sums stay behind the frontier: snapshots ask
// for times up to 15 s behind now, which is up to 17 s behind the frontier.
const settleLag = 40 * basis.Second

// settle moves trades into their contract's settled sums.
func (p *Prints) settle(until int64) {
	for ; p.settling < p.log.next; p.settling++ {
		t := p.log.at(p.settling)
		if p.log.seen(p.settling, t) > until {
			return
		}
		p.listing.Contracts[t.contract].settled.add(t)
	}
}

// dayAt is what the day of a contract amounts to for somebody who has seen what
// the market saw up to a time: at most settleLag before the frontier. The bool
// is false if there was no trade that day.
func (p *Prints) dayAt(c *Contract, ms int64) (DayStats, bool) {
	if ms < p.time.dayStart {
		return c.before, c.before.Volume > 0 && c.before.Date == model.TradingDate(ms)
	}
	p.past.ensure(c)
	day := c.settled
	if c.past.Date == p.time.Day && c.past.Volume > 0 {
		day = joinDays(c.past, c.settled)
	}
	day.Date = p.time.Day
	var unsettled []*trade
	p.log.back(c, func(seq uint32, t *trade) bool {
		if seq < p.settling {
			return false
		}
		if p.log.seen(seq, t) <= ms {
			unsettled = append(unsettled, t)
		}
		return true
	})
	for i := len(unsettled) - 1; i >= 0; i-- {
		day.add(unsettled[i])
	}
	return day, day.Volume > 0
}

// joinDays is the earlier part of a day and the later one together.
func joinDays(a, b DayStats) DayStats {
	joined := a
	joined.count += b.count
	joined.Volume += b.Volume
	joined.Cents += b.Cents
	if b.Open > 0 {
		joined.Close, joined.Last = b.Close, b.Last
		joined.High = max(a.High, b.High)
		joined.Low = min(a.Low, b.Low)
		if a.Open == 0 {
			joined.Open, joined.Low = b.Open, b.Low
		}
	}
	return joined
}
