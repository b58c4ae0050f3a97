package filter

import "strings"

// Node is a part of a parsed line: *And, *Or, *Not, *Any, *Ticker, *Ref, *Word,
// *Compare or *Has.
type Node interface{ print(b *strings.Builder) }

// And is true when all of its at least two nodes are; none of them is an And.
type And struct{ Nodes []Node }

// Or is true when one of its at least two nodes is; none of them is an Or.
type Or struct{ Nodes []Node }

// Not turns its node around.
type Not struct{ Node Node }

// Any is a list with commas, which binds before everything else: true when one
// of its at least two nodes is; none of them is an Any.
type Any struct{ Nodes []Node }

// Ticker is an underlying, upper case.
type Ticker struct{ Name string }

// Ref is @name: the tickers of a list, or the filter of a tab. A nil Node takes
// all rows.
type Ref struct {
	Name string // as ticker.AtName spells it
	Node Node
}

// Word is one of the reserved words, such as calls.
type Word struct{ Name string }

// Compare compares a field. Only = and != have more than one value: = is true
// when one of them fits, != when none does.
type Compare struct {
	Field  string // canonical name
	Abs    bool   // abs(field)
	Op     string // = != < <= > >=
	Values []Value
}

// Has asks whether a field is known.
type Has struct{ Field string }

// Value is what a field is compared with: numbers from Lo to Hi, both included,
// in the field's own unit (a month is all its days), or for side and mark a set
// of bits in Lo; for names the text. With Field it is another field of the row.
type Value struct {
	Text   string // canonical
	Lo, Hi float64
	Field  string // canonical name
	Abs    bool   // abs(field)
	half   bool   // a ticker that is none yet
}

// Print gives the canonical text of a node; "" for nil.
func Print(n Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	n.print(&b)
	return b.String()
}

func (n *Ticker) print(b *strings.Builder) {
	if isReserved(strings.ToLower(n.Name)) {
		b.WriteByte('$')
	}
	b.WriteString(strings.ToLower(n.Name))
}

func (n *Ref) print(b *strings.Builder)  { b.WriteString("@" + n.Name) }
func (n *Word) print(b *strings.Builder) { b.WriteString(n.Name) }
func (n *Has) print(b *strings.Builder)  { b.WriteString("has(" + n.Field + ")") }

func (n *Compare) print(b *strings.Builder) {
	if n.Abs {
		b.WriteString("abs(" + n.Field + ")" + n.Op)
	} else {
		b.WriteString(n.Field + n.Op)
	}
	for i, v := range n.Values {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(v.Text)
	}
}

func (n *Not) print(b *strings.Builder) {
	b.WriteString("not ")
	switch n.Node.(type) {
	case *And, *Or:
		printGroup(b, n.Node)
	default:
		n.Node.print(b)
	}
}

func (n *And) print(b *strings.Builder) {
	for i, kid := range n.Nodes {
		if i > 0 {
			b.WriteByte(' ')
		}
		if _, or := kid.(*Or); or {
			printGroup(b, kid)
		} else {
			kid.print(b)
		}
	}
}

func (n *Or) print(b *strings.Builder) {
	for i, kid := range n.Nodes {
		if i > 0 {
			b.WriteString(" or ")
		}
		kid.print(b)
	}
}

func (n *Any) print(b *strings.Builder) {
	for i, kid := range n.Nodes {
		if i > 0 {
			b.WriteByte(',')
		}
		if n.groups(i) {
			printGroup(b, kid)
		} else {
			kid.print(b)
		}
	}
}

// groups reports whether node i needs parentheses: a comparison does, unless it
// is the last, for a word after its comma would be one more value.
func (n *Any) groups(i int) bool {
	switch n.Nodes[i].(type) {
	case *Ticker, *Ref, *Word, *Has:
		return false
	case *Compare:
		return i < len(n.Nodes)-1
	}
	return true
}

func printGroup(b *strings.Builder, n Node) {
	b.WriteByte('(')
	n.print(b)
	b.WriteByte(')')
}

// printRead prints with parentheses around every and that stands in an or.
func printRead(n Node) string {
	var b strings.Builder
	readInto(&b, n, false)
	return b.String()
}

func readInto(b *strings.Builder, n Node, group bool) {
	if group {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	switch n := n.(type) {
	case *Or:
		for i, kid := range n.Nodes {
			if i > 0 {
				b.WriteString(" or ")
			}
			_, and := kid.(*And)
			readInto(b, kid, and)
		}
	case *And:
		for i, kid := range n.Nodes {
			if i > 0 {
				b.WriteByte(' ')
			}
			_, or := kid.(*Or)
			readInto(b, kid, or)
		}
	case *Any:
		for i, kid := range n.Nodes {
			if i > 0 {
				b.WriteByte(',')
			}
			readInto(b, kid, n.groups(i))
		}
	case *Not:
		b.WriteString("not ")
		_, and := n.Node.(*And)
		_, or := n.Node.(*Or)
		readInto(b, n.Node, and || or)
	default:
		n.print(b)
	}
}
