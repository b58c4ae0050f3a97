package model

import (
	"math"

	"optflow/model/ticker"
)

// Marks are what makes a burst worth a second look, as bits.
type Marks uint8

// The marks, in the order in which they print.
const (
	MarkWhale        Marks = 1 << iota // W: premium at or over the whale threshold, and not a stand-in for stock
	MarkUnusual                        // U: this row carried the day's volume over the ratio to open interest
	MarkUnusualLater                   // u: the contract had been unusual before this row
	MarkAboveOI                        // >: larger than the whole open interest
	MarkTwin                           // =: another contract had the same size in the same second
	MarkFired                          // !: an alert fired for it; nothing of the row tells that, so MarksOf never gives it
)

var markLetters = [...]byte{'W', 'U', 'u', '>', '=', '!'}

// String prints the marks in fixed order, such as "WU>"; "" when there are none.
func (m Marks) String() string {
	if m == 0 {
		return ""
	}
	var text [len(markLetters)]byte
	n := 0
	for i, letter := range markLetters {
		if m&(1<<i) != 0 {
			text[n] = letter
			n++
		}
	}
	return string(text[:n])
}

// Rules are the thresholds of the marks and of the floor. They must not change
// while something reads them. Ours; docs/words.md#marks.
type Rules struct {
	Floor  float64            // dollars of premium from which a burst is shown
	Floors map[string]float64 // the same by underlying, as ticker.Key spells it
	Whale  float64            // dollars of premium
	Whales map[string]float64 // likewise

	WhaleDelta    float64 // W needs abs(delta) under this, or unknown: deep contracts stand in for stock
	UnusualDTE    int     // U needs at least so many days to expiry: same-day volume always dwarfs open interest
	UnusualPrice  float64 // dollars; under it lots are cheap enough to be noise
	UnusualVolume uint32  // contracts of the day
	UnusualOI     uint32  // contracts
	UnusualRatio  float64 // day volume over open interest (Barchart's published list uses the same)
	AboveOISize   uint32  // contracts from which > is given
}

// DefaultRules are those of docs/words.md: floor $25k, whale $1M and abs(delta) < 0.90,
// unusual from DTE 1, $0.10, 500 lots, open interest 100 and V/OI over 1.25,
// > from 100 lots.
func DefaultRules() *Rules {
	return &Rules{
		Floor: 25_000, Whale: 1_000_000, WhaleDelta: 0.90,
		UnusualDTE: 1, UnusualPrice: 0.10, UnusualVolume: 500, UnusualOI: 100, UnusualRatio: 1.25,
		AboveOISize: 100,
	}
}

// FloorOf is the floor of an underlying in dollars.
func (r *Rules) FloorOf(underlying string) float64 {
	if len(r.Floors) > 0 {
		if floor, ok := r.Floors[ticker.Key(underlying)]; ok {
			return floor
		}
	}
	return r.Floor
}

// WhaleOf is the whale threshold of an underlying in dollars.
func (r *Rules) WhaleOf(underlying string) float64 {
	if len(r.Whales) > 0 {
		if whale, ok := r.Whales[ticker.Key(underlying)]; ok {
			return whale
		}
	}
	return r.Whale
}

// priceSlack32 lets a price that went through float32 meet a round threshold.
const priceSlack32 = 1e-6

// MarksOf gives the marks of a bar or burst; gaps have none. What is not known
// never gives a mark, except that an unknown delta does not take W away.
func MarksOf(r *Row, c *Contract, rules *Rules) Marks {
	if r.Kind == KindGap {
		return 0
	}
	var marks Marks
	if IsWhale(r, c, rules) {
		marks |= MarkWhale
	}
	if r.Flags&FlagTwin != 0 {
		marks |= MarkTwin
	}
	if AboveOI(r, rules) == True {
		marks |= MarkAboveOI
	}
	unusual, _ := Unusual(r, c, rules)
	return marks | unusual
}

// IsWhale reports whether the row carries W.
func IsWhale(r *Row, c *Contract, rules *Rules) bool {
	return r.Kind != KindGap && r.Premium >= rules.WhaleOf(c.Underlying) &&
		!(math.Abs(float64(r.Delta)) >= rules.WhaleDelta-priceSlack32)
}

// AboveOI answers whether a bar or burst is larger than the whole open interest.
func AboveOI(r *Row, rules *Rules) Truth {
	switch {
	case r.Size < rules.AboveOISize:
		return False
	case r.OpenInterest == UnknownCount:
		return Unknowable
	}
	return TruthOf(r.OpenInterest >= 1 && r.Size > r.OpenInterest)
}

// Unusual is which of U and u a bar or burst carries, 0 neither: U is the row that
// carried the ratio over its bound, u are those after. It is not told where that
// needs what is not known and the rest does not rule it out, which is looked at
// first, for it does so of most rows.
func Unusual(r *Row, c *Contract, rules *Rules) (mark Marks, told bool) {
	if r.DayVolume < rules.UnusualVolume || r.OpenInterest < rules.UnusualOI ||
		float64(r.Vwap) < rules.UnusualPrice-priceSlack32 ||
		c.DTE(TradingDate(r.Start)) < rules.UnusualDTE {
		return 0, true
	}
	if r.DayVolume == UnknownCount || r.OpenInterest == UnknownCount || !Known32(r.Vwap) {
		return 0, false
	}
	switch bound := float64(rules.UnusualRatio * float64(r.OpenInterest)); {
	case float64(r.DayVolume) <= bound:
		return 0, true
	case float64(r.DayVolume)-float64(r.Size) <= bound:
		return MarkUnusual, true
	}
	return MarkUnusualLater, true
}
