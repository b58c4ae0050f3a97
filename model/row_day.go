package model

import "math"

// Row writes an account as a row, so that a filter can be asked of a contract's
// day: size and volume are the day's, the price its vwap, the time that of the
// last trade, else now. Spot is the underlying's in dollars, NaN unknown;
// lagging says that it is late beside real-time options.
func (a *Account) Row(spot float64, lagging bool, now int64) Row {
	nan := float32(math.NaN())
	r := Row{
		Kind: KindBurst, Contract: a.Contract, Start: a.Last, Premium: a.Premium, Size: Lots(a.Day), DayVolume: Lots(a.Day),
		Open: float32(a.DayOpen), High: float32(a.DayHigh), Low: float32(a.DayLow), Close: float32(a.DayClose), Vwap: float32(a.DayVwap),
		Prints: nan, Spot: float32(spot), IV: float32(a.IV), Delta: float32(a.Delta),
		Bid: nan, Ask: nan, OpenInterest: UnknownCount, QuoteAge: NoQuote,
	}
	if a.Last == 0 {
		r.Start = now
	}
	if a.OpenInterest >= 0 {
		r.OpenInterest = Lots(int64(a.OpenInterest))
	}
	if a.Quote.Read > 0 {
		r.Bid, r.Ask = float32(a.Quote.Bid), float32(a.Quote.Ask)
	}
	if lagging {
		r.Flags |= FlagSpotDelayed
	}
	return r
}

// Row writes an underlying's sums as a row, so that a filter can be asked of its
// day.
func (t *Totals) Row(now int64) Row {
	nan := float32(math.NaN())
	return Row{
		Kind: KindBurst, Start: now, Premium: t.CallPremium + t.PutPremium, DayVolume: Lots(t.CallVolume + t.PutVolume),
		Spot: float32(t.Spot), Vwap: nan, Prints: nan, IV: nan, Delta: nan, Bid: nan, Ask: nan, OpenInterest: UnknownCount, QuoteAge: NoQuote,
	}
}

// Lots is a count as rows hold it.
func Lots(v int64) uint32 { return uint32(max(min(v, UnknownCount-1), 0)) }
