package tail

import (
	"math"
	"strconv"
	"time"

	"optflow/model"
)

// line is one row on its way to the output.
type line struct {
	row      *model.Burst
	contract *model.Contract
	span     string // as printed: "1s", "1m", a poll's own width, a burst's interval
	marks    string // "WU>", for the text format

	was      *model.Burst // what the line before said of the row, for the text format; nil: there was none
	wasMarks string
}

// column is one key of the JSON object and one column of the CSV. Append adds
// the value, or nothing when it is not known.
type column[T any] struct {
	name   string
	text   bool // quoted in JSON, guarded against formulas in CSV
	append func(dst []byte, l *T) []byte
}

// columns are the stable interface for programs: names and order never change,
// new ones may be added.
var columns = []column[line]{
	{"v", false, func(dst []byte, _ *line) []byte { return append(dst, '1') }},
	{"kind", true, func(dst []byte, l *line) []byte { return append(dst, kindNames[l.row.Kind]...) }},
	{"span", true, func(dst []byte, l *line) []byte { return append(dst, l.span...) }},
	{"start", true, func(dst []byte, l *line) []byte { return appendTime(dst, l.row.Start) }},
	{"start_ms", false, func(dst []byte, l *line) []byte { return strconv.AppendInt(dst, l.row.Start, 10) }},
	{"end_ms", false, func(dst []byte, l *line) []byte { return strconv.AppendInt(dst, l.row.End(), 10) }},
	{"contract", true, func(dst []byte, l *line) []byte { return append(dst, l.contract.Symbol...) }},
	{"underlying", true, func(dst []byte, l *line) []byte { return append(dst, l.contract.Underlying...) }},
	{"expiry", true, func(dst []byte, l *line) []byte { return append(dst, l.contract.Expiry.String()...) }},
	{"dte", false, func(dst []byte, l *line) []byte {
		return strconv.AppendInt(dst, int64(l.contract.DTE(model.TradingDate(l.row.Start))), 10)
	}},
	{"type", true, func(dst []byte, l *line) []byte { return append(dst, l.contract.Type.String()...) }},
	{"strike", false, func(dst []byte, l *line) []byte { return appendNumber(dst, l.contract.StrikePrice(), 3) }},
	{"open", false, price(func(r *model.Row) float32 { return r.Open })},
	{"high", false, price(func(r *model.Row) float32 { return r.High })},
	{"low", false, price(func(r *model.Row) float32 { return r.Low })},
	{"close", false, price(func(r *model.Row) float32 { return r.Close })},
	{"vwap", false, price(func(r *model.Row) float32 { return r.Vwap })},
	{"size", false, func(dst []byte, l *line) []byte { return strconv.AppendUint(dst, uint64(l.row.Size), 10) }},
	{"reason", true, func(dst []byte, l *line) []byte {
		if l.row.Kind != model.KindGap {
			return dst
		}
		return append(dst, reasonNames[l.row.Reason]...)
	}},
	{"premium", false, func(dst []byte, l *line) []byte {
		if l.row.Kind == model.KindGap {
			return dst // an estimate at best
		}
		return appendNumber(dst, l.row.Premium, 2)
	}},
	{"prints", false, func(dst []byte, l *line) []byte {
		if l.row.Kind == model.KindGap {
			return dst
		}
		return appendPrints(dst, l.row.Prints)
	}},
	{"day_volume", false, func(dst []byte, l *line) []byte { return appendCount(dst, l.row.DayVolume) }},
	{"spot", false, known(func(r *model.Row) float32 { return r.Spot })},
	{"open_interest", false, func(dst []byte, l *line) []byte { return appendCount(dst, l.row.OpenInterest) }},
	{"iv", false, known(func(r *model.Row) float32 { return r.IV })},
	{"delta", false, known(func(r *model.Row) float32 { return r.Delta })},
	{"bid", false, quoted(func(r *model.Row) float32 { return r.Bid })},
	{"ask", false, quoted(func(r *model.Row) float32 { return r.Ask })},
	{"quote_ms", false, func(dst []byte, l *line) []byte {
		if l.row.QuoteAge == model.NoQuote {
			return dst
		}
		return strconv.AppendInt(dst, l.row.Start-int64(l.row.QuoteAge), 10)
	}},
	{"side", true, func(dst []byte, l *line) []byte { return append(dst, l.row.Side.String()...) }},
	{"side_sure", false, func(dst []byte, l *line) []byte {
		if l.row.Side == model.SideUnknown {
			return dst
		}
		return strconv.AppendBool(dst, l.row.Certainty == model.CertaintySure)
	}},
	{"source", true, func(dst []byte, l *line) []byte { return append(dst, sourceNames[l.row.Source]...) }},
	{"revision", false, func(dst []byte, l *line) []byte { return strconv.AppendUint(dst, uint64(l.row.Revision), 10) }},
	{"delayed", false, func(dst []byte, l *line) []byte { return strconv.AppendBool(dst, l.row.Is(model.FlagDelayed)) }},
	{"sim", false, func(dst []byte, l *line) []byte { return strconv.AppendBool(dst, l.row.Is(model.FlagSim)) }},
	{"past", false, onlyTrue(model.FlagPast)},
	{"approximate", false, onlyTrue(model.FlagApproximate)},
	{"top", false, func(dst []byte, l *line) []byte { return appendNumber(dst, l.row.Top(), 6) }},
	{"twin", false, func(dst []byte, l *line) []byte {
		if l.row.Twin() == model.Unknowable {
			return dst
		}
		return strconv.AppendBool(dst, l.row.Twin() == model.True)
	}},
	// The terms of a contract, where they are not the standard ones.
	{"adjusted", false, func(dst []byte, l *line) []byte { return appendTrue(dst, l.contract.Adjusted()) }},
	{"multiplier", false, terms((*model.Contract).Multiplier)},
	{"deliverable", false, terms(func(c *model.Contract) float64 { return c.Shares })},
}

var (
	kindNames   = [...]string{model.KindBar: "bar", model.KindGap: "gap", model.KindBurst: "burst"}
	sourceNames = [...]string{model.SourceWS: "ws", model.SourceREST: "rest", model.SourceBackfill: "backfill"}
	reasonNames = [...]string{
		model.GapNone:         "",
		model.GapPending:      "pending",
		model.GapLost:         "lost",
		model.GapPaused:       "paused",
		model.GapNotInBars:    "not in bars",
		model.GapSinceUnknown: "since unknown",
	}
)

// terms prints a figure of the contract's terms, unless it is a standard one.
func terms(value func(*model.Contract) float64) func([]byte, *line) []byte {
	return func(dst []byte, l *line) []byte {
		if !l.contract.Adjusted() && !l.contract.Mini() {
			return dst
		}
		return appendNumber(dst, value(l.contract), 4)
	}
}

// known prints a frozen value that may not be known.
func known(value func(*model.Row) float32) func([]byte, *line) []byte {
	return func(dst []byte, l *line) []byte { return appendFloat32(dst, value(&l.row.Row)) }
}

// price prints a price of the trades; a gap has none, whatever its row holds.
func price(value func(*model.Row) float32) func([]byte, *line) []byte {
	return func(dst []byte, l *line) []byte {
		if l.row.Kind == model.KindGap {
			return dst
		}
		return appendFloat32(dst, value(&l.row.Row))
	}
}

// quoted prints one side of the quote, if there is a quote.
func quoted(value func(*model.Row) float32) func([]byte, *line) []byte {
	return func(dst []byte, l *line) []byte {
		if l.row.QuoteAge == model.NoQuote {
			return dst
		}
		return appendFloat32(dst, value(&l.row.Row))
	}
}

// onlyTrue prints a flag when it is set and leaves it out otherwise.
func onlyTrue(flag model.Flags) func([]byte, *line) []byte {
	return func(dst []byte, l *line) []byte { return appendTrue(dst, l.row.Is(flag)) }
}

func appendTrue(dst []byte, is bool) []byte {
	if !is {
		return dst
	}
	return append(dst, "true"...)
}

// appendTime prints exchange time as RFC 3339, with milliseconds only where
// there are some (polls do not keep to whole seconds).
func appendTime(dst []byte, ms int64) []byte {
	layout := "2006-01-02T15:04:05-07:00"
	if ms%1000 != 0 {
		layout = "2006-01-02T15:04:05.000-07:00"
	}
	return time.UnixMilli(ms).In(model.NewYork).AppendFormat(dst, layout)
}

// appendFloat32 prints the shortest decimal that reads back as v: a float32
// turned into a float64 first would show digits that nobody stated.
func appendFloat32(dst []byte, v float32) []byte {
	if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
		return dst
	}
	return strconv.AppendFloat(dst, float64(v), 'f', -1, 32)
}

// appendNumber prints v with at most the given number of decimals.
func appendNumber(dst []byte, v float64, decimals int) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return dst
	}
	if math.Abs(v) < 1e15 { // above, a float64 has no decimals to round
		scale := math.Pow10(decimals)
		v = math.Round(v*scale) / scale
	}
	return strconv.AppendFloat(dst, v, 'f', -1, 64)
}

// appendPrints prints an estimated number of prints. Exactly 1 is a statement
// of its own ("one print"), so nothing else may be rounded to it.
func appendPrints(dst []byte, v float32) []byte {
	if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
		return dst
	}
	if shown := math.Round(float64(v)*100) / 100; shown != 1 || v == 1 {
		return strconv.AppendFloat(dst, shown, 'f', -1, 64)
	}
	return appendFloat32(dst, v)
}

// appendCount prints a count that may not be known.
func appendCount(dst []byte, n uint32) []byte {
	if n == model.UnknownCount {
		return dst
	}
	return strconv.AppendUint(dst, uint64(n), 10)
}

// spanName prints a width: "1s", "30m", "5.023s".
func spanName(span model.Span) string {
	if span > 0 && span%model.Minute == 0 {
		return strconv.Itoa(int(span/model.Minute)) + "m"
	}
	return strconv.FormatFloat(float64(span)/1000, 'f', -1, 64) + "s"
}
