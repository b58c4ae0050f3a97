// Package side says where in the quote trades took place, and how sure that is.
package side

import (
	"math"

	"optflow/model"
)

// Of says where in the quote a window of trades took place. Low, high and
// vwap are the window's prices in dollars per share, span is its width.
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
func Of(low, high, vwap float64, q model.Quote, span model.Span) model.Side {
	if !q.Usable() || !(low <= high) || !(low > 0) || math.IsInf(high, 1) || math.IsNaN(vwap) {
		return model.SideUnknown
	}
	slack := priceSlack(q.Ask)
	atAsk, atBid := low >= q.Ask-slack, high <= q.Bid+slack
	switch {
	case atAsk && atBid: // locked, and every trade at that price
		return model.SideMid
	case low > q.Ask+slack:
		return model.SideAboveAsk
	case high < q.Bid-slack:
		return model.SideBelowBid
	case atAsk:
		return model.SideAsk
	case atBid:
		return model.SideBid
	}
	quarter := (q.Ask - q.Bid) / 4
	if span >= model.Minute || quarter <= slack {
		return model.SideMid
	}
	switch {
	case vwap >= q.Ask-quarter-slack && low > q.Bid+slack:
		return model.SideNearAsk
	case vwap <= q.Bid+quarter+slack && high < q.Ask-slack:
		return model.SideNearBid
	}
	return model.SideMid
}

// priceSlack absorbs the rounding of vwap (4 decimals) and of float32 rows.
// Options trade in cents, so it never joins two prices.
func priceSlack(price float64) float64 { return math.Max(0.00005, price*1e-7) }
