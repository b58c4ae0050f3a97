package tail

import (
	"math"
	"strconv"

	"optflow/model"
	"optflow/model/view"
)

// contractSentence says a contract's day.
func contractSentence(f textFormat, dst []byte, l *contractRow) []byte {
	c := l.of
	dst = append(appendContract(dst, c.Of, l.picture.day()), ": "...)
	dst = appendTraded(dst, "premium ", c.Premium, c.Day)
	if c.Gaps > 0 {
		dst = append(appendGrouped(append(dst, ", "...), uint64(c.Gaps)), " of them missing"...)
	}
	dst = append(dst, atLeast(c.Whole)...)
	dst = appendKnown(dst, ", last price ", c.DayClose, 2, "")
	if c.OpenInterest >= 0 {
		dst = appendGrouped(append(dst, ", open interest "...), uint64(c.OpenInterest))
	}
	dst = appendKnown(dst, ", volume ", c.Row.VolumeOverOI(), 1, " times open interest")
	if c.Marks&model.MarkUnusual != 0 {
		dst = append(dst, ", unusual"...)
	}
	switch otm := c.Row.OTM(c.Of) * 100; {
	case otm >= 0:
		dst = appendKnown(dst, ", ", otm, 1, "% out of the money")
	default:
		dst = appendKnown(dst, ", ", -otm, 1, "% in the money")
	}
	dst = appendKnown(dst, ", implied volatility ", c.IV*100, 0, "%")
	if c.Delta < 0 {
		dst = appendKnown(dst, ", delta minus ", -c.Delta, 2, "")
	} else {
		dst = appendKnown(dst, ", delta ", c.Delta, 2, "")
	}
	if c.Quote.Read > 0 {
		dst = appendKnown(dst, ", bid ", c.Quote.Bid, 2, "")
		dst = appendKnown(dst, ", ask ", c.Quote.Ask, 2, "")
	}
	if c.Last > 0 {
		dst = f.clock(append(dst, ", last traded "...), c.Last)
	}
	return dst
}

// tickerSentence says an underlying's day.
func tickerSentence(f textFormat, dst []byte, l *tickerRow) []byte {
	t := l.of
	dst = append(append(dst, t.Underlying...), ": "...)
	dst = appendTraded(dst, "calls ", t.CallPremium, t.CallVolume)
	dst = appendTraded(dst, ", puts ", t.PutPremium, t.PutVolume)
	dst = append(dst, atLeast(t.Whole)...)
	dst = appendKnown(dst, ", puts over calls ", putCallPremium(t), 2, " by premium")
	dst = appendKnown(dst, ", ", putCallVolume(t), 2, " by volume")
	if net := view.Balance(&t.Totals); !math.IsNaN(net) {
		sign := ", bull minus bear plus "
		if net < 0 {
			sign = ", bull minus bear minus "
		}
		dst = appendMoney(append(dst, sign...), math.Abs(net))
		dst = appendKnown(dst, " on ", standsOn(&t.Totals)*100, 0, "% of premium since ")
		dst = f.clock(dst, t.Since)
	}
	dst = appendKnown(dst, ", ", t.Share*100, 0, "% of the tape")
	dst = appendKnown(dst, ", spot ", t.Spot, 2, "")
	if !math.IsNaN(t.Against) {
		dst = appendKnown(dst, ", volume ", t.Against, 1, " times the mean of ")
		dst = append(strconv.AppendInt(dst, int64(t.Sessions), 10), " sessions at this time"...)
	}
	return dst
}

// cellSentence says what traded at a strike of an expiry.
func cellSentence(_ textFormat, dst []byte, l *cellRow) []byte {
	c := l.of
	dst = append(append(dst, c.Underlying...), ' ')
	dst = appendNumber(dst, float64(c.Strike)/1000, 3)
	dst = append(appendExpiry(dst, c.Expiry, l.picture.day()), ": "...)
	if c.CallVolume > 0 {
		dst = appendTraded(dst, "calls ", c.Call, c.CallVolume)
	}
	if c.PutVolume > 0 {
		if c.CallVolume > 0 {
			dst = append(dst, ", "...)
		}
		dst = appendTraded(dst, "puts ", c.Put, c.PutVolume)
	}
	return append(dst, atLeast(c.Whole)...)
}

// appendTraded prints "calls $48.2 million on 60,000 contracts".
func appendTraded(dst []byte, what string, dollars float64, volume int64) []byte {
	dst = append(dst, what...)
	if dollars == 0 && volume > 0 {
		dst = append(dst, "not known"...)
	} else {
		dst = appendMoney(dst, dollars)
	}
	return appendContracts(append(dst, " on "...), uint32(volume))
}

// atLeast is said of sums of a day that is not read to its end.
func atLeast(whole bool) string {
	if whole {
		return ""
	}
	return ", so far as the day is read"
}

// appendKnown prints a number that is known between two words.
func appendKnown(dst []byte, label string, v float64, decimals int, unit string) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return dst
	}
	return append(appendNumber(append(dst, label...), v, decimals), unit...)
}
