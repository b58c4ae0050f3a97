package model

import "math"

// tally is what a burst's vwap and side come from, beyond its Row.
type tally struct {
	notional float64 // dollars per share x contracts of the windows with a price
	priced   uint64  // contracts in those
	size     [numSides]uint32
	weakest  [numSides]Certainty // of the windows of that side
}

const numSides = SideNearBid + 1

// derived is a burst made anew, before it takes a slot.
type derived struct {
	row     Row
	windows uint32
	tally   tally
}

// fold adds one more window, the next in time, to a burst. Adding them one by
// one and making the burst anew give the same bits, which is why arrival order
// leaves no trace.
func fold(b *Row, windows *uint32, t *tally, r *Row, kind Kind) {
	if *windows++; *windows == 1 {
		*b = *r
		b.Replaces, b.Revision = 0, 0
		b.Kind = kind
		t.add(r)
		return
	}
	b.Span = Span(max(b.End(), r.End()) - b.Start)
	b.Premium += r.Premium
	b.Size = addCount(b.Size, r.Size)
	if r.DayVolume != UnknownCount && (b.DayVolume == UnknownCount || r.DayVolume > b.DayVolume) {
		b.DayVolume = r.DayVolume
	}
	b.Open = firstKnown(b.Open, r.Open)
	b.Close = firstKnown(r.Close, b.Close)
	if r.High > b.High || !Known32(b.High) {
		b.High = r.High
	}
	if r.Low < b.Low || !Known32(b.Low) {
		b.Low = r.Low
	}
	b.Prints += r.Prints // unknown when any is
	b.foldFrozen(r)
	b.Source = worse(b.Source, r.Source)
	t.add(r)
	if t.priced > 0 {
		b.Vwap = float32(t.notional / float64(t.priced))
	}
	b.Side, b.Certainty = t.side()
}

// foldFrozen takes over what no earlier window of the burst knew.
func (r *Row) foldFrozen(next *Row) {
	r.Flags = (r.Flags|next.Flags)&(FlagApproximate|FlagDelayed|FlagSim) |
		r.Flags&next.Flags&FlagPast | r.Flags&FlagSpotDelayed | joinTwins(r.Flags, next.Flags)
	if !Known32(r.Spot) {
		r.Spot = next.Spot
		r.Flags |= next.Flags & FlagSpotDelayed
	}
	if r.OpenInterest == UnknownCount {
		r.OpenInterest = next.OpenInterest
	}
	r.IV = firstKnown(r.IV, next.IV)
	r.Delta = firstKnown(r.Delta, next.Delta)
	if r.QuoteAge == NoQuote {
		r.Bid, r.Ask, r.QuoteAge = next.Bid, next.Ask, next.QuoteAge
	}
}

func firstKnown(a, b float32) float32 {
	if Known32(a) {
		return a
	}
	return b
}

// addCount adds without running over into UnknownCount.
func addCount(a, b uint32) uint32 {
	return uint32(min(uint64(a)+uint64(b), UnknownCount-1))
}

// worse of two sources: polled is the least exact, the stream the best.
func worse(a, b Source) Source {
	switch {
	case a == SourceREST || b == SourceREST:
		return SourceREST
	case a == SourceBackfill || b == SourceBackfill:
		return SourceBackfill
	}
	return SourceWS
}

func (t *tally) add(r *Row) {
	if v := float64(r.Vwap); !math.IsNaN(v) {
		t.notional += v * float64(r.Size)
		t.priced += uint64(r.Size)
	}
	side := r.Side
	if side >= numSides {
		side = SideUnknown
	}
	if t.size[side] == 0 || r.Certainty < t.weakest[side] {
		t.weakest[side] = r.Certainty
	}
	t.size[side] = addCount(t.size[side], r.Size)
}

// The letters of the two families, the plain one first: it wins a draw.
var (
	askLetters = [...]Side{SideAsk, SideNearAsk, SideAboveAsk}
	bidLetters = [...]Side{SideBid, SideNearBid, SideBelowBid}
)

// side is that of the family (A, AA, a or B, BB, b) with at least 70 % of the
// size, under the family's most common letter; else M. When over 30 % of the
// size has no side, M would claim too much, and it is unknown. The certainty is
// the weakest of the windows that carry the side; M is carried by all that have
// one.
func (t *tally) side() (Side, Certainty) {
	var total uint64
	for _, size := range t.size {
		total += uint64(size)
	}
	if letter, certainty, share := t.family(askLetters); share*10 >= total*7 {
		return letter, certainty
	}
	if letter, certainty, share := t.family(bidLetters); share*10 >= total*7 {
		return letter, certainty
	}
	if uint64(t.size[SideUnknown])*10 > total*3 {
		return SideUnknown, CertaintyNone
	}
	certainty := CertaintySure
	for side := SideMid; side < numSides; side++ {
		if t.size[side] > 0 {
			certainty = min(certainty, t.weakest[side])
		}
	}
	return SideMid, certainty
}

func (t *tally) family(letters [3]Side) (letter Side, certainty Certainty, size uint64) {
	letter, certainty = letters[0], CertaintySure
	for _, side := range letters {
		if t.size[side] == 0 {
			continue
		}
		size += uint64(t.size[side])
		certainty = min(certainty, t.weakest[side])
		if t.size[side] > t.size[letter] {
			letter = side
		}
	}
	return letter, certainty, size
}
