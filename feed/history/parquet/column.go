package parquet

import (
	"reflect"

	pq "github.com/parquet-go/parquet-go"
)

// column is one of a file of T: what it holds, and how a T is written to it and
// read back.
type column[T any] struct {
	name string
	node pq.Node
	put  func(*T) pq.Value  // of an optional one null, or some value
	take func(*T, pq.Value) // null is for what put writes it for
}

// schemaOf is that of a file with those columns, in their order.
func schemaOf[T any](name string, columns []column[T]) *pq.Schema {
	g := group{Group: make(pq.Group)}
	for _, c := range columns {
		g.Group[c.name] = c.node
		g.fields = append(g.fields, field{c.node, c.name})
	}
	return pq.NewSchema(name, g)
}

// group has its fields in order, while a plain one sorts them by name.
type group struct {
	pq.Group
	fields []pq.Field
}

func (g group) Fields() []pq.Field { return g.fields }

type field struct {
	pq.Node
	name string
}

func (f field) Name() string { return f.name }

func (f field) Value(base reflect.Value) reflect.Value { return base.MapIndex(reflect.ValueOf(f.name)) }

// The types of columns. What may be unknown is optional.
var (
	instant = pq.Timestamp(pq.Millisecond)
	day     = pq.Date()
	text    = pq.Encoded(pq.String(), &pq.RLEDictionary)
	count   = pq.Int(64) // signed, so that a difference of two is not wrapped round
	number  = pq.Int(32)
	price   = pq.Leaf(pq.FloatType)
	dollars = pq.Leaf(pq.DoubleType)
	truth   = pq.Leaf(pq.BooleanType)
)

// null is the value of an optional column that is not known, and some one that is.
var null pq.Value

func some(v pq.Value) pq.Value { return v.Level(0, 1, 0) }

// optional is a column of a number that is null where it is none.
func optional[T any, V comparable](name string, node pq.Node, none V, at func(*T) *V, put func(V) pq.Value, take func(pq.Value) V) column[T] {
	return column[T]{name, pq.Optional(node), func(row *T) pq.Value {
		if *at(row) == none {
			return null
		}
		return some(put(*at(row)))
	}, func(row *T, v pq.Value) {
		if *at(row) = none; !v.IsNull() {
			*at(row) = take(v)
		}
	}}
}
