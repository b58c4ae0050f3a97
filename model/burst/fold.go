package burst

import (
	"math"

	"optflow/model"
	"optflow/model/side"
)

// tally is what a burst's vwap and side come from, beyond its Row.
type tally struct {
	notional float64 // dollars per share x contracts of the windows with a price
	priced   uint64  // contracts in those
	size     [model.NumSides]uint32
	sure     [side.Families]uint32 // contracts that are sure to be on that side
	fair     [side.Families]uint32 // contracts of which it is sure or fairly sure
}

// derived is a burst made anew, before it takes a slot.
type derived struct {
	burst model.Burst
	tally tally
}

// fold adds one more window, the next in time, to a burst. Adding them one by
// one and making the burst anew give the same bits, which is why arrival order
// leaves no trace.
func fold(b *model.Burst, t *tally, r *model.Row, kind model.Kind) {
	if b.Windows++; b.Windows == 1 {
		b.Row = *r
		b.Replaces, b.Revision = 0, 0
		b.Kind = kind
		t.add(r)
		return
	}
	b.Span = model.Span(max(b.End(), r.End()) - b.Start)
	b.Premium += r.Premium
	b.Size = addCount(b.Size, r.Size)
	if r.DayVolume != model.UnknownCount && (b.DayVolume == model.UnknownCount || r.DayVolume > b.DayVolume) {
		b.DayVolume = r.DayVolume
	}
	b.Open = firstKnown(b.Open, r.Open)
	b.Close = firstKnown(r.Close, b.Close)
	if r.High > b.High || !model.Known32(b.High) {
		b.High = r.High
	}
	if r.Low < b.Low || !model.Known32(b.Low) {
		b.Low = r.Low
	}
	b.Prints += r.Prints // unknown when any is
	foldFrozen(&b.Row, r)
	b.Source = worse(b.Source, r.Source)
	t.add(r)
	if t.priced > 0 {
		b.Vwap = float32(t.notional / float64(t.priced))
	}
	b.Side, b.Certainty = t.side()
}

// foldFrozen takes over what no earlier window of the burst r knew.
func foldFrozen(r, next *model.Row) {
	r.Flags = (r.Flags|next.Flags)&(model.FlagApproximate|model.FlagDelayed|model.FlagSim) |
		r.Flags&next.Flags&model.FlagPast | r.Flags&model.FlagSpotDelayed | joinTwins(r.Flags, next.Flags)
	if !model.Known32(r.Spot) {
		r.Spot = next.Spot
		r.Flags |= next.Flags & model.FlagSpotDelayed
	}
	if r.OpenInterest == model.UnknownCount {
		r.OpenInterest = next.OpenInterest
	}
	r.IV = firstKnown(r.IV, next.IV)
	r.Delta = firstKnown(r.Delta, next.Delta)
	if r.QuoteAge == model.NoQuote {
		r.Bid, r.Ask, r.QuoteAge = next.Bid, next.Ask, next.QuoteAge
	}
}

func firstKnown(a, b float32) float32 {
	if model.Known32(a) {
		return a
	}
	return b
}

// addCount adds without running over into UnknownCount.
func addCount(a, b uint32) uint32 {
	return uint32(min(uint64(a)+uint64(b), model.UnknownCount-1))
}

// worse of two sources: polled is the least exact, the stream the best.
func worse(a, b model.Source) model.Source {
	switch {
	case a == model.SourceREST || b == model.SourceREST:
		return model.SourceREST
	case a == model.SourceBackfill || b == model.SourceBackfill:
		return model.SourceBackfill
	}
	return model.SourceWS
}

func (t *tally) add(r *model.Row) {
	if v := float64(r.Vwap); !math.IsNaN(v) {
		t.notional += float64(v * float64(r.Size))
		t.priced += uint64(r.Size)
	}
	at := r.Side
	if at >= model.NumSides {
		at = model.SideUnknown
	}
	t.size[at] = addCount(t.size[at], r.Size)
	if r.Certainty >= model.CertaintyFair {
		f := side.FamilyOf(at)
		t.fair[f] = addCount(t.fair[f], r.Size)
		if r.Certainty == model.CertaintySure {
			t.sure[f] = addCount(t.sure[f], r.Size)
		}
	}
}

// letters are those of the ask and of the bid, the one that claims most first.
var letters = [...][3]model.Side{
	{model.SideAboveAsk, model.SideAsk, model.SideNearAsk},
	{model.SideBelowBid, model.SideBid, model.SideNearBid},
}

// side is that of the family (A, AA, a or B, BB, b) with at least 70 % of the
// size, under the letter that claims most and still holds for 70 %: AA holds
// where A does. Else it is M; but when over 30 % of the size has no side, M
// would claim too much, and it is unknown. It is as sure as 70 % of the size
// are of that family.
func (t *tally) side() (model.Side, model.Certainty) {
	var total uint64
	for _, size := range t.size {
		total += uint64(size)
	}
	most := func(size uint64) bool { return size*10 >= total*7 }
	if total == 0 {
		return model.SideUnknown, model.CertaintyNone
	}
	letter := model.SideMid
	for _, family := range letters {
		sum := uint64(0)
		for _, l := range family {
			if sum += uint64(t.size[l]); letter == model.SideMid && most(sum) {
				letter = l
			}
		}
	}
	of := side.FamilyOf(letter)
	switch {
	case letter == model.SideMid && uint64(t.size[model.SideUnknown])*10 > total*3:
		return model.SideUnknown, model.CertaintyNone
	case most(uint64(t.sure[of])):
		return letter, model.CertaintySure
	case most(uint64(t.fair[of])):
		return letter, model.CertaintyFair
	}
	return letter, model.CertaintyLoose
}
