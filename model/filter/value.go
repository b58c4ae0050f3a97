package filter

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"optflow/model"
)

// clause is a value that is being read, with what stands before it.
type clause struct {
	pos   int // where the clause begins
	tok   token
	index int // among the values of the clause
}

// failValue refuses a value with the clause in front: prem>=25x: "25x" is not …
func (p *parser) failValue(c clause, format string, args ...any) {
	p.fail(c.tok.pos, c.tok.end, "%s: "+format, append([]any{short(p.text[c.pos:c.tok.end])}, args...)...)
}

// value reads one value of a field.
func (p *parser) value(f *field, n *Compare, c clause) Value {
	op := n.Op
	equal := op == "=" || op == "!="
	if !equal && c.index > 0 {
		p.failValue(c, `a comma means "or", which only = and != can have (write 250000 or 250k)`)
	}
	switch f.unit {
	case unitSide, unitMark, unitSource, unitName:
		if !equal {
			p.failValue(c, "%s can only be = or !=", f.name)
		}
		return p.name(f, c)
	}
	if v, is := p.against(f, op, c, n.Abs); is {
		return v
	}
	low, high, isRange := strings.Cut(c.tok.text, "..")
	if !isRange {
		v := p.single(f, c, low, c.tok.pos)
		if f.unit == unitDate && equal {
			p.dates = append(p.dates, dateUse{c, model.Date(v.Lo), model.Date(v.Hi)})
		}
		return v
	}
	if !equal {
		p.failValue(c, "a range goes with = or != (%s=%s)", f.name, short(c.tok.text))
	}
	if low == "" || high == "" || strings.Contains(high, "..") {
		p.failValue(c, "a range has two ends (try 5..10)")
	}
	from := p.single(f, c, low, c.tok.pos)
	to := p.single(f, c, high, c.tok.end-len(high))
	if from.Lo > to.Hi {
		p.failValue(c, "the range is upside down (try %s..%s)", to.Text, from.Text)
	}
	return Value{Text: from.Text + ".." + to.Text, Lo: from.Lo, Hi: to.Hi}
}

// single reads one number, date, duration or time of day; pos is where in the
// line it stands.
func (p *parser) single(f *field, c clause, raw string, pos int) Value {
	c.tok = token{kind: tokenWord, pos: pos, end: pos + len(raw), text: raw}
	text := strings.ToLower(raw)
	switch f.unit {
	case unitDate:
		return p.date(c, text)
	case unitDuration:
		d, ok := duration(text)
		if !ok {
			p.failValue(c, "%q is not a time span (try 90s, 5m or 2h)", short(text))
		}
		return numbers(text, float64(d), float64(d))
	case unitClock:
		from, to, ok := clockTime(text)
		if !ok {
			p.failValue(c, "%q is not a time of day (try 10:30)", short(text))
		}
		return numbers(text, float64(from), float64(to))
	}
	plain := text
	if f.unit == unitMoney || f.unit == unitNumber {
		plain = strings.TrimPrefix(plain, "$")
	}
	percent := false
	if f.unit == unitPercent {
		plain, percent = strings.CutSuffix(plain, "%")
	}
	v, hint, ok := number(plain, f.unit == unitMoney || f.unit == unitCount)
	if !ok {
		if hint != "" {
			hint = " (try " + hint + ")"
		}
		p.failValue(c, "%q is not a number%s", short(text), hint)
	}
	p.doubt(f, c, plain, v, percent)
	if percent {
		plain += "%"
	}
	if f.unit == unitPercent {
		v /= 100
	}
	return numbers(plain, v, v)
}

// numbers is a value of numbers.
func numbers(text string, lo, hi float64) Value { return Value{Text: text, Lo: lo, Hi: hi} }

// doubt warns of a number that is in the wrong unit by all appearances.
func (p *parser) doubt(f *field, c clause, text string, v float64, percent bool) {
	suffixed := text != "" && strings.ContainsRune("kmb", rune(text[len(text)-1]))
	switch {
	case f.unit == unitMoney && v > 0 && v < 1000 && !suffixed:
		p.warn(c.tok.pos, c.tok.end, "did you mean %sk?", short(text))
	case f.name == "iv" && v > 0 && v < 3 && !percent:
		p.warn(c.tok.pos, c.tok.end, "iv is in percent, did you mean %s?", plainNumber(v*100))
	case f.name == "delta" && math.Abs(v) > 1 && math.Abs(v) <= 100:
		p.warn(c.tok.pos, c.tok.end, "delta runs from -1 to 1, did you mean %s?", plainNumber(v/100))
	}
}

func plainNumber(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

var decimal = regexp.MustCompile(`^[-+]?(\d+\.?\d*|\.\d+)`)

// number reads a decimal number, with k, m or b behind it where allowed. When
// that fails, hint is what may have been meant.
func number(text string, suffixes bool) (v float64, hint string, ok bool) {
	digits := decimal.FindString(text)
	v, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return 0, "", false
	}
	rest := strings.ToLower(text[len(digits):])
	if rest == "" {
		return v, "", true
	}
	scale := map[string]float64{"k": 1e3, "m": 1e6, "b": 1e9}[rest]
	switch {
	case !suffixes:
		return 0, digits, false
	case scale == 0:
		return 0, digits + "k", false
	}
	// Dividing after the multiplication keeps 1.1m at 1100000 exactly.
	return math.Round(v*scale*1e6) / 1e6, "", true
}

var spans = regexp.MustCompile(`^(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$`)

// duration reads 90s, 5m, 2h or 1h30m, in ms.
func duration(text string) (ms int64, ok bool) {
	parts := spans.FindStringSubmatch(text)
	if parts == nil || text == "" {
		return 0, false
	}
	for i, unit := range [...]int64{3_600_000, 60_000, 1_000} {
		n, _ := strconv.ParseInt(parts[i+1], 10, 64) // "" is none
		ms += n * unit
	}
	return ms, true
}

// clockTime reads 10:30, which is that whole minute, or 10:30:15, in ms since
// midnight.
func clockTime(text string) (from, to int64, ok bool) {
	parts := strings.Split(text, ":")
	if len(parts) != 2 && len(parts) != 3 {
		return 0, 0, false
	}
	limits, scale := [...]int64{23, 59, 59}, [...]int64{3_600_000, 60_000, 1_000}
	for i, part := range parts {
		v, err := strconv.ParseUint(part, 10, 16)
		if err != nil || len(part) > 2 || int64(v) > limits[i] || i > 0 && len(part) != 2 {
			return 0, 0, false
		}
		from += int64(v) * scale[i]
	}
	return from, from + scale[len(parts)-1] - 1, true
}

// name reads a side, mark, source, root or ticker.
func (p *parser) name(f *field, c clause) Value {
	text := c.tok.text
	among := choices[f.unit]
	if among == nil {
		name := strings.ToUpper(strings.TrimPrefix(text, "$"))
		if !isTicker(name) {
			p.failValue(c, "%q is not a %s", short(text), f.name)
		}
		use := tickerUse{token: c.tok, name: name}
		switch {
		case f.name != "ticker":
		case p.half(use):
			p.wait(use)
			return Value{half: true}
		default:
			p.tickers = append(p.tickers, use)
		}
		return Value{Text: strings.ToLower(name)}
	}
	if v, ok := pick(among, text); ok {
		return v
	}
	if f.unit == unitMark {
		p.severalMarks(c)
	}
	p.failValue(c, "%q is not a %s (%s)", short(text), f.name, choiceNames(among))
	return Value{}
}

// choice is a named set of bits.
type choice struct {
	name string
	bits uint32
}

func bit[T ~uint8](values ...T) (bits uint32) {
	for _, v := range values {
		bits |= 1 << v
	}
	return bits
}

// choices are the values of the fields that have few.
var choices = map[unit][]choice{unitSide: sideChoices, unitMark: markChoices(), unitSource: sourceChoices}

var sideChoices = []choice{
	{"ask", bit(model.SideAsk, model.SideAboveAsk, model.SideNearAsk)},
	{"bid", bit(model.SideBid, model.SideBelowBid, model.SideNearBid)},
	{"mid", bit(model.SideMid)},
	{"A", bit(model.SideAsk)}, {"AA", bit(model.SideAboveAsk)}, {"a", bit(model.SideNearAsk)},
	{"B", bit(model.SideBid)}, {"BB", bit(model.SideBelowBid)}, {"b", bit(model.SideNearBid)},
	{"M", bit(model.SideMid)},
}

// markChoices are the marks by their letters.
func markChoices() (all []choice) {
	for i := range 8 {
		if m := model.Marks(1) << i; m.String() != "" {
			all = append(all, choice{m.String(), uint32(m)})
		}
	}
	return all
}

var sourceChoices = []choice{
	{"ws", bit(model.SourceWS)}, {"rest", bit(model.SourceREST)}, {"backfill", bit(model.SourceBackfill)},
}

// pick finds a choice as written, else whatever its case.
func pick(choices []choice, text string) (Value, bool) {
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		for _, c := range choices {
			if same(c.name, text) {
				return Value{Text: c.name, Lo: float64(c.bits), Hi: float64(c.bits)}, true
			}
		}
	}
	return Value{}, false
}

func choiceNames(choices []choice) string {
	names := make([]string, len(choices))
	for i, c := range choices {
		names[i] = c.name
	}
	return fmt.Sprintf("one of %s", strings.Join(names, ", "))
}
