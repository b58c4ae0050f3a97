package exchange

import (
	"slices"

	"optflow/feed/sim/basis"
)

// fill is a filled in the history, 24 bytes.
type fill struct {
	after              uint32 // ms since its chunk began
	prev               uint32 // sequence plus 1 of the contract's fill before; 0 none
	bid                int32
	spread             uint16
	bidSize, askSize   uint16
	shift              int8
	nth                uint8
	bidVenue, askVenue uint8
	bidDepth, askDepth uint8
}

// chunkFills is how many fills the history holds or drops at a time.
const chunkFills = 4096

type fillChunk struct {
	began int64 // ms
	fills []fill
}

// fillLog is the history of the quotes that trades changed, in chunks of which
// the oldest go. What comes between them is worked out again: see revised.
type fillLog struct {
	chunks []fillChunk
	first  uint32 // sequence of the first chunk's first fill
	next   uint32
	forgot int64 // ms: fills before it are gone; 0 none are
}

// add appends what a fill left and returns its sequence plus 1.
func (l *fillLog) add(f *filled, prev uint32) uint32 {
	n := len(l.chunks)
	if n == 0 || len(l.chunks[n-1].fills) == chunkFills {
		l.chunks = append(l.chunks, fillChunk{began: f.time, fills: make([]fill, 0, chunkFills)})
		n++
	}
	chunk := &l.chunks[n-1]
	chunk.fills = append(chunk.fills, fill{
		after: uint32(f.time - chunk.began), prev: prev,
		bid: f.Bid, spread: uint16(min(f.Ask-f.Bid, 65_535)), bidSize: shownSize(f.BidSize), askSize: shownSize(f.AskSize),
		shift: f.shift, nth: f.nth, bidVenue: f.BidVenue, askVenue: f.AskVenue, bidDepth: f.bidDepth, askDepth: f.askDepth,
	})
	l.next++
	return l.next
}

func shownSize(n int32) uint16 { return uint16(min(n, 65_535)) }

// at is the fill of a link, a sequence plus 1, and the link before; a fill that
// is gone, or none, is the zero value.
func (l *fillLog) at(link uint32) (filled, uint32) {
	if link <= l.first {
		return filled{}, 0
	}
	i := link - 1 - l.first
	chunk := &l.chunks[i/chunkFills]
	e := &chunk.fills[i%chunkFills]
	return filled{
		nbbo: nbbo{
			Bid: e.bid, Ask: e.bid + int32(e.spread), BidSize: int32(e.bidSize), AskSize: int32(e.askSize),
			BidVenue: e.bidVenue, AskVenue: e.askVenue, bidDepth: e.bidDepth, askDepth: e.askDepth,
		},
		time: chunk.began + int64(e.after), shift: e.shift, nth: e.nth,
	}, e.prev
}

// trim drops whole chunks whose fills were all before a time.
func (l *fillLog) trim(before int64) {
	for len(l.chunks) > 1 && l.chunks[1].began < before {
		l.forgot = l.chunks[1].began
		l.chunks[0] = fillChunk{}
		l.chunks = l.chunks[1:]
		l.first += chunkFills
	}
}

// Quoted are the quotes that there were, of every contract: what trades left of them
// is remembered, all else worked out anew.
type Quoted struct {
	time   *timing
	makers *makers
	past   *past
	fills  fillLog
	lag    int64 // ms by which REST's quotes are behind what is shown
}

// at is the quote in force at a market time that the history reaches.
func (q *Quoted) at(c *Contract, ms int64) Standing {
	var last filled
	if fills := q.fillsIn(c, ms, ms); len(fills) > 0 {
		last = fills[len(fills)-1]
	}
	return q.makers.standing(c, &last, ms)
}

// fillsIn lists the fills of a contract from..to (ms, both included) and those
// before that can still be told from the quote at from, in order. Of the time
// before live nothing is told from a quote after.
func (q *Quoted) fillsIn(c *Contract, from, to int64) []filled {
	if from < q.time.live {
		return q.past.fills(c, from-fillMemory, to)
	}
	var list []filled
	for link := c.fills; link > 0; {
		f, prev := q.fills.at(link)
		if f.time < from-fillMemory { // or gone
			break
		}
		if f.time <= to {
			list = append(list, f)
		}
		if f.time < from {
			break
		}
		link = prev
	}
	slices.Reverse(list)
	return list
}

// In lists the quotes of a contract that came into force from..to (ms, both
// included), in order.
func (q *Quoted) In(c *Contract, from, to int64) []Standing {
	if from < q.time.live && to >= q.time.live {
		return append(q.In(c, from, q.time.live-1), q.In(c, q.time.live, to)...)
	}
	var list []Standing
	fills, last := q.fillsIn(c, from, to), filled{}
	for k, at := q.makers.revisionAt(c, from-1); at <= to; {
		for len(fills) > 0 && fills[0].time < at {
			last, fills = fills[0], fills[1:]
		}
		if at >= from {
			list = append(list, Standing{nbbo: q.makers.revised(c, k, at, last.shiftAt(c, at)), From: at, Nanos: c.revisionNanos(k, at)})
		}
		k, at = q.makers.revisionAfter(c, k, at)
		for len(fills) > 0 && fills[0].time < at {
			last, fills = fills[0], fills[1:]
			if last.time >= from {
				list = append(list, Standing{nbbo: last.nbbo, From: last.time, Nanos: fillNanos(last.time, last.nth)})
			}
		}
	}
	return list
}

// From is the market time from which the quotes of a contract are known.
func (q *Quoted) From(c *Contract) int64 {
	from := max(c.opened, q.time.PastFrom)
	if remembered := q.time.frontier - q.makers.heats.span() + basis.Minute; remembered > q.time.live {
		from = max(from, remembered)
	}
	if q.fills.forgot > 0 {
		from = max(from, q.fills.forgot+fillMemory)
	}
	return from
}

// Shown is the last ns of which REST shows quotes at a time.
func (q *Quoted) Shown(now int64) int64 { return (now-q.lag+1)*basis.Nanoseconds - 1 }

// Between lists up to so many quotes of a contract within times in ns, oldest or newest first.
// It works them out in stretches of time, so that a short page of a long history
// is cheap.
func (q *Quoted) Between(c *Contract, low, high int64, limit int, desc bool) []Standing {
	var list []Standing
	from, to := low/basis.Nanoseconds, high/basis.Nanoseconds
	stretch := 64 * c.epoch
	for from <= to && len(list) < limit {
		first, last := from, min(to, from+stretch)
		if desc {
			first, last = max(from, to-stretch), to
		}
		part := slices.DeleteFunc(q.In(c, first, last), func(s Standing) bool { return s.Nanos < low || s.Nanos > high })
		if desc {
			slices.Reverse(part)
			to = first - 1
		} else {
			from = last + 1
		}
		list = append(list, part...)
		stretch *= 2
	}
	return list[:min(limit, len(list))]
}
