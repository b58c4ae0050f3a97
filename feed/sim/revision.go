package sim

import "math"

// nbbo is a national best bid and offer as it is displayed: prices in cents, the
// contracts that the best venue shows, and how many other venues stand behind it
// at the same price.
type nbbo struct {
	bid, ask           int32
	bidSize, askSize   int32
	bidVenue, askVenue uint8 // OPRA letters
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
func (m *Market) revisionAt(c *contract, ms int64) (k, at int64) {
	k = floor(ms, c.epoch) / c.epoch
	if at = c.revisionTime(k); at > ms {
		k--
		at = c.revisionTime(k)
	}
	if at < m.live && ms >= m.live {
		at = m.live
	}
	return k, at
}

// revisionAfter is the next revision.
func (m *Market) revisionAfter(c *contract, k, at int64) (int64, int64) {
	next := c.revisionTime(k + 1)
	if at < m.live && next > m.live {
		return k, m.live
	}
	return k + 1, next
}

// revisionTime is when a revision comes: once in each epoch, at any time in it.
func (c *contract) revisionTime(k int64) int64 {
	return k*c.epoch + int64(c.revisionWord(k)%uint64(c.epoch))
}

func (c *contract) revisionWord(k int64) uint64 { return mix(c.hash ^ uint64(k)) }

// revised is what stands after a revision, the market makers leaning by so many
// ticks with what traded before. Every revision replaces one side's size, in
// turn; the prices follow the model.
func (m *Market) revised(c *contract, k, at int64, shift int8) nbbo {
	th := m.theoryAt(c, at)
	tick := c.tick(th.price)
	lean := int32(shift) * tick
	bidWord := mix(c.hash + uint64(k>>1)<<1)
	askWord := mix(c.hash + uint64((k+1)>>1)<<1 + 1)
	q := nbbo{
		bid: th.bid + lean, ask: th.ask + lean,
		bidSize: displayed(bidWord, th.depth), askSize: displayed(askWord, th.depth),
		bidVenue: venueOf(bidWord), askVenue: venueOf(askWord),
		bidDepth: uint8(bidWord >> 16 % 5), askDepth: uint8(askWord >> 16 % 5),
	}
	// Now and then a customer stands inside a wide quote, alone.
	if customerInside(bidWord) && q.ask-q.bid >= 3*tick {
		q.bid, q.bidDepth = q.bid+tick, 0
	}
	if customerInside(askWord) && q.ask-q.bid >= 3*tick {
		q.ask, q.askDepth = q.ask-tick, 0
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
	u := unit(word)
	return 1 + int32(depth*(0.15+u/(1.06-u)))
}

func venueOf(word uint64) uint8 { return venues[word>>8%uint64(len(venues))] }

// snap puts the prices on the ticks of their levels, the bid not below nothing
// and the ask above it.
func (q *nbbo) snap(c *contract) {
	if q.bid = max(q.bid, 0); q.bid > 0 {
		q.bid -= q.bid % c.tickAt(q.bid)
	}
	q.ask = max(q.ask, q.bid+c.tickAt(q.bid))
	if tick := c.tickAt(q.ask); q.ask%tick > 0 {
		q.ask += tick - q.ask%tick
	}
	if q.bid == 0 {
		q.bidSize, q.bidVenue, q.bidDepth = 0, 0, 0
	}
}
