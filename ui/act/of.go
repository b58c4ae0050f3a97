package act

import (
	"optflow/model"
	"optflow/ui/format"
)

// Narrowing is what drilling down leaves: a ticker's contracts, or those of a
// cell of its heat map.
type Narrowing struct {
	Ticker string // "" is all
	Expiry model.Date
	Strike int32 // thousandths of a dollar
	Cell   bool  // of that expiry and strike only
	Plain  bool  // without adjusted contracts, whose strike is no price of one share
}

// Takes reports whether a contract is left.
func (n *Narrowing) Takes(c *model.Contract) bool {
	return (n.Ticker == "" || c.Underlying == n.Ticker) && (!n.Cell || c.Expiry == n.Expiry && c.Strike == n.Strike) && !(n.Plain && c.Adjusted())
}

// String names what is left.
func (n Narrowing) String() string {
	if !n.Cell {
		return n.Ticker
	}
	return n.Ticker + " " + string(format.AppendStrike(nil, n.Strike)) + " " + n.Expiry.Short()
}
