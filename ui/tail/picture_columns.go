package tail

import (
	"math"
	"math/bits"
	"strconv"

	"optflow/model"
	"optflow/model/view"
)

// What is printed of each kind of row; docs/tail.md#views says what it is. As
// those of the tape the names are stable.

var contractColumns = pictureColumns("contract", []column[dayRow[view.Contract]]{
	{"contract", true, func(dst []byte, l *contractRow) []byte { return append(dst, l.of.Of.Symbol...) }},
	{"underlying", true, func(dst []byte, l *contractRow) []byte { return append(dst, l.of.Of.Underlying...) }},
	{"expiry", true, func(dst []byte, l *contractRow) []byte { return append(dst, l.of.Of.Expiry.String()...) }},
	{"dte", false, func(dst []byte, l *contractRow) []byte {
		return strconv.AppendInt(dst, int64(l.of.Of.DTE(l.picture.day())), 10)
	}},
	{"type", true, func(dst []byte, l *contractRow) []byte { return append(dst, l.of.Of.Type.String()...) }},
	{"strike", false, func(dst []byte, l *contractRow) []byte { return appendNumber(dst, l.of.Of.StrikePrice(), 3) }},
	{"day_volume", false, lots(func(c *view.Contract) int64 { return c.Day })},
	{"premium", false, func(dst []byte, l *contractRow) []byte { return appendPremium(dst, l.of.Premium, l.of.Day) }},
	{"past", false, lots(func(c *view.Contract) int64 { return c.Past })},
	{"exact", false, lots(func(c *view.Contract) int64 { return c.Exact })},
	{"polled", false, lots(func(c *view.Contract) int64 { return c.Polled })},
	{"pending", false, lots(func(c *view.Contract) int64 { return c.Pending })},
	{"gaps", false, lots(func(c *view.Contract) int64 { return c.Gaps })},
	{"windows", false, lots(func(c *view.Contract) int64 { return int64(c.Windows) })},
	{"open", false, number(func(c *view.Contract) float64 { return c.DayOpen }, 4)},
	{"high", false, number(func(c *view.Contract) float64 { return c.DayHigh }, 4)},
	{"low", false, number(func(c *view.Contract) float64 { return c.DayLow }, 4)},
	{"last", false, number(func(c *view.Contract) float64 { return c.DayClose }, 4)},
	{"vwap", false, number(func(c *view.Contract) float64 { return c.DayVwap }, 4)},
	{"traded_ms", false, func(dst []byte, l *contractRow) []byte { return appendMS(dst, l.of.Last) }},
	{"spot", false, number(func(c *view.Contract) float64 { return float64(c.Row.Spot) }, 4)},
	{"otm", false, number(func(c *view.Contract) float64 { return c.Row.OTM(c.Of) }, 6)},
	{"open_interest", false, number(func(c *view.Contract) float64 { return c.OpenInterest }, 0)},
	{"volume_over_oi", false, number(func(c *view.Contract) float64 { return c.Row.VolumeOverOI() }, 4)},
	{"iv", false, number(func(c *view.Contract) float64 { return c.IV }, 6)},
	{"delta", false, number(func(c *view.Contract) float64 { return c.Delta }, 6)},
	{"gamma", false, number(func(c *view.Contract) float64 { return c.Gamma }, 6)},
	{"theta", false, number(func(c *view.Contract) float64 { return c.Theta }, 6)},
	{"vega", false, number(func(c *view.Contract) float64 { return c.Vega }, 6)},
	{"bid", false, quote(func(q *model.Quote) float64 { return q.Bid })},
	{"ask", false, quote(func(q *model.Quote) float64 { return q.Ask })},
	{"quote_ms", false, func(dst []byte, l *contractRow) []byte { return appendMS(dst, l.of.Quote.Updated) }},
	{"unusual", false, func(dst []byte, l *contractRow) []byte {
		if l.of.Row.OpenInterest == model.UnknownCount {
			return dst
		}
		return strconv.AppendBool(dst, l.of.Marks&model.MarkUnusual != 0)
	}},
	{"adjusted", false, func(dst []byte, l *contractRow) []byte {
		if !l.of.Of.Adjusted() {
			return dst
		}
		return append(dst, "true"...)
	}},
}, func(c *view.Contract) bool { return c.Whole })

var tickerColumns = pictureColumns("ticker", []column[dayRow[view.Ticker]]{
	{"underlying", true, func(dst []byte, l *tickerRow) []byte { return append(dst, l.of.Underlying...) }},
	{"spot", false, number(func(t *view.Ticker) float64 { return t.Spot }, 4)},
	{"call_premium", false, func(dst []byte, l *tickerRow) []byte {
		return appendPremium(dst, l.of.CallPremium, l.of.CallVolume)
	}},
	{"put_premium", false, func(dst []byte, l *tickerRow) []byte { return appendPremium(dst, l.of.PutPremium, l.of.PutVolume) }},
	{"premium", false, func(dst []byte, l *tickerRow) []byte {
		return appendPremium(dst, l.of.Row.Premium, l.of.CallVolume+l.of.PutVolume)
	}},
	{"put_call_premium", false, number(putCallPremium, 4)},
	{"call_volume", false, lots(func(t *view.Ticker) int64 { return t.CallVolume })},
	{"put_volume", false, lots(func(t *view.Ticker) int64 { return t.PutVolume })},
	{"volume", false, lots(func(t *view.Ticker) int64 { return t.CallVolume + t.PutVolume })},
	{"put_call_volume", false, number(putCallVolume, 4)},
	{"bull_bear", false, number(func(t *view.Ticker) float64 { return view.Balance(&t.Totals) }, 2)},
	{"bull_bear_on", false, number(func(t *view.Ticker) float64 { return standsOn(&t.Totals) }, 4)},
	{"since_ms", false, func(dst []byte, l *tickerRow) []byte { return appendMS(dst, l.of.Since) }},
	{"tape_share", false, number(func(t *view.Ticker) float64 { return t.Share }, 4)},
	{"tape_since_ms", false, func(dst []byte, l *tickerRow) []byte { return appendMS(dst, l.of.JointSince) }},
	{"last_hour", false, number(func(t *view.Ticker) float64 {
		if len(t.Minutes) == 0 {
			return math.NaN()
		}
		return view.LastHour(&t.Totals)
	}, 2)},
	{"partial_minutes", false, func(dst []byte, l *tickerRow) []byte {
		if len(l.of.Minutes) == 0 {
			return dst
		}
		return strconv.AppendInt(dst, int64(bits.OnesCount64(l.of.Partial)), 10)
	}},
	{"over_mean", false, number(func(t *view.Ticker) float64 { return t.Against }, 4)},
	{"sessions", false, func(dst []byte, l *tickerRow) []byte {
		if l.of.Sessions == 0 {
			return dst
		}
		return strconv.AppendInt(dst, int64(l.of.Sessions), 10)
	}},
}, func(t *view.Ticker) bool { return t.Whole })

var cellColumns = pictureColumns("cell", []column[dayRow[view.Cell]]{
	{"underlying", true, func(dst []byte, l *cellRow) []byte { return append(dst, l.of.Underlying...) }},
	{"expiry", true, func(dst []byte, l *cellRow) []byte { return append(dst, l.of.Expiry.String()...) }},
	{"dte", false, func(dst []byte, l *cellRow) []byte {
		return strconv.AppendInt(dst, int64(l.of.Expiry-l.picture.day()), 10)
	}},
	{"strike", false, number(func(c *view.Cell) float64 { return float64(c.Strike) / 1000 }, 3)},
	{"call_premium", false, func(dst []byte, l *cellRow) []byte { return appendPremium(dst, l.of.Call, l.of.CallVolume) }},
	{"put_premium", false, func(dst []byte, l *cellRow) []byte { return appendPremium(dst, l.of.Put, l.of.PutVolume) }},
	{"premium", false, func(dst []byte, l *cellRow) []byte {
		return appendPremium(dst, l.of.Premium(), l.of.CallVolume+l.of.PutVolume)
	}},
	{"call_volume", false, lots(func(c *view.Cell) int64 { return c.CallVolume })},
	{"put_volume", false, lots(func(c *view.Cell) int64 { return c.PutVolume })},
	{"contracts", false, lots(func(c *view.Cell) int64 { return int64(c.Contracts) })},
}, func(c *view.Cell) bool { return c.Whole })

type (
	contractRow = dayRow[view.Contract]
	tickerRow   = dayRow[view.Ticker]
	cellRow     = dayRow[view.Cell]
)

// lots prints a count of contracts.
func lots[T any](of func(*T) int64) func([]byte, *dayRow[T]) []byte {
	return func(dst []byte, l *dayRow[T]) []byte { return strconv.AppendInt(dst, of(l.of), 10) }
}

// number prints a number that may not be known.
func number[T any](of func(*T) float64, decimals int) func([]byte, *dayRow[T]) []byte {
	return func(dst []byte, l *dayRow[T]) []byte { return appendNumber(dst, of(l.of), decimals) }
}

// quote prints one side of the quote, if there is a quote.
func quote(of func(*model.Quote) float64) func([]byte, *contractRow) []byte {
	return func(dst []byte, l *contractRow) []byte {
		if l.of.Quote.Read == 0 {
			return dst
		}
		return appendNumber(dst, of(&l.of.Quote), 4)
	}
}

// appendMS prints a time in ms, nothing for none.
func appendMS(dst []byte, ms int64) []byte {
	if ms == 0 {
		return dst
	}
	return strconv.AppendInt(dst, ms, 10)
}

// appendPremium prints the premium of so many contracts: none for some is one
// that is not known.
func appendPremium(dst []byte, dollars float64, volume int64) []byte {
	if dollars == 0 && volume > 0 {
		return dst
	}
	return appendNumber(dst, dollars, 2)
}

// putCallPremium and putCallVolume are ratios of the whole day, NaN before that is
// read.
func putCallPremium(t *view.Ticker) float64 { return ratio(t, t.PutPremium, t.CallPremium) }

func putCallVolume(t *view.Ticker) float64 {
	return ratio(t, float64(t.PutVolume), float64(t.CallVolume))
}

func ratio(t *view.Ticker, puts, calls float64) float64 {
	if !t.Whole || calls == 0 {
		return math.NaN()
	}
	return puts / calls
}

// standsOn is the share of premium behind BULL-BEAR, NaN before there is any.
func standsOn(t *model.Totals) float64 {
	if t.Premium <= 0 {
		return math.NaN()
	}
	return view.SureShare(t)
}
