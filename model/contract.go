package model

// OptionType says call or put.
type OptionType uint8

// The two option types.
const (
	Call OptionType = iota
	Put
)

// String is "call" or "put".
func (t OptionType) String() string {
	if t == Put {
		return "put"
	}
	return "call"
}

// ContractID is a contract's number in one Contracts registry, dense from 0.
type ContractID uint32

// Contract is one listed option. It is immutable. What filters ask of every row
// comes first: it is in one line of the processor's memory.
type Contract struct {
	ID         ContractID // set by Contracts
	Expiry     Date
	Strike     int32 // thousandths of a dollar: 650000 is 650.000
	Type       OptionType
	RootDigit  bool    // the root ends in a digit, as after a corporate action
	More       bool    // it delivers more than those shares: cash, or shares of another company
	Shares     float64 // the deliverable: shares of the underlying, 100 unless the vendor says otherwise
	Underlying string  // "SPX", "BRK.B": as the vendor says, until then a guess from the root
	Root       string  // "SPXW", "BRKB"
	Symbol     string  // "O:SPY251219C00650000"
}

// StrikePrice is the strike in dollars.
func (c *Contract) StrikePrice() float64 { return float64(c.Strike) / 1000 }

// DTE is the number of calendar days in New York from day to expiry.
func (c *Contract) DTE(day Date) int { return int(c.Expiry - day) }
