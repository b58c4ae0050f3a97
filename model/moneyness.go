package model

import "math"

// Bounds of "at the money" (docs/words.md#moneyness).
const (
	atmDeltaLow  = 0.40
	atmDeltaHigh = 0.60
	atmDistance  = 0.01 // of spot, where delta is not known
)

// AMSettled reports whether the contract is settled by the opening of its
// expiry day, so that it last trades the day before: the monthly series of the
// large indices and everything on VIX (Cboe's product specifications). Their weekly
// roots (SPXW, NDXP, RUTW) trade until the close of the expiry day.
func (c *Contract) AMSettled() bool {
	switch c.Root {
	case "SPX", "NDX", "RUT", "VIX", "VIXW":
		return true
	}
	return false
}

// ZeroDTE reports whether the contract is in its last day of trading on day.
// AM-settled contracts never are: on their expiry day they no longer trade.
func (c *Contract) ZeroDTE(day Date) bool { return c.Expiry == day && !c.AMSettled() }

// SpotPrice is the underlying's price to reckon with, in dollars: NaN when none
// is known, or when a delayed one stands beside real-time options.
func (r *Row) SpotPrice() float64 {
	if r.Spot > 0 && r.Flags&FlagSpotDelayed == 0 {
		return float64(r.Spot)
	}
	return Unknown
}

// OTM is how far out of the money the contract was at the row's time, as a
// share of spot: 0.05 is 5 % out, negative is in the money, NaN without a spot
// and for adjusted contracts.
func (r *Row) OTM(c *Contract) float64 {
	if c.Adjusted() {
		return Unknown
	}
	spot := r.SpotPrice()
	away := (c.StrikePrice() - spot) / spot
	if c.Type == Put {
		return -away
	}
	return away
}

// OutOfMoney answers whether exercise would have brought nothing.
func (r *Row) OutOfMoney(c *Contract) Truth { return r.above(c, c.Type == Call) }

// InMoney answers whether exercise would have brought something.
func (r *Row) InMoney(c *Contract) Truth { return r.above(c, c.Type == Put) }

// above answers whether the strike is above spot, or else below it, without
// the division that OTM costs: filters ask it of every row.
func (r *Row) above(c *Contract, above bool) Truth {
	spot, strike := r.SpotPrice(), c.StrikePrice()
	switch {
	case spot != spot, c.Adjusted():
		return Unknowable
	case above:
		return TruthOf(strike > spot)
	}
	return TruthOf(strike < spot)
}

// AtMoney goes by delta, 0.40 to 0.60 either way; without a delta by the
// distance of strike and spot, at most 1 %. It overlaps with the other two. Of an
// adjusted contract it is not known: the vendor works its delta out from the
// price of one share.
func (r *Row) AtMoney(c *Contract) Truth {
	if c.Adjusted() {
		return Unknowable
	}
	if Known32(r.Delta) {
		delta := math.Abs(float64(r.Delta))
		return TruthOf(delta >= atmDeltaLow-1e-6 && delta <= atmDeltaHigh+1e-6) // float32 rows
	}
	otm := r.OTM(c)
	if math.IsNaN(otm) {
		return Unknowable
	}
	return TruthOf(math.Abs(otm) <= atmDistance)
}

// VolumeOverOI is the day's volume as stated with the row over open interest
// (of yesterday's close). NaN when either is not known or there is no interest.
func (r *Row) VolumeOverOI() float64 {
	if r.DayVolume == UnknownCount || r.OpenInterest == UnknownCount || r.OpenInterest == 0 {
		return Unknown
	}
	return float64(r.DayVolume) / float64(r.OpenInterest)
}
