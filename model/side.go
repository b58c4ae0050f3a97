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

// Usable reports whether trades can be compared with the quote: there is an
// ask, and the bid is not above it. A zero bid is legal.
func (q Quote) Usable() bool {
	return q.Ask > 0 && q.Bid >= 0 && q.Bid <= q.Ask && !math.IsInf(q.Ask, 1)
}

// priceSlack absorbs the rounding of vwap (4 decimals) and of float32 rows.
// Options trade in cents, so it never joins two prices.
func priceSlack(price float64) float64 { return math.Max(0.00005, price*1e-7) }

var sideNames = [...]string{"", "M", "A", "B", "AA", "BB", "a", "b"}

// String is the letter of the SD column, "" when unknown.
func (s Side) String() string {
	if int(s) < len(sideNames) {
		return sideNames[s]
	}
	return ""
}

// AskSide reports whether the trades took place at or towards the ask: buyers
// were the ones in a hurry.
func (s Side) AskSide() bool { return s == SideAsk || s == SideAboveAsk || s == SideNearAsk }

// BidSide is the mirror of AskSide.
func (s Side) BidSide() bool { return s == SideBid || s == SideBelowBid || s == SideNearBid }

// Bullish reports whether a side of that option type wants the underlying
// higher: an ask-side call or a bid-side put.
func (s Side) Bullish(t OptionType) bool {
	if t == Put {
		return s.BidSide()
	}
	return s.AskSide()
}

// Bearish is the mirror of Bullish.
func (s Side) Bearish(t OptionType) bool {
	if t == Put {
		return s.AskSide()
	}
	return s.BidSide()
}

// String is the mark behind the side's letter: "~" loose, "?" fair, "" when
// sure or when there is no side.
func (c Certainty) String() string {
	switch c {
	case CertaintyLoose:
		return "~"
	case CertaintyFair:
		return "?"
	}
	return ""
}
