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

// drawActivity sums the activity over the past's minutes, so that trade times
// can be drawn in order by inverting it.
func (m *Market) drawActivity() {
	n := int((m.live - m.PastFrom) / basis.Minute)
	m.pastSum = make([]float64, n+1)
	for i := range n {
		m.pastSum[i+1] = m.pastSum[i] + 60*basis.Activity(m.PastFrom+int64(i)*basis.Minute, m.startDay)
	}
}

// eachPast draws the contract's trades of the past in order of execution.
func (m *Market) eachPast(c *Contract, yield func(i int, t *trade) bool) {
	m.eachPastMeeting(c, func(i int, t *trade, _ *filled, _ bool) bool { return yield(i, t) })
}

// pastFills lists what the trades of the past left of the quote, from..to (ms,
// both included).
func (m *Market) pastFills(c *Contract, from, to int64) []filled {
	var list []filled
	m.eachPastMeeting(c, func(_ int, t *trade, after *filled, took bool) bool {
		if took && t.time >= from && t.time <= to {
			list = append(list, *after)
		}
		return t.time <= to
	})
	return list
}

// eachPastMeeting draws the contract's trades of the past, each with what is left
// of the quote after it and whether it took something.
func (m *Market) eachPastMeeting(c *Contract, yield func(i int, t *trade, after *filled, took bool) bool) {
	if c.opened != 0 || len(m.pastSum) < 2 {
		return
	}
	p := past{market: m, c: c, r: basis.NewRand(m.options.Seed, basis.StreamPast, c.Hash^uint64(m.live)), yield: yield}
	split := max(0, int((m.live-recent-m.PastFrom)/basis.Minute))
	split = min(split, len(m.pastSum)-1)
	if p.part(0, split, distantCap) {
		p.part(split, len(m.pastSum)-1, recentCap)
	}
}

// past is one contract's trades before live in the making.
type past struct {
	market *Market
	c      *Contract
	r      *rand.Rand
	book   book
	n      int
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
func (p *past) part(from, to int, limit float64) bool {
	m, c, r := p.market, p.c, p.r
	rate := c.share * min(m.options.Rate, pastRate)
	lump := max(1, rate/limit)
	at, i := m.pastSum[from], from
	liked, likedIn := 0.0, -1
	for {
		at += r.ExpFloat64() * lump / (rate * mostLiked)
		for i < to && m.pastSum[i+1] <= at {
			i++
		}
		if i >= to {
			return true
		}
		if likedIn != i {
			liked, likedIn = p.liked(m.PastFrom+int64(i)*basis.Minute), i
		}
		if r.Float64()*mostLiked >= liked {
			continue
		}
		inMinute := (at - m.pastSum[i]) / (m.pastSum[i+1] - m.pastSum[i])
		in := intent{
			contract: c.Id,
			time:     m.PastFrom + int64(i)*basis.Minute + int64(inMinute*float64(basis.Minute)),
			buy:      r.Float64() < 0.5, luck: uint8(r.Uint32()), exchange: drawVenue(r), code: drawCode(r),
		}
		in.style = drawStyle(r, in.code)
		in.size = int32(math.Ceil(float64(drawSize(r, m.scaleAt(c, in.time))) * lump))
		t, took := m.execute(c, &p.book, &in)
		if m.options.Faults.NoBarTrades && basis.Mix(uint64(t.time)^c.Hash)%300 == 0 {
			t.flags, t.code = flagNoBar, 'D'
		}
		p.n++
		if !p.yield(p.n, &t, &p.book.last, took) {
			return false
		}
	}
}

// liked is how many times as much as at the start the contract was traded at a
// time.
func (p *past) liked(ms int64) float64 {
	at := func(ms int64) float64 {
		u := p.c.Under
		years := max(basis.YearsTo(ms, p.market.startDay, p.market.calendar.Between(p.market.startDate, p.c.Expiry)), 0.5/252)
		return moneyness(p.c, u.Exactly(ms), u.Vol*math.Sqrt(years))
	}
	if p.atStart == 0 {
		p.atStart = max(at(p.market.live-1), 1e-9) // the spots since are forgotten some day
	}
	return at(ms) / p.atStart
}

// ensurePast sums up the contract's past once.
func (m *Market) ensurePast(c *Contract) {
	if c.hasPast {
		return
	}
	c.hasPast = true
	c.past.Date = m.startDate
	m.eachPast(c, func(_ int, t *trade) bool {
		c.past.add(t)
		return true
	})
}

// ensureBefore invents the day before the start's for a contract: its volume is
// in proportion to its popularity, so that many have none.
func (m *Market) ensureBefore(c *Contract) {
	if c.before.Date != 0 || c.opened != 0 {
		return
	}
	r := basis.NewRand(m.options.Seed, basis.StreamListing, c.Hash)
	date := basis.LastTradingDay(m.startDate - 1)
	c.before.Date = date
	trades := c.share * pastRate * basis.SessionMinutes * 60 * math.Exp(0.4*r.NormFloat64())
	if n := basis.Poisson(r, trades); n > 0 {
		mid := max(m.theoryAt(c, m.PastFrom).Price, 0.01)
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
