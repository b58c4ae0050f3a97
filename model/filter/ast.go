package filter

import "strings"

// Node is a part of a parsed line: *Group, *Not, *Ticker, *Ref, *Word, *Compare
// or *Has.
type Node interface{ print(to *printer) }

// Group is at least two nodes that stand together; none of them is a Group of the
// same Join.
type Group struct {
	Join  Join
	Nodes []Node
}

// Join is how the nodes of a Group stand together. A comma binds before everything
// else, and before or.
type Join uint8

// Joins.
const (
	And   Join = iota // true when all are
	Or                // true when one is
	Comma             // likewise
)

var joints = [...]string{And: " ", Or: " or ", Comma: ","}

// Not turns its node around.
type Not struct{ Node Node }

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

// add appends a node, or its own nodes if it is a Group of that Join. Nil adds
// none.
func (j Join) add(nodes []Node, n Node) []Node {
	switch g, is := n.(*Group); {
	case n == nil:
		return nodes
	case is && g.Join == j:
		return append(nodes, g.Nodes...)
	}
	return append(nodes, n)
}

// of is the node of any number of them, nil of none.
func (j Join) of(nodes []Node) Node {
	switch len(nodes) {
	case 0:
		return nil
	case 1:
		return nodes[0]
	}
	return &Group{j, nodes}
}

// remade is a node with others in the place of those right below it; what comes to
// nil is left out, and nil is what nothing is left of.
func remade(n Node, of func(Node) Node) Node {
	switch n := n.(type) {
	case *Not:
		if kid := of(n.Node); kid != nil {
			return &Not{kid}
		}
		return nil
	case *Group:
		var nodes []Node
		for _, kid := range n.Nodes {
			nodes = n.Join.add(nodes, of(kid))
		}
		return n.Join.of(nodes)
	}
	return n
}

// Print gives the canonical text of a node; "" for nil.
func Print(n Node) string { return printed(n, false) }

// printed is Print, with parentheses around every and that stands in an or if they
// are wanted.
func printed(n Node, parted bool) string {
	if n == nil {
		return ""
	}
	to := printer{parted: parted}
	n.print(&to)
	return to.String()
}

type printer struct {
	strings.Builder
	parted bool
}

// node writes a node, in parentheses if it needs them.
func (to *printer) node(n Node, parted bool) {
	if parted {
		to.WriteByte('(')
		defer to.WriteByte(')')
	}
	n.print(to)
}

func (n *Ticker) print(to *printer) {
	name := strings.ToLower(n.Name)
	if wordNamed(name) != nil || name == "or" || name == "and" || name == "not" {
		to.WriteByte('$')
	}
	to.WriteString(name)
}

func (n *Ref) print(to *printer)  { to.WriteString("@" + n.Name) }
func (n *Word) print(to *printer) { to.WriteString(n.Name) }
func (n *Has) print(to *printer)  { to.WriteString("has(" + n.Field + ")") }

func (n *Compare) print(to *printer) {
	if n.Abs {
		to.WriteString("abs(" + n.Field + ")" + n.Op)
	} else {
		to.WriteString(n.Field + n.Op)
	}
	for i, v := range n.Values {
		if i > 0 {
			to.WriteByte(',')
		}
		to.WriteString(v.Text)
	}
}

func (n *Not) print(to *printer) {
	to.WriteString("not ")
	g, group := n.Node.(*Group)
	to.node(n.Node, group && g.Join != Comma)
}

func (g *Group) print(to *printer) {
	for i, kid := range g.Nodes {
		if i > 0 {
			to.WriteString(joints[g.Join])
		}
		to.node(kid, g.parts(i, to.parted))
	}
}

// parts reports whether node i needs parentheses. Before a comma a comparison does,
// for a word behind it would be one more value.
func (g *Group) parts(i int, parted bool) bool {
	inner, group := g.Nodes[i].(*Group)
	switch g.Join {
	case And:
		return group && inner.Join == Or
	case Or:
		return parted && group && inner.Join == And
	}
	switch g.Nodes[i].(type) {
	case *Compare:
		return i < len(g.Nodes)-1
	case *Group, *Not:
		return true
	}
	return false
}
