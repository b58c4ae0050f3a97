package parquet

import (
	pq "github.com/parquet-go/parquet-go"

	"optflow/model"
)

// line is a Row on its way to a file or from one.
type line struct {
	Row
	terms terms
}

// terms are what a file says of a row's contract beside its symbol.
type terms struct {
	symbol, underlying []byte // of a page's memory
	shares             float64
	adjusted           bool
}

// windowColumns are the stable interface for research: names and order never
// change, new ones may be added. They are named, and said in the units, as the
// keys of optflow tail (docs/tail.md).
var windowColumns = []column[line]{
	{"start", instant, func(l *line) pq.Value { return pq.Int64Value(l.Start) }, func(l *line, v pq.Value) { l.Start = v.Int64() }},
	{"span_ms", number, func(l *line) pq.Value { return pq.Int32Value(int32(l.Span)) }, func(l *line, v pq.Value) { l.Span = model.Span(v.Int32()) }},
	named("kind", kinds[:], func(l *line) *model.Kind { return &l.Kind }),
	{"revision", number, func(l *line) pq.Value { return pq.Int32Value(int32(l.Revision)) }, func(l *line, v pq.Value) { l.Revision = uint16(v.Int32()) }},
	{"contract", text, func(l *line) pq.Value { return textOf(l.Of.Symbol) }, func(l *line, v pq.Value) { l.terms.symbol = v.ByteArray() }},
	{"underlying", text, func(l *line) pq.Value { return textOf(l.Of.Underlying) }, func(l *line, v pq.Value) { l.terms.underlying = v.ByteArray() }},
	{"expiry", day, func(l *line) pq.Value { return pq.Int32Value(int32(l.Of.Expiry)) }, skip},
	{"type", text, func(l *line) pq.Value { return types[l.Of.Type] }, skip},
	{"strike", dollars, func(l *line) pq.Value { return pq.DoubleValue(l.Of.StrikePrice()) }, skip},
	traded("open", func(l *line) *float32 { return &l.Open }),
	traded("high", func(l *line) *float32 { return &l.High }),
	traded("low", func(l *line) *float32 { return &l.Low }),
	traded("close", func(l *line) *float32 { return &l.Close }),
	traded("vwap", func(l *line) *float32 { return &l.Vwap }),
	{"size", count, func(l *line) pq.Value { return pq.Int64Value(int64(l.Size)) }, func(l *line, v pq.Value) { l.Size = uint32(v.Int64()) }},
	{"premium", pq.Optional(dollars), premiumOf, func(l *line, v pq.Value) {
		if !v.IsNull() {
			l.Premium = v.Double()
		}
	}},
	traded("prints", func(l *line) *float32 { return &l.Prints }),
	counted("day_volume", func(l *line) *uint32 { return &l.DayVolume }),
	known("spot", func(l *line) *float32 { return &l.Spot }),
	counted("open_interest", func(l *line) *uint32 { return &l.OpenInterest }),
	known("iv", func(l *line) *float32 { return &l.IV }),
	known("delta", func(l *line) *float32 { return &l.Delta }),
	quoted("bid", func(l *line) *float32 { return &l.Bid }),
	quoted("ask", func(l *line) *float32 { return &l.Ask }),
	optional("quote_age_ms", number, model.NoQuote, func(l *line) *int32 { return &l.QuoteAge }, pq.Int32Value, pq.Value.Int32),
	named("side", sides[:], func(l *line) *model.Side { return &l.Side }),
	certain("side_sure", model.CertaintySure),
	named("source", sources[:], func(l *line) *model.Source { return &l.Source }),
	named("reason", reasons[:], func(l *line) *model.GapReason { return &l.Reason }),
	flag("past", model.FlagPast),
	flag("delayed", model.FlagDelayed),
	flag("sim", model.FlagSim),
}

// burstColumns are those beyond a window's.
var burstColumns = []column[line]{
	{"windows", number, func(l *line) pq.Value { return pq.Int32Value(int32(l.Burst.Windows)) }, func(l *line, v pq.Value) { l.Burst.Windows = uint32(v.Int32()) }},
	optional("top", price, 0, func(l *line) *float32 { return &l.Rank }, pq.FloatValue, pq.Value.Float),
	{"twin", pq.Optional(truth), twinOf, func(l *line, v pq.Value) {
		switch {
		case v.IsNull():
		case v.Boolean():
			l.Flags |= model.FlagTwin
		default:
			l.Flags |= model.FlagAlone
		}
	}},
	optional("first_known", instant, 0, func(l *line) *int64 { return &l.FirstKnown }, pq.Int64Value, pq.Value.Int64),
}

// moreColumns are what a row needs to be printed as it was on the day.
var moreColumns = []column[line]{
	flag("approximate", model.FlagApproximate),
	flag("spot_late", model.FlagSpotDelayed),
	certain("side_fair", model.CertaintyFair),
	{"adjusted", truth, func(l *line) pq.Value { return pq.BooleanValue(l.Of.Adjusted()) }, func(l *line, v pq.Value) { l.terms.adjusted = v.Boolean() }},
	{"multiplier", number, func(l *line) pq.Value { return pq.Int32Value(int32(l.Of.Multiplier())) }, skip},
	{"deliverable", pq.Optional(dollars), func(l *line) pq.Value {
		if !l.Of.Adjusted() && !l.Of.Mini() {
			return null
		}
		return some(pq.DoubleValue(l.Of.Shares))
	}, func(l *line, v pq.Value) {
		if l.terms.shares = 100; !v.IsNull() {
			l.terms.shares = v.Double()
		}
	}},
}

// The words of tail.
var (
	kinds   = [...]string{model.KindBar: "bar", model.KindGap: "gap", model.KindBurst: "burst"}
	sides   = sideWords()
	sources = [...]string{model.SourceWS: "ws", model.SourceREST: "rest", model.SourceBackfill: "backfill"}
	reasons = [...]string{
		model.GapPending: "pending", model.GapLost: "lost", model.GapPaused: "paused", model.GapNotInBars: "not in bars", model.GapSinceUnknown: "since unknown",
	}
	types = [...]pq.Value{model.Call: textOf(model.Call.String()), model.Put: textOf(model.Put.String())}
)

func sideWords() (words [model.NumSides]string) {
	for i := range words {
		words[i] = model.Side(i).String()
	}
	return words
}
