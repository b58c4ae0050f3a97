package exchange

import (
	"math"

	"optflow/feed/sim/basis"
)

// makers are the market makers. What they think and quote is worked out anew from
// contract, time and spots whenever it is asked for.
type makers struct {
	time  *timing
	heats ring // the volatility's multiple of normal, by market second
}

// heatAt is the volatility's multiple of normal at a market time.
func (m *makers) heatAt(ms int64) float64 {
	if ms < m.time.live {
		return 1
	}
	return m.heats.at(max(min(ms, m.time.frontier-basis.Second), m.time.frontier-m.heats.span(), m.time.live))
}

// theory is what the market makers' model thinks of a contract in one market
// second. Spots move once a second, so it holds for all of it.
type theory struct {
	from     int64 // ms: the second
	bid, ask int32 // cents: what they would quote
	Price    float64
	Vol      float64 // implied
	years    float64
	spot     float64
	scale    float64 // of sizes at this price: see sizeScale
	depth    float64 // contracts that they usually show
}

// theoryAt is the model's view at a market time. It depends on the contract, the
// time and the spots only.
func (m *makers) theoryAt(c *Contract, ms int64) *theory {
	if from := basis.Floor(ms, basis.Second); c.thought.from != from || c.thought.ask == 0 {
		c.thought = m.think(c, from)
	}
	return &c.thought
}

// scaleAt is the scale of sizes at the prices quoted at a market time.
func (m *makers) scaleAt(c *Contract, ms int64) float64 {
	_, at := m.revisionAt(c, ms)
	return m.theoryAt(c, at).scale
}

func (m *makers) think(c *Contract, from int64) theory {
	u := c.Under
	th := theory{from: from, spot: u.Exactly(from)}
	day, start := m.time.dayOf(from)
	th.years = basis.YearsTo(from, start, m.time.calendar.Between(day, c.Expiry))
	strike := c.StrikeDollars()
	th.Vol = u.Smile(th.spot, strike, th.years, math.Sqrt(m.heatAt(from)))
	th.Price = basis.BlackScholes(c.Put, th.spot, strike, th.years, th.Vol).Price
	if !u.Index {
		th.Price = max(th.Price, c.intrinsic(th.spot)) // American: nobody sells below what exercise brings
	}

	tick := float64(c.tick(th.Price))
	cents := th.Price * 100
	// A quote is a tick wide where trading is dense and the price low; it widens
	// with the price, and with the distance from the money.
	distance := math.Abs(math.Log(strike/th.spot)) / (th.Vol * math.Sqrt(th.years))
	width := tick*0.6 + u.Wide*(0.006*cents+0.05*math.Sqrt(cents)*math.Min(distance, 4))
	th.bid = max(0, int32(math.Floor((cents-width/2)/tick)*tick))
	th.ask = max(int32(math.Ceil((cents+width/2)/tick)*tick), th.bid+int32(tick))
	th.scale = sizeScale(th.Price)
	th.depth = 60 * th.scale / u.Wide
	if th.Price < 0.25 {
		th.depth *= 2.5
	}
	return th
}

// intrinsic is what exercising the contract brings at a spot, in dollars.
func (c *Contract) intrinsic(spot float64) float64 {
	if c.Put {
		return max(0, c.StrikeDollars()-spot)
	}
	return max(0, spot-c.StrikeDollars())
}

// tick is the price step in cents at a price in dollars: the penny programme's
// classes trade in cents under 3 dollars and in nickels from there, the great
// ETFs in cents throughout, the index in nickels and dimes.
func (c *Contract) tick(price float64) int32 {
	switch {
	case c.Under.Penny:
		return 1
	case c.Under.Index && price < 3:
		return 5
	case c.Under.Index:
		return 10
	case price < 3:
		return 1
	}
	return 5
}

// tickAt is the price step in cents at a price in cents.
func (c *Contract) tickAt(cents int32) int32 { return c.tick(float64(cents) / 100) }
