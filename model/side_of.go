package model

import "math"

// SideOf says where in the quote a window of trades took place. Low, high and
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
func SideOf(low, high, vwap float64, q Quote, span Span) Side {
	if !q.Usable() || !(low <= high) || !(low > 0) || math.IsInf(high, 1) || math.IsNaN(vwap) {
		return SideUnknown
	}
	slack := priceSlack(q.Ask)
	atAsk, atBid := low >= q.Ask-slack, high <= q.Bid+slack
	switch {
	case atAsk && atBid: // locked, and every trade at that price
		return SideMid
	case low > q.Ask+slack:
		return SideAboveAsk
	case high < q.Bid-slack:
		return SideBelowBid
	case atAsk:
		return SideAsk
	case atBid:
		return SideBid
	}
	quarter := (q.Ask - q.Bid) / 4
	if span >= Minute || quarter <= slack {
		return SideMid
	}
	switch {
	case vwap >= q.Ask-quarter-slack && low > q.Bid+slack:
		return SideNearAsk
	case vwap <= q.Bid+quarter+slack && high < q.Ask-slack:
		return SideNearBid
	}
	return SideMid
}

// priceSlack absorbs the rounding of vwap (4 decimals) and of float32 rows.
// Options trade in cents, so it never joins two prices.
func priceSlack(price float64) float64 { return math.Max(0.00005, price*1e-7) }
