package exchange

import (
	"optflow/feed/sim/basis"
)

// filled is the quote that the newest fill of a contract left, and how far the
// market makers lean since. It stands until their next revision; the lean wears
// off within fillMemory.
type filled struct {
	nbbo
	time  int64 // ms; 0 none yet
	shift int8  // ticks
	nth   uint8 // trades of the contract before it in the same ms
}

// fillMemory is for how many ms a fill can still be told from the quote: until
// the next revision and until the last tick of the lean is gone.
const fillMemory = 2*longestEpoch + basis.Second

// maxShift bounds the lean, in ticks.
const maxShift = 6

// relax is how many ms a tick of the lean lasts.
func (c *Contract) relax() int64 { return max(basis.Second, min(6*c.epoch, longestEpoch/maxShift)) }

// shiftAt is what is left of the lean.
func (f *filled) shiftAt(c *Contract, ms int64) int8 {
	if f.time == 0 || f.shift == 0 {
		return 0
	}
	gone := (ms - f.time) / c.relax()
	if f.shift > 0 {
		return int8(max(0, int64(f.shift)-gone))
	}
	return int8(min(0, int64(f.shift)+gone))
}

// Standing is the quote in force at one time.
type Standing struct {
	nbbo
	From    int64 // ms: in force since
	Nanos   int64 // the same in ns, as the consolidator stamps it
	revised int64 // ms: the revision that it goes back to
}

// standing is the quote in force at a market time, after the newest fill at or
// before it. Of one millisecond the revision comes first and then the fills.
func (m *makers) standing(c *Contract, f *filled, ms int64) Standing {
	k, at := m.revisionAt(c, ms)
	if f.time != 0 && f.time >= at {
		return Standing{nbbo: f.nbbo, From: f.time, Nanos: fillNanos(f.time, f.nth), revised: at}
	}
	return Standing{nbbo: m.revised(c, k, at, f.shiftAt(c, at)), From: at, Nanos: c.revisionNanos(k, at), revised: at}
}

// The consolidator's stamps within one millisecond keep the order of things: the
// revision, then each trade and what it left.
func (c *Contract) revisionNanos(k, at int64) int64 {
	return at*basis.Nanoseconds + int64(c.revisionWord(k)>>40%190)*1000
}

// Sequence numbers a contract's quotes in order: by their microseconds.
func (s *Standing) Sequence() int64 { return s.Nanos / 1000 }

func TradeNanos(ms int64, nth uint8) int64 { return ms*basis.Nanoseconds + (199+2*int64(nth))*1000 }

func fillNanos(ms int64, nth uint8) int64 { return TradeNanos(ms, nth) + 1000 }

// take is what a trade leaves of the quote that it met, and by how many ticks
// the market makers lean for it. False if it took nothing that was displayed.
func (q *nbbo) take(c *Contract, price, size int32, depth float64, word uint64) (left nbbo, lean int8, took bool) {
	left = *q
	switch {
	case price >= q.Ask:
		side := level{q.Ask, q.AskSize, q.AskVenue, q.askDepth}
		lean = side.eat(c, price, size, 1, depth, word)
		left.Ask, left.AskSize, left.AskVenue, left.askDepth = side.price, side.size, side.venue, side.behind
	case price <= q.Bid:
		side := level{q.Bid, q.BidSize, q.BidVenue, q.bidDepth}
		lean = side.eat(c, price, size, -1, depth, word)
		left.Bid, left.BidSize, left.BidVenue, left.bidDepth = side.price, side.size, side.venue, side.behind
		left.snap(c)
	default:
		return left, 0, false
	}
	return left, lean, true
}

// level is one side of the quote.
type level struct {
	price, size   int32
	venue, behind uint8
}

// eat takes contracts: what the best venue shows, then what others show at the
// same price, and then the price moves away (1 up, -1 down), at least to where it
// traded. It returns the lean.
func (l *level) eat(c *Contract, traded, size, away int32, depth float64, word uint64) int8 {
	was := *l
	if traded != l.price {
		l.behind = 0 // all of it is gone
	}
	for size >= l.size && l.behind > 0 {
		word = basis.Mix(word)
		size -= l.size
		l.behind--
		l.size, l.venue = displayed(word, depth), venueOf(word)
	}
	if traded == l.price && size < l.size {
		if l.size -= size; l.size == was.size {
			l.size++ // every fill is seen
		}
		return 0
	}
	word = basis.Mix(word)
	size = max(0, size-l.size)
	ticks := 1 + min(3, size/(1+int32(6*depth)))
	for range ticks {
		l.price += away * c.tickAt(l.price)
	}
	if (traded-l.price)*away > 0 {
		l.price = traded
	}
	l.size, l.venue, l.behind = displayed(word, depth), venueOf(word), uint8(word>>16%5)
	if word>>50%2 == 0 {
		return 0 // the market makers come back to where they were
	}
	return int8(away * ticks)
}
