package exchange

import (
	"math"
	"math/rand/v2"

	"optflow/feed/sim/basis"
)

// The past is what traded before the market started. It is drawn for one
// contract at a time, when somebody asks, from that contract's own stream of
// randomness, so it costs nothing at the start and is the same whenever asked.

const (
	// pastRate bounds the market's trades a second in the past: a market that is
	// fast for a load test needs no past of that size.
	pastRate = DefaultRate
	// recent is the part of the past that is as fine as the present; before it
	// a busy contract's trades are lumped, one or two a minute.
	recent     = 45 * basis.Minute
	recentCap  = 1.0      // trades a second of one contract
	distantCap = 1.5 / 60 // likewise before
)

// pastSpan is when the past of the start's day begins: with the (pseudo-)session
// that runs at the start, but three quarters of an hour before it at least, and
// never before midnight.
func pastSpan(live, dayStart int64) int64 {
	running := live - int64(basis.SessionMinute(live, dayStart))*basis.Minute
	return max(dayStart, basis.Floor(min(running, live-recent), basis.Minute))
}

// past is what traded before the market went live.
type past struct {
	time    *timing
	options *Options
	makers  *makers
	sum     []float64 // of the activity, by minute
}

// drawActivity sums the activity over the past's minutes, so that trade times
// can be drawn in order by inverting it.
func (p *past) drawActivity() {
	n := int((p.time.live - p.time.PastFrom) / basis.Minute)
	p.sum = make([]float64, n+1)
	for i := range n {
		p.sum[i+1] = p.sum[i] + 60*basis.Activity(p.time.PastFrom+int64(i)*basis.Minute, p.time.startDay)
	}
}

// each draws the contract's trades of the past in order of execution.
func (p *past) each(c *Contract, yield func(i int, t *trade) bool) {
	p.eachMeeting(c, func(i int, t *trade, _ *filled, _ bool) bool { return yield(i, t) })
}

// fills lists what the trades of the past left of the quote, from..to (ms,
// both included).
func (p *past) fills(c *Contract, from, to int64) []filled {
	var list []filled
	p.eachMeeting(c, func(_ int, t *trade, after *filled, took bool) bool {
		if took && t.time >= from && t.time <= to {
			list = append(list, *after)
		}
		return t.time <= to
	})
	return list
}

// eachMeeting draws the contract's trades of the past, each with what is left
// of the quote after it and whether it took something.
func (p *past) eachMeeting(c *Contract, yield func(i int, t *trade, after *filled, took bool) bool) {
	if c.opened != 0 || len(p.sum) < 2 {
		return
	}
	d := drawing{past: p, c: c, r: basis.NewRand(p.options.Seed, basis.StreamPast, c.Hash^uint64(p.time.live)), yield: yield}
	split := max(0, int((p.time.live-recent-p.time.PastFrom)/basis.Minute))
	split = min(split, len(p.sum)-1)
	if d.part(0, split, distantCap) {
		d.part(split, len(p.sum)-1, recentCap)
	}
}

// drawing is one contract's trades before live in the making.
type drawing struct {
	past *past
	c    *Contract
	r    *rand.Rand
	book book
	n    int
	// atStart is how the contract was liked when the market went live.
	atStart float64
	yield   func(i int, t *trade, after *filled, took bool) bool
}

// mostLiked bounds how many times more than at the start a contract was traded
// before, when the spot was elsewhere.
const mostLiked = 2.5

// part draws the minutes from..to, at most limit trades a second on average; what
// the limit lumps together is in the sizes. Contracts are traded as the spot of
// their minute likes them.
func (d *drawing) part(from, to int, limit float64) bool {
	p, c, r := d.past, d.c, d.r
	rate := c.share * min(p.options.Rate, pastRate)
	lump := max(1, rate/limit)
	at, i := p.sum[from], from
	liked, likedIn := 0.0, -1
	for {
		at += r.ExpFloat64() * lump / (rate * mostLiked)
		for i < to && p.sum[i+1] <= at {
			i++
		}
		if i >= to {
			return true
		}
		if likedIn != i {
			liked, likedIn = d.liked(p.time.PastFrom+int64(i)*basis.Minute), i
		}
		if r.Float64()*mostLiked >= liked {
			continue
		}
		inMinute := (at - p.sum[i]) / (p.sum[i+1] - p.sum[i])
		in := intent{
			contract: c.Id,
			time:     p.time.PastFrom + int64(i)*basis.Minute + int64(inMinute*float64(basis.Minute)),
			buy:      r.Float64() < 0.5, luck: uint8(r.Uint32()), exchange: drawVenue(r), code: drawCode(r),
		}
		in.style = drawStyle(r, in.code)
		in.size = int32(math.Ceil(float64(drawSize(r, p.makers.scaleAt(c, in.time))) * lump))
		t, took := p.makers.execute(c, &d.book, &in)
		if p.options.Faults.NoBarTrades && basis.Mix(uint64(t.time)^c.Hash)%300 == 0 {
			t.flags, t.code = flagNoBar, 'D'
		}
		d.n++
		if !d.yield(d.n, &t, &d.book.last, took) {
			return false
		}
	}
}

// liked is how many times as much as at the start the contract was traded at a
// time.
func (d *drawing) liked(ms int64) float64 {
	at := func(ms int64) float64 {
		u := d.c.Under
		years := max(basis.YearsTo(ms, d.past.time.startDay, d.past.time.calendar.Between(d.past.time.startDate, d.c.Expiry)), 0.5/252)
		return moneyness(d.c, u.Exactly(ms), u.Vol*math.Sqrt(years))
	}
	if d.atStart == 0 {
		d.atStart = max(at(d.past.time.live-1), 1e-9) // the spots since are forgotten some day
	}
	return at(ms) / d.atStart
}

// ensure sums up the contract's past once.
func (p *past) ensure(c *Contract) {
	if c.hasPast {
		return
	}
	c.hasPast = true
	c.past.Date = p.time.startDate
	p.each(c, func(_ int, t *trade) bool {
		c.past.add(t)
		return true
	})
}

// ensureBefore invents the day before the start's for a contract: its volume is
// in proportion to its popularity, so that many have none.
func (p *past) ensureBefore(c *Contract) {
	if c.before.Date != 0 || c.opened != 0 {
		return
	}
	r := basis.NewRand(p.options.Seed, basis.StreamListing, c.Hash)
	date := basis.LastTradingDay(p.time.startDate - 1)
	c.before.Date = date
	trades := c.share * pastRate * basis.SessionMinutes * 60 * math.Exp(0.4*r.NormFloat64())
	if n := basis.Poisson(r, trades); n > 0 {
		mid := max(p.makers.theoryAt(c, p.time.PastFrom).Price, 0.01)
		drift := math.Exp(0.12 * r.NormFloat64())
		swing := 0.02 + 0.1*r.Float64()
		cents := func(p float64) int32 { return max(1, int32(math.Round(p*100))) }
		d := &c.before
		d.count, d.Volume = int32(n), int64(n)*9+int64(r.IntN(9))
		d.Open, d.Close = cents(mid*drift), cents(mid)
		d.High = cents(max(mid*drift, mid) * (1 + swing))
		d.Low = cents(min(mid*drift, mid) * (1 - swing))
		d.Cents = d.Volume * int64(d.Open+d.High+d.Low+d.Close) / 4
		d.Last = lastTrade{basis.StartOfDay(date) + 16*60*basis.Minute - int64(r.IntN(3_600_000)), d.Close, drawSize(r, sizeScale(mid)), drawVenue(r), drawCode(r), 0}
	}
}
