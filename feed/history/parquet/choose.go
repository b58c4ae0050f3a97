package parquet

import (
	"slices"

	pq "github.com/parquet-go/parquet-go"
)

// within reports whether a column whose values lie between two can have one that
// meets the condition.
func (c *asked) within(least, most pq.Value) bool {
	if c.In != nil {
		low, high := string(least.ByteArray()), string(most.ByteArray())
		return slices.ContainsFunc(c.In, func(text string) bool { return low <= text && text <= high })
	}
	low, ok := numberOf(least)
	high, both := numberOf(most)
	return !ok || !both || high >= c.Min && low <= c.Max
}

func numberOf(v pq.Value) (float64, bool) {
	switch v.Kind() {
	case pq.Boolean:
		if v.Boolean() {
			return 1, true
		}
		return 0, true
	case pq.Int32:
		return float64(v.Int32()), true
	case pq.Int64:
		return float64(v.Int64()), true
	case pq.Float:
		return float64(v.Float()), true
	case pq.Double:
		return v.Double(), true
	}
	return 0, false
}

// choose leaves of the rows chosen those whose value meets the condition, and
// reports whether any is left.
func (c *asked) choose(page pq.Page, chosen []bool) (left bool) {
	data := page.Data()
	if dictionary := page.Dictionary(); dictionary != nil {
		good := make([]bool, dictionary.Len())
		for i := range good {
			v := dictionary.Index(int32(i))
			good[i] = slices.Contains(c.In, string(v.ByteArray()))
		}
		return choose(data.Int32(), page.DefinitionLevels(), chosen, func(i int32) bool { return good[i] })
	}
	switch page.Type().Kind() {
	case pq.Int32:
		return choose(data.Int32(), page.DefinitionLevels(), chosen, func(v int32) bool { return float64(v) >= c.Min && float64(v) <= c.Max })
	case pq.Int64:
		return choose(data.Int64(), page.DefinitionLevels(), chosen, func(v int64) bool { return float64(v) >= c.Min && float64(v) <= c.Max })
	case pq.Float:
		return choose(data.Float(), page.DefinitionLevels(), chosen, func(v float32) bool { return float64(v) >= c.Min && float64(v) <= c.Max })
	case pq.Double:
		return choose(data.Double(), page.DefinitionLevels(), chosen, func(v float64) bool { return v >= c.Min && v <= c.Max })
	}
	at := valuesOf(page)
	values := make([]pq.Value, page.NumValues()-page.NumNulls())
	for i := range values {
		values[i] = at(i)
	}
	return choose(values, page.DefinitionLevels(), chosen, c.meets)
}

// choose goes over the values of a page: of an optional column those that are
// not null, with a level for each row.
func choose[V any](values []V, levels []byte, chosen []bool, meets func(V) bool) (left bool) {
	if len(levels) == 0 {
		for i := range chosen {
			chosen[i] = chosen[i] && meets(values[i])
			left = left || chosen[i]
		}
		return left
	}
	k := 0
	for i, level := range levels {
		if level == 0 {
			chosen[i] = false
			continue
		}
		chosen[i] = chosen[i] && meets(values[k])
		left = left || chosen[i]
		k++
	}
	return left
}

func (c *asked) meets(v pq.Value) bool {
	if c.In != nil {
		return slices.Contains(c.In, string(v.ByteArray()))
	}
	n, ok := numberOf(v)
	return ok && n >= c.Min && n <= c.Max
}
