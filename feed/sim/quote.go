package sim

import "math"

// quote is the national best bid and offer of one contract at one time, with
// what the model thought when it was made. Prices in cents.
type quote struct {
	from             int64 // ms: in force since; the next one comes an epoch later
	bid, ask         int32
	bidSize, askSize int32
	mid              float64 // dollars, theoretical
	vol              float64 // implied
	years            float64
	spot             float64
}

// quoteEpoch is how long a quote of the contract stays: a second for what trades
// all the time, half a minute for what nobody watches.
func quoteEpoch(c *contract, share float64) int64 {
	e := 1000 * math.Pow(0.004/math.Max(share, 1e-7), 0.5)
	return int64(max(1000, min(30_000, e)))
}

// quoteAt is the quote in force at a market time. It depends on the contract,
// the time and the spots only, so every part of the market sees the same one.
func (m *Market) quoteAt(c *contract, ms int64) quote {
	epoch := max(c.epoch, second)
	phase := int64(c.hash % uint64(epoch))
	from := floor(ms-phase, epoch) + phase
	if c.quoted.from != from || c.quoted.ask == 0 {
		c.quoted = m.makeQuote(c, from)
	}
	return c.quoted
}

func (m *Market) makeQuote(c *contract, from int64) quote {
	u := c.under
	q := quote{from: from, spot: u.exactly(from)}
	day, start := m.dayOf(from)
	q.years = yearsTo(from, start, m.calendar.between(day, c.expiry))
	strike := c.strikeDollars()
	q.vol = u.smile(q.spot, strike, q.years, math.Sqrt(m.heatAt(from)))
	q.mid = blackScholes(c.put, q.spot, strike, q.years, q.vol).price
	if !u.index {
		q.mid = max(q.mid, c.intrinsic(q.spot)) // American: nobody sells below what exercise brings
	}

	tick := float64(c.tick(q.mid))
	cents := q.mid * 100
	// A quote is a tick wide where trading is dense and the price low; it widens
	// with the price, and with the distance from the money.
	distance := math.Abs(math.Log(strike/q.spot)) / (q.vol * math.Sqrt(q.years))
	width := tick*0.6 + u.wide*(0.006*cents+0.05*math.Sqrt(cents)*math.Min(distance, 4))
	q.bid = int32(math.Floor((cents-width/2)/tick) * tick)
	q.ask = int32(math.Ceil((cents+width/2)/tick) * tick)
	q.bid = max(q.bid, 0)
	q.ask = max(q.ask, q.bid+int32(tick))
	h := mix(c.hash ^ uint64(from))
	q.bidSize = 1 + int32(80*math.Pow(unit(h), 2.5)/u.wide)
	q.askSize = 1 + int32(80*math.Pow(unit(mix(h)), 2.5)/u.wide)
	return q
}

// intrinsic is what exercising the contract brings at a spot, in dollars.
func (c *contract) intrinsic(spot float64) float64 {
	if c.put {
		return max(0, c.strikeDollars()-spot)
	}
	return max(0, spot-c.strikeDollars())
}

// tick is the price step in cents at a price in dollars: the penny programme's
// classes trade in cents under 3 dollars and in nickels from there, the great
// ETFs in cents throughout, the index in nickels and dimes.
func (c *contract) tick(price float64) int32 {
	switch {
	case c.under.penny:
		return 1
	case c.under.index && price < 3:
		return 5
	case c.under.index:
		return 10
	case price < 3:
		return 1
	}
	return 5
}
