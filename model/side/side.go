// Package side says where in the quote trades took place, and how sure that is.
package side

import (
	"math"

	"optflow/model"
)

// against says where in the quote the trades took place.
//
//	AA, BB  the whole range lies beyond the quote
//	A, B    the low is at or above the ask; the high is at or below the bid
//	a, b    vwap is in the outer quarter and the range does not reach the other edge
//	M       the rest
//
// There is no a and b for windows of a minute and more: too much happens in one.
// A zero bid is a legal quote. In a locked quote (bid = ask) trades at that
// price are M. Without a side to compare with (no ask, a crossed quote, any
// value that is not a number) the side is unknown.
func (t *Trades) against(q model.Quote) model.Side {
	if !q.Usable() || !(t.Low <= t.High) || !(t.Low > 0) || math.IsInf(t.High, 1) || math.IsNaN(t.Vwap) {
		return model.SideUnknown
	}
	slack := priceSlack(q.Ask)
	atAsk, atBid := t.Low >= q.Ask-slack, t.High <= q.Bid+slack
	switch {
	case atAsk && atBid: // locked, and every trade at that price
		return model.SideMid
	case t.Low > q.Ask+slack:
		return model.SideAboveAsk
	case t.High < q.Bid-slack:
		return model.SideBelowBid
	case atAsk:
		return model.SideAsk
	case atBid:
		return model.SideBid
	}
	quarter := (q.Ask - q.Bid) / 4
	if t.Span >= model.Minute || quarter <= slack {
		return model.SideMid
	}
	switch {
	case t.Vwap >= q.Ask-quarter-slack && t.Low > q.Bid+slack:
		return model.SideNearAsk
	case t.Vwap <= q.Bid+quarter+slack && t.High < q.Ask-slack:
		return model.SideNearBid
	}
	return model.SideMid
}

// priceSlack absorbs the rounding of vwap (4 decimals) and of float32 rows.
// Options trade in cents, so it never joins two prices.
func priceSlack(price float64) float64 { return math.Max(0.00005, price*1e-7) }
