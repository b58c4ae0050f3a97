package parquet

import (
	"math"

	pq "github.com/parquet-go/parquet-go"

	"optflow/model"
)

// skip is for what follows from other columns.
func skip(*line, pq.Value) {}

func textOf(s string) pq.Value { return pq.ByteArrayValue([]byte(s)) }

// named is a column of one of a few words; the empty one is null.
func named[E ~uint8](name string, words []string, at func(*line) *E) column[line] {
	values := make([]pq.Value, len(words))
	node := text
	if words[0] == "" {
		node = pq.Optional(text)
	}
	for i, w := range words {
		switch {
		case w == "":
		case node.Optional():
			values[i] = some(textOf(w))
		default:
			values[i] = textOf(w)
		}
	}
	return column[line]{name, node, func(l *line) pq.Value { return values[*at(l)] }, func(l *line, v pq.Value) {
		*at(l) = 0
		for i, w := range words {
			if string(v.ByteArray()) == w {
				*at(l) = E(i)
			}
		}
	}}
}

// known is a column of a number that may not be known.
func known(name string, at func(*line) *float32) column[line] {
	return column[line]{name, pq.Optional(price), func(l *line) pq.Value { return priceOf(*at(l)) }, func(l *line, v pq.Value) {
		if *at(l) = float32(math.NaN()); !v.IsNull() {
			*at(l) = v.Float()
		}
	}}
}

// traded is a column of what only trades have; a gap has none, whatever its row
// holds.
func traded(name string, at func(*line) *float32) column[line] {
	c := known(name, at)
	c.put = func(l *line) pq.Value {
		if l.Kind == model.KindGap {
			return null
		}
		return priceOf(*at(l))
	}
	return c
}

// quoted is a column of one side of the quote, if there is a quote.
func quoted(name string, at func(*line) *float32) column[line] {
	c := known(name, at)
	c.put = func(l *line) pq.Value {
		if l.QuoteAge == model.NoQuote {
			return null
		}
		return priceOf(*at(l))
	}
	return c
}

func priceOf(v float32) pq.Value {
	if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
		return null
	}
	return some(pq.FloatValue(v))
}

// premiumOf is none for a gap: an estimate at best.
func premiumOf(l *line) pq.Value {
	if l.Kind == model.KindGap {
		return null
	}
	return some(pq.DoubleValue(l.Premium))
}

// counted is a column of a count that may not be known.
func counted(name string, at func(*line) *uint32) column[line] {
	return optional(name, count, model.UnknownCount, at,
		func(n uint32) pq.Value { return pq.Int64Value(int64(n)) }, func(v pq.Value) uint32 { return uint32(v.Int64()) })
}

// certain is a column of whether the side is at least that sure; null where
// there is none.
func certain(name string, at model.Certainty) column[line] {
	return column[line]{name, pq.Optional(truth), func(l *line) pq.Value {
		if l.Side == model.SideUnknown {
			return null
		}
		return some(pq.BooleanValue(l.Certainty >= at))
	}, func(l *line, v pq.Value) {
		switch {
		case v.IsNull():
		case v.Boolean():
			l.Certainty = max(l.Certainty, at)
		default:
			l.Certainty = max(l.Certainty, model.CertaintyLoose)
		}
	}}
}

// flag is a column of a fact about a row.
func flag(name string, f model.Flags) column[line] {
	return column[line]{name, truth, func(l *line) pq.Value { return pq.BooleanValue(l.Is(f)) }, func(l *line, v pq.Value) {
		if v.Boolean() {
			l.Flags |= f
		}
	}}
}

func twinOf(l *line) pq.Value {
	switch l.Burst.Twin() {
	case model.True:
		return some(pq.BooleanValue(true))
	case model.False:
		return some(pq.BooleanValue(false))
	}
	return null
}
