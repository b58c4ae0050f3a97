package tail

import (
	"math"
	"strconv"
	"strings"
	"time"

	"optflow/model"
)

// textFormat prints one sentence-like line a row, in words rather than columns,
// so that it reads well aloud and in a log.
type textFormat struct{ zone *time.Location }

func (textFormat) header(dst []byte) []byte { return dst }

func (f textFormat) line(dst []byte, l *line) []byte {
	r := l.row
	if r.Is(model.FlagSim) {
		dst = append(dst, "SIM "...)
	}
	dst = f.clock(dst, r.Start)
	dst = append(dst, ' ')
	dst = appendContract(dst, l)
	dst = append(dst, ": "...)
	if r.Kind == model.KindGap {
		dst = f.gap(dst, r)
	} else {
		dst = f.trades(dst, l)
	}
	if r.Is(model.FlagPast) {
		dst = append(dst, ", from before the start"...)
	}
	if r.Is(model.FlagDelayed) {
		dst = append(dst, ", delayed feed"...)
	}
	if r.Revision > 0 {
		dst = append(dst, ", revision "...)
		dst = strconv.AppendUint(dst, uint64(r.Revision), 10)
	}
	return append(dst, '\n')
}

func (f textFormat) clock(dst []byte, ms int64) []byte {
	return time.UnixMilli(ms).In(f.zone).AppendFormat(dst, time.TimeOnly)
}

// gap says how much is missing, until when and why.
func (f textFormat) gap(dst []byte, r *model.Row) []byte {
	if r.Size == 0 {
		return append(dst, "gap filled"...)
	}
	dst = append(dst, "gap, "...)
	dst = appendGrouped(dst, uint64(r.Size))
	dst = append(dst, " contracts missing until "...)
	dst = f.clock(dst, r.End())
	if reason := reasonNames[r.Reason]; reason != "" {
		dst = append(dst, ", "...)
		dst = append(dst, reason...)
	}
	return dst
}

// trades says what was traded, where in the quote, and what is known around it.
func (f textFormat) trades(dst []byte, l *line) []byte {
	r := l.row
	dst = appendGrouped(dst, uint64(r.Size))
	dst = append(dst, " at "...)
	if r.Is(model.FlagApproximate) {
		dst = append(dst, "about "...)
	}
	dst = appendFloat32(dst, r.Vwap)
	dst = append(dst, ", premium "...)
	dst = appendMoney(dst, r.Premium)
	if words := sideWords(r.Side, r.Certainty); words != "" {
		dst = append(dst, ", "...)
		dst = append(dst, words...)
	}
	switch {
	case r.Prints == 1:
		dst = append(dst, ", one print"...)
	case model.Known32(r.Prints):
		dst = append(dst, ", about "...)
		dst = appendNumber(dst, float64(r.Prints), 0)
		dst = append(dst, " prints"...)
	}
	if r.DayVolume != model.UnknownCount {
		dst = append(dst, ", day volume "...)
		dst = appendGrouped(dst, uint64(r.DayVolume))
	}
	if r.OpenInterest != model.UnknownCount {
		dst = append(dst, ", open interest "...)
		dst = appendGrouped(dst, uint64(r.OpenInterest))
	}
	dst = appendLabelled(dst, ", spot ", r.Spot)
	if model.Known32(r.IV) {
		dst = append(dst, ", IV "...)
		dst = appendNumber(dst, float64(r.IV)*100, 0)
		dst = append(dst, '%')
	}
	dst = appendLabelled(dst, ", delta ", r.Delta)
	dst = append(dst, ", "...)
	dst = append(dst, l.span...)
	if r.Source == model.SourceREST {
		dst = append(dst, " between polls"...)
	}
	if top := r.Top(); !math.IsNaN(top) {
		dst = append(dst, ", top "...)
		dst = appendNumber(dst, top*100, 1)
		dst = append(dst, "% of its ticker"...)
	}
	return append(dst, markWords(l.marks)...)
}

func appendLabelled(dst []byte, label string, v float32) []byte {
	if !model.Known32(v) {
		return dst
	}
	return appendFloat32(append(dst, label...), v)
}

// appendContract prints "NVDA 180 call 18Dec26, 25 days".
func appendContract(dst []byte, l *line) []byte {
	c := l.contract
	dst = append(dst, c.Root...)
	dst = append(dst, ' ')
	dst = appendNumber(dst, c.StrikePrice(), 3)
	dst = append(dst, ' ')
	dst = append(dst, c.Type.String()...)
	dst = append(dst, ' ')
	dst = append(dst, c.Expiry.Short()...)
	switch days := c.DTE(model.TradingDate(l.row.Start)); days {
	case 0:
		return append(dst, ", today"...)
	case 1:
		return append(dst, ", 1 day"...)
	default:
		dst = append(dst, ", "...)
		dst = strconv.AppendInt(dst, int64(days), 10)
		return append(dst, " days"...)
	}
}

var sidePhrases = map[model.Side]string{
	model.SideMid:      "between bid and ask",
	model.SideAsk:      "at the ask",
	model.SideBid:      "at the bid",
	model.SideAboveAsk: "above the ask",
	model.SideBelowBid: "below the bid",
	model.SideNearAsk:  "near the ask",
	model.SideNearBid:  "near the bid",
}

// sideWords says the side with as much confidence as there is.
func sideWords(side model.Side, sure model.Certainty) string {
	phrase := sidePhrases[side]
	if phrase == "" {
		return ""
	}
	switch sure {
	case model.CertaintySure:
		return phrase
	case model.CertaintyFair:
		return "probably " + phrase
	}
	return "perhaps " + phrase
}

// markWords spells the marks out; product.md says what each stands on.
func markWords(marks string) string {
	var words []string
	for _, mark := range marks {
		switch mark {
		case 'W':
			words = append(words, "whale")
		case 'U':
			words = append(words, "unusual")
		case 'u':
			words = append(words, "unusual before")
		case '>':
			words = append(words, "larger than open interest")
		case '=':
			words = append(words, "twin of another contract")
		}
	}
	if len(words) == 0 {
		return ""
	}
	return ", " + strings.Join(words, ", ")
}

// appendMoney prints dollars with three significant digits: $1.12M, $411K.
func appendMoney(dst []byte, v float64) []byte {
	dst = append(dst, '$')
	for _, unit := range []struct {
		size float64
		name byte
	}{{1e9, 'B'}, {1e6, 'M'}, {1e3, 'K'}} {
		if v >= unit.size*0.9995 {
			scaled := v / unit.size
			decimals := max(0, 2-int(math.Log10(max(scaled*1.0005, 1))))
			return append(strconv.AppendFloat(dst, scaled, 'f', decimals, 64), unit.name)
		}
	}
	return strconv.AppendFloat(dst, v, 'f', 0, 64)
}

// appendGrouped prints 12345 as 12,345.
func appendGrouped(dst []byte, n uint64) []byte {
	digits := strconv.FormatUint(n, 10)
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, digits[i])
	}
	return dst
}
