package tail

import (
	"math"
	"strconv"
	"strings"
	"time"

	"optflow/model"
)

// textFormat prints one sentence-like line a row, so that it reads well aloud and
// in a log: what matters first, every number with what it is, words where a
// screen reader would spell or skip signs, and nothing that is only drawn.
type textFormat struct{ zone *time.Location }

func (f textFormat) line(dst []byte, l *line) []byte {
	r := l.row
	if r.Is(model.FlagSim) {
		dst = append(dst, "SIM "...)
	}
	dst = f.clock(dst, r.Start)
	dst = append(dst, ' ')
	dst = appendContract(dst, l.contract, model.TradingDate(r.Start))
	dst = append(dst, ": "...)
	switch {
	case l.was != nil:
		dst = f.changes(dst, l)
	case r.Kind == model.KindGap:
		dst = f.gap(dst, &r.Row)
	default:
		dst = f.trades(dst, l)
	}
	if r.Is(model.FlagPast) {
		dst = append(dst, ", from before the start"...)
	}
	if r.Is(model.FlagDelayed) {
		dst = append(dst, ", delayed feed"...)
	}
	if r.Revision > 0 {
		if l.was == nil { // else it said what is other than it was
			dst = append(dst, ", corrected"...)
		}
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
	dst = appendContracts(dst, r.Size)
	dst = append(dst, " missing until "...)
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
	if r.Kind == model.KindBurst && r.Size == 0 {
		return append(dst, "withdrawn"...)
	}
	if words := markWords(l.marks); words != "" {
		dst = append(append(dst, words...), ", "...)
	}
	dst = appendContracts(dst, r.Size)
	if model.Known32(r.Vwap) {
		dst = appendPrice(append(dst, " at "...), r)
	}
	for i := range facts {
		label := len(dst)
		dst = append(append(dst, ", "...), facts[i].label...)
		value := len(dst)
		if dst = facts[i].say(dst, r); len(dst) == value {
			dst = dst[:label]
		}
	}
	return dst
}

// fact is one thing that is said of trades: its value behind a label. Nothing is
// said of what is not known.
type fact struct {
	label string
	say   func(dst []byte, r *model.Burst) []byte
	only  bool // of a change, what it is now is enough
}

var facts = []fact{
	{label: "premium ", say: func(dst []byte, r *model.Burst) []byte { return appendMoney(dst, r.Premium) }},
	{say: func(dst []byte, r *model.Burst) []byte { return append(dst, sideWords(r.Side, r.Certainty)...) }},
	{say: appendPrintWords},
	{label: "day volume ", only: true, say: func(dst []byte, r *model.Burst) []byte { return appendKnownCount(dst, r.DayVolume) }},
	{label: "open interest ", say: func(dst []byte, r *model.Burst) []byte { return appendKnownCount(dst, r.OpenInterest) }},
	{label: "spot ", only: true, say: func(dst []byte, r *model.Burst) []byte { return appendHundredths(dst, r.Spot) }},
	{label: "implied volatility ", only: true, say: func(dst []byte, r *model.Burst) []byte {
		if !model.Known32(r.IV) {
			return dst
		}
		return append(appendNumber(dst, float64(r.IV)*100, 0), '%')
	}},
	{label: "delta ", only: true, say: func(dst []byte, r *model.Burst) []byte {
		if r.Delta < 0 {
			return appendHundredths(append(dst, "minus "...), -r.Delta)
		}
		return appendHundredths(dst, r.Delta)
	}},
	{label: "top ", say: func(dst []byte, r *model.Burst) []byte {
		top := r.Top()
		if math.IsNaN(top) {
			return dst
		}
		return append(appendNumber(dst, top*100, 1), "% of its ticker"...)
	}},
	{label: "in ", only: true, say: func(dst []byte, r *model.Burst) []byte { return appendDuration(dst, &r.Row) }},
}

// appendPrice prints the mean price, and where it is about right only.
func appendPrice(dst []byte, r *model.Burst) []byte {
	if !model.Known32(r.Vwap) {
		return dst
	}
	if r.Is(model.FlagApproximate) {
		dst = append(dst, "about "...)
	}
	return appendNumber(dst, float64(r.Vwap), 2)
}

// appendPrintWords prints how many prints it was, as far as that is known.
func appendPrintWords(dst []byte, r *model.Burst) []byte {
	switch {
	case r.Prints == 1:
		return append(dst, "one print"...)
	case model.Known32(r.Prints):
		return append(appendNumber(append(dst, "about "...), float64(r.Prints), 0), " prints"...)
	}
	return dst
}

func appendKnownCount(dst []byte, n uint32) []byte {
	if n == model.UnknownCount {
		return dst
	}
	return appendGrouped(dst, uint64(n))
}

// appendHundredths prints a known number to the hundredth; nobody listens to more.
func appendHundredths(dst []byte, v float32) []byte {
	if !model.Known32(v) {
		return dst
	}
	return appendNumber(dst, float64(v), 2)
}

// appendContracts prints "1 contract" or "2,310 contracts".
func appendContracts(dst []byte, n uint32) []byte {
	dst = append(appendGrouped(dst, uint64(n)), " contract"...)
	if n != 1 {
		dst = append(dst, 's')
	}
	return dst
}

// appendDuration prints how much time it was traded in: "1 second".
func appendDuration(dst []byte, r *model.Row) []byte {
	if r.Kind == model.KindBurst {
		dst = append(dst, "a burst of "...)
	}
	n, unit := float64(r.Span)/1000, " second"
	if r.Span >= model.Minute && r.Span%model.Minute == 0 {
		n, unit = float64(r.Span/model.Minute), " minute"
	}
	dst = append(appendNumber(dst, n, 1), unit...)
	if n != 1 {
		dst = append(dst, 's')
	}
	if r.Source == model.SourceREST {
		dst = append(dst, " between polls"...)
	}
	return dst
}

// appendContract prints "NVDA 180 call, expires 18 Dec 2026 in 25 days".
func appendContract(dst []byte, c *model.Contract, day model.Date) []byte {
	dst = append(dst, c.Root...)
	dst = append(dst, ' ')
	dst = appendNumber(dst, c.StrikePrice(), 3)
	dst = append(dst, ' ')
	dst = append(dst, c.Type.String()...)
	switch {
	case c.Adjusted():
		dst = append(dst, ", adjusted contract"...)
	case c.Mini():
		dst = append(dst, ", mini"...)
	}
	return appendExpiry(dst, c.Expiry, day)
}

// appendExpiry prints ", expires 18 Dec 2026 in 25 days".
func appendExpiry(dst []byte, expiry, day model.Date) []byte {
	dst = append(dst, ", expires "...)
	dst = expiry.UTC().AppendFormat(dst, "2 Jan 2006")
	switch days := expiry - day; days {
	case 0:
		return append(dst, ", today"...)
	case 1:
		return append(dst, " in 1 day"...)
	default:
		dst = append(dst, " in "...)
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

// markWords spells the marks out; docs/words.md#marks says what each stands on.
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
	return strings.Join(words, ", ")
}

// appendMoney prints dollars with three significant digits, in the words of a
// person: $1.12 million, $411,000.
func appendMoney(dst []byte, v float64) []byte {
	dst = append(dst, '$')
	for _, unit := range []struct {
		size float64
		name string
	}{{1e9, " billion"}, {1e6, " million"}} {
		if v >= unit.size*0.9995 {
			scaled := v / unit.size
			decimals := max(0, 2-int(math.Log10(max(scaled*1.0005, 1))))
			return append(strconv.AppendFloat(dst, scaled, 'f', decimals, 64), unit.name...)
		}
	}
	if !(v >= 999.5) {
		return strconv.AppendFloat(dst, v, 'f', 0, 64)
	}
	step := math.Pow10(int(math.Log10(v*1.0005)) - 2)
	return appendGrouped(dst, uint64(math.Round(v/step)*step))
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
