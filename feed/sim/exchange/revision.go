package exchange

import (
	"math"

	"optflow/feed/sim/basis"
)

// nbbo is a national best bid and offer as it is displayed: prices in cents, the
// contracts that the best venue shows, and how many other venues stand behind it
// at the same price.
type nbbo struct {
	Bid, Ask           int32
	BidSize, AskSize   int32
	BidVenue, AskVenue uint8 // OPRA letters
	bidDepth, askDepth uint8
}

// Market makers replace their quotes whether anything trades or not: several
// times a second in what trades all the time, every half minute in what nobody
// watches. Each such revision is worked out from its number, so a contract that
// does not trade needs no history.
const (
	shortestEpoch = 200
	longestEpoch  = 30_000
)

// quoteEpoch is the mean distance of a contract's revisions in ms, by its share
// of the underlying's trades.
func quoteEpoch(share float64) int64 {
	e := 300 * math.Pow(0.004/math.Max(share, 1e-7), 0.5)
	return int64(max(shortestEpoch, min(longestEpoch, e)))
}

// revisionAt is the newest revision at or before a market time: its number and
// when it came. When the market goes live everybody quotes anew.
func (m *makers) revisionAt(c *Contract, ms int64) (k, at int64) {
	k = basis.Floor(ms, c.epoch) / c.epoch
	if at = c.revisionTime(k); at > ms {
		k--
		at = c.revisionTime(k)
	}
	if at < m.time.live && ms >= m.time.live {
		at = m.time.live
	}
	return k, at
}

// revisionAfter is the next revision.
func (m *makers) revisionAfter(c *Contract, k, at int64) (int64, int64) {
	next := c.revisionTime(k + 1)
	if at < m.time.live && next > m.time.live {
		return k, m.time.live
	}
	return k + 1, next
}

// revisionTime is when a revision comes: once in each epoch, at any time in it.
func (c *Contract) revisionTime(k int64) int64 {
	return k*c.epoch + int64(c.revisionWord(k)%uint64(c.epoch))
}

func (c *Contract) revisionWord(k int64) uint64 { return basis.Mix(c.Hash ^ uint64(k)) }

// revised is what stands after a revision, the market makers leaning by so many
// ticks with what traded before. Every revision replaces one side's size, in
// turn; the prices follow the model.
func (m *makers) revised(c *Contract, k, at int64, shift int8) nbbo {
	th := m.theoryAt(c, at)
	tick := c.tick(th.Price)
	lean := int32(shift) * tick
	bidWord := basis.Mix(c.Hash + uint64(k>>1)<<1)
	askWord := basis.Mix(c.Hash + uint64((k+1)>>1)<<1 + 1)
	q := nbbo{
		Bid: th.bid + lean, Ask: th.ask + lean,
		BidSize: displayed(bidWord, th.depth), AskSize: displayed(askWord, th.depth),
		BidVenue: venueOf(bidWord), AskVenue: venueOf(askWord),
		bidDepth: uint8(bidWord >> 16 % 5), askDepth: uint8(askWord >> 16 % 5),
	}
	// Now and then a customer stands inside a wide quote, alone.
	if customerInside(bidWord) && q.Ask-q.Bid >= 3*tick {
		q.Bid, q.bidDepth = q.Bid+tick, 0
	}
	if customerInside(askWord) && q.Ask-q.Bid >= 3*tick {
		q.Ask, q.askDepth = q.Ask-tick, 0
	}
	q.snap(c)
	return q
}

// customerInside says whether it is a customer's order that stands best.
func customerInside(word uint64) bool { return word%9 == 0 }

// displayed draws how many contracts a venue shows: a third of the time a
// customer's few, else a market maker's, with a heavy tail.
func displayed(word uint64, depth float64) int32 {
	if word%3 == 0 {
		return 1 + int32(word>>32%10)
	}
	u := basis.Unit(word)
	return 1 + int32(depth*(0.15+u/(1.06-u)))
}

func venueOf(word uint64) uint8 { return venues[word>>8%uint64(len(venues))] }

// snap puts the prices on the ticks of their levels, the bid not below nothing
// and the ask above it.
func (q *nbbo) snap(c *Contract) {
	if q.Bid = max(q.Bid, 0); q.Bid > 0 {
		q.Bid -= q.Bid % c.tickAt(q.Bid)
	}
	q.Ask = max(q.Ask, q.Bid+c.tickAt(q.Bid))
	if tick := c.tickAt(q.Ask); q.Ask%tick > 0 {
		q.Ask += tick - q.Ask%tick
	}
	if q.Bid == 0 {
		q.BidSize, q.BidVenue, q.bidDepth = 0, 0, 0
	}
}
