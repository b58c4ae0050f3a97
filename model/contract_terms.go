package model

// Standard terms of an option on shares or an index.
const (
	standardShares     = 100
	standardMultiplier = 100
	miniShares         = 10
	miniMultiplier     = 10
)

// Mini reports whether the contract is a mini option: a tenth of a standard one
// in all that counts. Their roots have the suffix 7 (OCC, "Mini Options Product
// Specifications"). A root that ends in 7 may also be the seventh adjustment of a
// class, so the deliverable has to be 10 shares and nothing else.
func (c *Contract) Mini() bool {
	return c.Shares == miniShares && !c.More && c.Root != "" && c.Root[len(c.Root)-1] == '7'
}

// Multiplier is how many dollars a contract costs for each dollar of its price:
// 100, and 10 for a mini. What a contract delivers does not change it: after a
// split or a merger the premium and the strike are still multiplied by 100,
// while the deliverable is 20 shares, or 44 and cash (OCC, "Characteristics and
// Risks of Standardized Options", on adjustments: the exercise price times 100,
// not times 150; OCC's memo on each adjustment states its multiplier).
func (c *Contract) Multiplier() float64 {
	if c.Mini() {
		return miniMultiplier
	}
	return standardMultiplier
}

// Adjusted reports whether the contract delivers something else than 100 shares
// for 100 times the strike, or 10 for 10 times, so that its strike says nothing
// beside the price of one share. A root that ends in a digit is one after a
// corporate action, whatever else is known of it.
func (c *Contract) Adjusted() bool {
	if c.Shares == standardShares && !c.More { // as of most, and filters ask of every row
		return c.RootDigit
	}
	return c.Shares > 0 && !c.Mini()
}
