package details

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"optflow/model"
	"optflow/ui/format"
	"optflow/ui/paint"
	"optflow/ui/table"
)

// whyMarks explains each mark of a row by its rule and the numbers that made it.
func whyMarks(r *model.Row, c *model.Contract, marks model.Marks, rules *model.Rules) (out []fact) {
	if marks&model.MarkWhale != 0 {
		delta := "delta unknown"
		if model.Known32(r.Delta) {
			delta = fmt.Sprintf("abs(delta) %.2f < %.2f", math.Abs(float64(r.Delta)), rules.WhaleDelta)
		}
		out = append(out, fact{label: "W", ink: paint.Mark, text: fmt.Sprintf("premium %s ≥ %s, %s", format.Money(r.Premium), format.RoundMoney(rules.WhaleOf(c.Underlying)), delta)})
	}
	if marks&(model.MarkUnusual|model.MarkUnusualLater) != 0 {
		text := fmt.Sprintf("day volume %s ≥ %s, OI %s ≥ %s, V/OI %s > %s, price %.2f ≥ %.2f, %s ≥ %d",
			format.Count(int64(r.DayVolume)), format.Count(int64(rules.UnusualVolume)), format.Count(int64(r.OpenInterest)), format.Count(int64(rules.UnusualOI)),
			over(r.VolumeOverOI(), rules.UnusualRatio), plain(rules.UnusualRatio),
			r.Vwap, rules.UnusualPrice, format.Days(c.DTE(model.TradingDate(r.Start))), rules.UnusualDTE)
		if marks&model.MarkUnusual != 0 {
			out = append(out, fact{label: "U", ink: paint.Mark, text: text + "; before this row V/OI was " + over(float64(r.DayVolume-min(r.Size, r.DayVolume))/float64(r.OpenInterest), rules.UnusualRatio)})
		} else {
			out = append(out, fact{label: "u", ink: paint.Mark, text: text + "; it was so before this row"})
		}
	}
	if marks&model.MarkAboveOI != 0 {
		out = append(out, fact{label: ">", ink: paint.Mark, text: fmt.Sprintf("size %s > OI %s, size ≥ %s; OI is yesterday's close, so this does not say opening",
			format.Count(int64(r.Size)), format.Count(int64(r.OpenInterest)), format.Count(int64(rules.AboveOISize)))})
	}
	if marks&model.MarkTwin != 0 {
		out = append(out, fact{label: "=", ink: paint.Mark, text: "another contract had the same size, 50 or more, in the same second; that does not say multi-leg"})
	}
	if marks&model.MarkFired != 0 {
		out = append(out, fact{label: "!", ink: paint.Mark, text: "an alert fired for it"})
	}
	if len(out) == 0 {
		out = append(out, fact{label: "marks", ink: paint.Dim, text: "none"})
	}
	return out
}

// over writes a ratio with one digit, or with as many as tell it from a bound.
func over(v, bound float64) string {
	for digits := 1; digits < 5; digits++ {
		text := strconv.FormatFloat(v, 'f', digits, 64)
		if w, _ := strconv.ParseFloat(text, 64); (w > bound) == (v > bound) {
			return text
		}
	}
	return plain(v)
}

// plain writes a number with no digit too many.
func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// whySide says why a row that joins so many windows is on its side of the quote, and
// how sure that is. The windows are those that are still known.
func whySide(r *model.Row, joined int, windows []model.Row) (out []fact) {
	if r.Side == model.SideUnknown {
		why := "unknown: there is no quote to compare with"
		if model.Known32(r.Bid) && model.Known32(r.Ask) {
			why = fmt.Sprintf("unknown: the quote %s says nothing", quoteText(float64(r.Bid), float64(r.Ask)))
		}
		return []fact{{label: "side", ink: paint.Dim, text: why}}
	}
	letter := r.Side.String()
	ink := paint.Text
	switch {
	case r.Side.AskSide():
		ink = paint.Ask
	case r.Side.BidSide():
		ink = paint.Bid
	}
	if joined > 1 { // whose prices and quote, taken together, say nothing
		text := letter + ": a burst takes the side of at least 70% of its size"
		if len(windows) > 0 {
			text += ": " + shares(windows) + " of " + format.Count(int64(r.Size))
		}
		out = append(out, fact{label: "side", ink: ink, text: text}, fact{label: "", ink: paint.Dim, text: sureOfMost(r.Certainty)})
	} else {
		w := r
		if len(windows) == 1 {
			w = &windows[0]
		}
		out = append(out, fact{label: "side", ink: ink, text: letter + ": " + sideRule(w)}, fact{label: "", ink: paint.Dim, text: sureText(w)})
	}
	return append(out, fact{label: "", ink: paint.Dim, text: "it says where it traded, not who wanted it"})
}

// sideRule is why a single window is on its side.
func sideRule(r *model.Row) string {
	p := func(v float32) string { return string(format.AppendPrice(nil, float64(v))) }
	switch r.Side {
	case model.SideAboveAsk:
		return "low " + p(r.Low) + " > ask " + p(r.Ask)
	case model.SideAsk:
		return "low " + p(r.Low) + " ≥ ask " + p(r.Ask)
	case model.SideBelowBid:
		return "high " + p(r.High) + " < bid " + p(r.Bid)
	case model.SideBid:
		return "high " + p(r.High) + " ≤ bid " + p(r.Bid)
	case model.SideNearAsk:
		return "vwap " + p(r.Vwap) + " is in the quarter next to ask " + p(r.Ask) + ", low " + p(r.Low) + " > bid " + p(r.Bid)
	case model.SideNearBid:
		return "vwap " + p(r.Vwap) + " is in the quarter next to bid " + p(r.Bid) + ", high " + p(r.High) + " < ask " + p(r.Ask)
	}
	return "low " + p(r.Low) + " to high " + p(r.High) + " in the quote " + quoteText(float64(r.Bid), float64(r.Ask))
}

// shares is the size of each side among the windows, in a fixed order.
func shares(windows []model.Row) string {
	var sizes [len(table.SideLetters) + 1]uint64
	for i := range windows {
		sizes[min(int(windows[i].Side), len(table.SideLetters))] += uint64(windows[i].Size)
	}
	var parts []string
	for s, n := range sizes {
		if n == 0 {
			continue
		}
		name := cmp.Or(model.Side(s).String(), "unknown")
		parts = append(parts, name+" "+format.Count(int64(n)))
	}
	return strings.Join(parts, ", ")
}

// sureText is how sure the side of a single window is, and by what.
func sureText(r *model.Row) string {
	quote := quoteText(float64(r.Bid), float64(r.Ask))
	switch {
	case r.QuoteAge == model.NoQuote:
	case r.QuoteAge >= 0:
		quote += " changed " + format.Age(int64(r.QuoteAge)) + " before the row"
	default:
		quote += " changed " + format.Age(-int64(r.QuoteAge)) + " after the row began"
	}
	switch {
	case r.Certainty == model.CertaintySure:
		return "sure: all quotes agree; " + quote
	case r.Certainty == model.CertaintyFair:
		return "fairly sure (?): " + quote + "; the quotes known before and after agree, but not all are known, or not where most of it traded"
	case r.Source == model.SourceREST:
		return "not sure (~): a polled row, when in its span it traded is unknown; " + quote
	}
	return "not sure (~): " + quote + "; whether it was in force when this traded is not known"
}

// sureOfMost is how sure the side of several windows is.
func sureOfMost(c model.Certainty) string {
	switch c {
	case model.CertaintySure:
		return "sure: so is at least 70% of its size"
	case model.CertaintyFair:
		return "fairly sure (?): at least 70% of its size is fairly sure on that side, or sure"
	}
	return "not sure (~): less than 70% of its size is sure or fairly sure on one side"
}

// quoteText is a bid and an offer.
func quoteText(bid, ask float64) string {
	return string(format.AppendPrice(nil, bid)) + " × " + string(format.AppendPrice(nil, ask))
}
