package model

import "math"

// Usable reports whether trades can be compared with the quote: there is an
// ask, and the bid is not above it. A zero bid is legal.
func (q Quote) Usable() bool {
	return q.Ask > 0 && q.Bid >= 0 && q.Bid <= q.Ask && !math.IsInf(q.Ask, 1)
}

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
