package exchange

import (
	"cmp"
	"slices"

	"optflow/model"
)

// Contract is one listed option and what the market keeps of it.
type Contract struct {
	Id        int32
	Put       bool
	am        bool // settled by the opening of its expiry day
	Strike    int32
	Expiry    model.Date
	Symbol    string
	root      string
	Under     *Underlying
	Hash      uint64
	base      float64      // popularity whatever the spot is
	share     float64      // of the market's trades, as at the start
	interest  float64      // open interest
	interests []InterestOn // at the ends of the days since the start, oldest first
	epoch     int64        // ms between revisions of the quote, on average
	thought   theory       // the last one worked out
	book      book
	fills     uint32 // link to the newest fill in the history
	opened    int64  // ms: when it was listed; 0 before the start

	past    DayStats // trades of the start's day before live; see ensurePast
	hasPast bool
	before  DayStats // the last day with trades before today
	settled DayStats // trades since midnight or live, up to the settling cursor
	last    uint32   // sequence of the newest trade in the log, plus 1
	volume  int64    // contracts seen today since live or midnight
	cents   int64    // price in cents times size, likewise
	opening int32    // cents: the day's first price since live or midnight

	second, minute Window
	bars           []minuteBar // of today, trades that left the log
}

// StrikeDollars is the strike in dollars.
func (c *Contract) StrikeDollars() float64 { return float64(c.Strike) / 1000 }

// Trades says whether the contract is still traded on a day: up to its expiry, or
// to the day before where the opening of the expiry day settles it.
func (c *Contract) Trades(day model.Date) bool {
	return c.Expiry > day || c.Expiry == day && !c.am
}

// place is the contract's index in its underlying's active list.
func (u *Underlying) place(c *Contract) int {
	i, _ := slices.BinarySearchFunc(u.Active, c.Symbol, func(a *Contract, symbol string) int {
		return cmp.Compare(a.Symbol, symbol)
	})
	return i
}

// Expired says whether the contract's expiry day is over.
func (c *Contract) Expired(day model.Date) bool { return c.Expiry < day }

// Kind is the contract's type in the vendor's words.
func (c *Contract) Kind() string {
	if c.Put {
		return "put"
	}
	return "call"
}
