package model

import "math"

// tally is what a burst's vwap and side come from, beyond its Row.
type tally struct {
	notional float64 // dollars per share x contracts of the windows with a price
	priced   uint64  // contracts in those
	size     [NumSides]uint32
	sure     [families]uint32 // contracts that are sure to be on that side
	fair     [families]uint32 // contracts of which it is sure or fairly sure
}

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
	foldFrozen(b, r)
	b.Source = worse(b.Source, r.Source)
	t.add(r)
	if t.priced > 0 {
		b.Vwap = float32(t.notional / float64(t.priced))
	}
	b.Side, b.Certainty = t.side()
}

// foldFrozen takes over what no earlier window of the burst r knew.
func foldFrozen(r, next *Row) {
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
	if side >= NumSides {
		side = SideUnknown
	}
	t.size[side] = addCount(t.size[side], r.Size)
	if r.Certainty >= CertaintyFair {
		f := FamilyOf(side)
		t.fair[f] = addCount(t.fair[f], r.Size)
		if r.Certainty == CertaintySure {
			t.sure[f] = addCount(t.sure[f], r.Size)
		}
	}
}

// side is that of the family (A, AA, a or B, BB, b) with at least 70 % of the
// size, under the letter that claims most and still holds for 70 %: AA holds
// where A does. Else it is M; but when over 30 % of the size has no side, M
// would claim too much, and it is unknown. It is as sure as 70 % of the size
// are of that family.
func (t *tally) side() (Side, Certainty) {
	var total uint64
	for _, size := range t.size {
		total += uint64(size)
	}
	most := func(size uint64) bool { return size*10 >= total*7 }
	if total == 0 {
		return SideUnknown, CertaintyNone
	}
	letter, of := SideMid, familyMid
	beyond, at, near := uint64(t.size[SideAboveAsk]), uint64(t.size[SideAsk]), uint64(t.size[SideNearAsk])
	bidBeyond, bidAt, bidNear := uint64(t.size[SideBelowBid]), uint64(t.size[SideBid]), uint64(t.size[SideNearBid])
	switch {
	case most(beyond):
		letter, of = SideAboveAsk, familyAsk
	case most(beyond + at):
		letter, of = SideAsk, familyAsk
	case most(beyond + at + near):
		letter, of = SideNearAsk, familyAsk
	case most(bidBeyond):
		letter, of = SideBelowBid, familyBid
	case most(bidBeyond + bidAt):
		letter, of = SideBid, familyBid
	case most(bidBeyond + bidAt + bidNear):
		letter, of = SideNearBid, familyBid
	case uint64(t.size[SideUnknown])*10 > total*3:
		return SideUnknown, CertaintyNone
	}
	switch {
	case most(uint64(t.sure[of])):
		return letter, CertaintySure
	case most(uint64(t.fair[of])):
		return letter, CertaintyFair
	}
	return letter, CertaintyLoose
}
