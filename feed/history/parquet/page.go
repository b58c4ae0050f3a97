package parquet

import (
	"bytes"

	pq "github.com/parquet-go/parquet-go"
)

// column hands the values of a page on to the lines of the rows that were found.
func (s *scanner) column(take func(*line, pq.Value), page pq.Page) {
	at, levels := valuesOf(page), page.DefinitionLevels()
	if len(levels) == 0 {
		for i, row := range s.found {
			take(&s.lines[i], at(row))
		}
		return
	}
	row, value := 0, 0 // of a page with nulls only the others are there
	for i, next := range s.found {
		value += bytes.Count(levels[row:next], []byte{1})
		if row = next; levels[row] == 0 {
			take(&s.lines[i], null)
		} else {
			take(&s.lines[i], at(value))
		}
	}
}

// valuesOf looks up the values of a page that are not null.
func valuesOf(page pq.Page) func(i int) pq.Value {
	data := page.Data()
	if dictionary := page.Dictionary(); dictionary != nil {
		indexes := data.Int32()
		return func(i int) pq.Value { return dictionary.Index(indexes[i]) }
	}
	switch page.Type().Kind() {
	case pq.Boolean:
		packed := data.Boolean()
		return func(i int) pq.Value { return pq.BooleanValue(packed[i/8]>>(i%8)&1 != 0) }
	case pq.Int32:
		all := data.Int32()
		return func(i int) pq.Value { return pq.Int32Value(all[i]) }
	case pq.Int64:
		all := data.Int64()
		return func(i int) pq.Value { return pq.Int64Value(all[i]) }
	case pq.Float:
		all := data.Float()
		return func(i int) pq.Value { return pq.FloatValue(all[i]) }
	case pq.Double:
		all := data.Double()
		return func(i int) pq.Value { return pq.DoubleValue(all[i]) }
	}
	texts, ends := data.ByteArray()
	return func(i int) pq.Value { return pq.ByteArrayValue(texts[ends[i]:ends[i+1]]) }
}
