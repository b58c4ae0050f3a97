package sim

import (
	"math"
	"math/rand/v2"
)

// sizeScale is how sizes shrink with the price: people think in money.
func sizeScale(price float64) float64 { return min(1, math.Pow(2/max(price, 0.01), 0.6)) }

// drawSize draws how many contracts a trade at a price is for: mostly a few, with
// a heavy tail of round lots.
func drawSize(r *rand.Rand, price float64) int32 {
	scale := sizeScale(price)
	switch x := r.Float64(); {
	case x < 0.42:
		return 1
	case x < 0.62:
		return 2 + int32(r.IntN(4))
	case x < 0.972:
		return 1 + int32(scale*math.Exp(2.2+1.1*r.NormFloat64()))
	}
	lots := math.Pow(r.Float64(), -0.75) * 50 * scale // Pareto
	return max(1, int32(math.Round(min(lots, 4000)/10)*10))
}

// venues are the exchanges' OPRA letters, with NYSE Arca, Cboe and the Nasdaq
// houses several times over for their share.
const venues = "AABCCCCDEEHIJMMNNNNPPQQQSTUUWXXXZZZ"

func drawVenue(r *rand.Rand) uint8 { return venues[r.IntN(len(venues))] }

// drawCode draws the OPRA condition of an ordinary trade.
func drawCode(r *rand.Rand) uint8 {
	switch x := r.Float64(); {
	case x < 0.74:
		return 'I' // automatic execution
	case x < 0.88:
		return 'a' // single leg auction
	case x < 0.97:
		return 'S' // intermarket sweep
	case x < 0.985:
		return 'c' // single leg cross
	}
	return 'e' // single leg floor trade
}

// conditionID is the vendor's number of an OPRA letter: A is 201, a is 227
// (massive-protocol.md B.8).
func conditionID(letter uint8) int {
	if letter >= 'a' {
		return 227 + int(letter-'a')
	}
	return 201 + int(letter-'A')
}

// exchangeID is the vendor's number of an exchange's OPRA letter (B.9).
func exchangeID(letter uint8) int { return 300 + int(letter-'A') }

// execute draws the price in cents at which an order that buys or sells trades:
// mostly across the spread, sometimes in the middle or inside, sometimes a tick
// through, sometimes as the patient side.
func execute(r *rand.Rand, c *contract, q quote, buy bool) int32 {
	tick := c.tick(q.mid)
	far, near := q.ask, q.bid
	if !buy {
		far, near, tick = q.bid, q.ask, -tick
	}
	price := far
	switch x := r.Float64(); {
	case x < 0.60:
	case x < 0.76:
		price = (q.bid + q.ask) / 2
	case x < 0.87: // inside, at the worse half
		price = far - int32(float64(far-near)*r.Float64()*0.5)
	case x < 0.89:
		price = far + tick
	default:
		price = near
	}
	return onTick(c, price)
}

// onTick rounds a price to the contract's tick, at least one.
func onTick(c *contract, cents int32) int32 {
	tick := c.tick(float64(cents) / 100)
	return max(tick, (cents+tick/2)/tick*tick)
}
