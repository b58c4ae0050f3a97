package exchange

import (
	"math"
	"math/rand/v2"

	"optflow/feed/sim/basis"
)

// sizeScale is how sizes shrink with the price: people think in money.
func sizeScale(price float64) float64 { return min(1, math.Pow(2/max(price, 0.01), 0.6)) }

// drawSize draws how many contracts a trade is for: mostly a few, with a heavy
// tail of round lots.
func drawSize(r *rand.Rand, scale float64) int32 {
	switch x := r.Float64(); {
	case x < 0.42:
		return 1
	case x < 0.62:
		return 2 + int32(r.IntN(4))
	case x < 0.972:
		n := 1 + int32(scale*math.Exp(2.1+1.05*r.NormFloat64()))
		if r.IntN(5) < 3 {
			n = roundLot(n)
		}
		return n
	}
	return roundLot(int32(min(math.Pow(r.Float64(), -0.75)*50*scale, 4000))) // Pareto
}

// roundLot is the size that somebody says who means about so many contracts.
func roundLot(n int32) int32 {
	to := int32(1)
	switch {
	case n >= 1000:
		to = 100
	case n >= 200:
		to = 50
	case n >= 50:
		to = 10
	case n >= 8:
		to = 5
	}
	return max(1, (n+to/2)/to*to)
}

// venues are the exchanges' OPRA letters, with NYSE Arca, Cboe and the Nasdaq
// houses several times over for their share.
const venues = "AABCCCCDEEHIJMMNNNNPPQQQSTUUWXXXZZZ"

func drawVenue(r *rand.Rand) uint8 { return venues[r.IntN(len(venues))] }

// drawCode draws the OPRA condition of an ordinary trade.
func drawCode(r *rand.Rand) uint8 {
	switch x := r.Float64(); {
	case x < 0.56:
		return 'I' // automatic execution
	case x < 0.90:
		return 'a' // single leg auction
	case x < 0.97:
		return 'S' // intermarket sweep
	case x < 0.985:
		return 'c' // single leg cross
	}
	return 'e' // single leg floor trade
}

// ConditionID is the vendor's number of an OPRA letter: A is 201, a is 227
// (docs/wire.md#trades-and-quotes).
func ConditionID(letter uint8) int {
	if letter >= 'a' {
		return 227 + int(letter-'a')
	}
	return 201 + int(letter-'A')
}

// ExchangeID is the vendor's number of an exchange's OPRA letter.
func ExchangeID(letter uint8) int { return 300 + int(letter-'A') }

// VenueID is exchangeID of the side of a quote, 0 of one that nobody stands on.
func VenueID(letter uint8) int {
	if letter == 0 {
		return 0
	}
	return ExchangeID(letter)
}

// style is how an order meets the quote.
type style uint8

const (
	crosses style = iota // takes what is displayed
	exactly              // takes just what the best venue displays, if that is little
	halfway              // trades in the middle
	inside               // trades better than the quote, at the order's worse half
	beyond               // trades a tick or more through the quote
)

// styles are how many in a hundred of a kind of trade meet the quote which way.
// What is beyond comes to about two in a hundred of all.
type styles struct{ crosses, exactly, halfway, inside int }

var (
	electronic = styles{crosses: 69, exactly: 22, halfway: 3, inside: 4}
	auctioned  = styles{crosses: 42, halfway: 14, inside: 42} // to improve the price is what they are for
	negotiated = styles{crosses: 25, halfway: 30, inside: 39} // crosses and the floor
	packaged   = styles{crosses: 28, halfway: 25, inside: 44} // a leg has whatever price makes the package's
	workedOff  = styles{crosses: 74, exactly: 12, halfway: 6, inside: 7}
)

// drawStyle draws how a trade of a condition meets the quote.
func drawStyle(r *rand.Rand, code uint8) style {
	switch code {
	case 'a':
		return auctioned.draw(r)
	case 'c', 'e':
		return negotiated.draw(r)
	}
	return electronic.draw(r)
}

func (s *styles) draw(r *rand.Rand) style {
	x := r.IntN(100)
	if x -= s.crosses; x < 0 {
		return crosses
	}
	if x -= s.exactly; x < 0 {
		return exactly
	}
	if x -= s.halfway; x < 0 {
		return halfway
	}
	if x -= s.inside; x < 0 {
		return inside
	}
	return beyond
}

// intent is a trade to be: everything but the quote that it will meet.
type intent struct {
	time     int64 // ms
	contract int32
	size     int32
	style    style
	buy      bool
	exchange uint8
	code     uint8
	luck     uint8 // how far inside, or beyond
}

// book is a contract's quote as trades left it, and when it traded last.
type book struct {
	last   filled
	traded int64 // ms
	nth    uint8 // trades in that ms before the last
}

// execute trades an intent against the quote in force, and says whether that
// changed for it.
func (m *makers) execute(c *Contract, b *book, in *intent) (t trade, changed bool) {
	if b.traded != in.time {
		b.traded, b.nth = in.time, 0
	} else if b.nth < 255 {
		b.nth++
	}
	q := m.standing(c, &b.last, in.time)
	t = trade{
		time: in.time, contract: c.Id, size: max(1, in.size), exchange: in.exchange, code: in.code, nth: b.nth,
		price: q.priceFor(c, in),
	}
	atAsk, atBid := t.price == q.Ask, t.price == q.Bid
	if shown := q.BidSize; in.style == exactly && atBid && shown <= exactMost {
		t.size = shown
	} else if shown := q.AskSize; in.style == exactly && atAsk && shown <= exactMost {
		t.size = shown
	}
	switch {
	case t.code != 'I' && t.code != 'S': // not from the displayed quote of one venue
	case atAsk:
		t.exchange = q.AskVenue
	case atBid:
		t.exchange = q.BidVenue
	}
	word := basis.Mix(c.Hash ^ uint64(in.time)<<8 ^ uint64(b.nth))
	left, lean, took := q.take(c, t.price, t.size, m.theoryAt(c, q.revised).depth, word)
	if !took {
		return t, false
	}
	shift := max(-maxShift, min(maxShift, b.last.shiftAt(c, in.time)+lean))
	b.last = filled{nbbo: left, time: in.time, shift: shift, nth: b.nth}
	return t, true
}

// exactMost bounds, in contracts, what is taken for the customer's order that an
// equally small order fills just so.
const exactMost = 20

// priceFor is the price in cents at which an intent trades. Prices better than
// the quote have steps of a cent, the index half a tick; where there is none
// between bid and ask the displayed price it is. Nobody sells where nobody bids:
// such an order gets better than nothing.
func (q *nbbo) priceFor(c *Contract, in *intent) int32 {
	step := int32(1)
	if c.Under.Index {
		step = 5
	}
	far, toward := q.Ask, int32(-1)
	if !in.buy {
		far, toward = q.Bid, 1
	}
	steps := (q.Ask - q.Bid) / step
	switch {
	case in.style == beyond:
		if price := far - toward*c.tickAt(far)*(1+int32(in.luck/200)); price > 0 {
			return price
		}
	case in.style == halfway:
		far += toward * step * (steps / 2)
	case in.style == inside:
		far += toward * step * min(1+steps*int32(in.luck)/512, steps/2)
	}
	if far == 0 {
		return min(step, q.Ask)
	}
	return far
}
