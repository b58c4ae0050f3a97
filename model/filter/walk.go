package filter

import (
	"slices"

	"optflow/model"
)

// Walk visits the words and fields of a filter.
func Walk(n Node, visit func(name string)) {
	all := func(nodes []Node) {
		for _, n := range nodes {
			Walk(n, visit)
		}
	}
	switch n := n.(type) {
	case *And:
		all(n.Nodes)
	case *Or:
		all(n.Nodes)
	case *Any:
		all(n.Nodes)
	case *Not:
		Walk(n.Node, visit)
	case *Word:
		visit(n.Name)
	case *Ref:
		Walk(n.Node, visit)
	case *Compare:
		visit(n.Field)
		for _, v := range n.Values {
			if v.Field != "" {
				visit(v.Field)
			}
		}
	case *Has:
		visit(n.Field)
	}
}

// Meaning is String with what its names stand for in their place, so that it
// changes when one of them does.
func (f *Filter) Meaning() string { return Print(meant(f.root)) }

// meant is a node in which each name stands with what it takes.
func meant(n Node) Node {
	all := func(nodes []Node) []Node {
		out := make([]Node, len(nodes))
		for i, n := range nodes {
			out[i] = meant(n)
		}
		return out
	}
	switch n := n.(type) {
	case *And:
		return &And{all(n.Nodes)}
	case *Or:
		return &Or{all(n.Nodes)}
	case *Any:
		return &Any{all(n.Nodes)}
	case *Not:
		return &Not{meant(n.Node)}
	case *Ref:
		return &Ref{n.Name + "=" + Print(meant(n.Node)), nil}
	}
	return n
}

// Says reports whether a filter speaks of one of the words or fields.
func (f *Filter) Says(names ...string) (yes bool) {
	Walk(f.root, func(name string) {
		for _, n := range names {
			yes = yes || n == name
		}
	})
	return yes
}

// OfContract says why a name of the language says nothing where a row is a
// contract's whole day; "" it does.
func OfContract(name string) string {
	switch name {
	case "top", "twin", "side", "sure", "bull", "bear", "whale", "mark", "source", "prints", "size":
		more := ""
		if name == "size" {
			more = "; vol is the day's"
		}
		return name + " speaks of a burst; here a row is a whole day" + more
	}
	return ""
}

// OfTicker says why a name of the language says nothing where a row is an
// underlying's whole day; "" it does.
func OfTicker(name string) string {
	if why := OfContract(name); why != "" {
		return why
	}
	switch name {
	case "ticker", "prem", "vol", "spot":
		return ""
	}
	return name + " speaks of a contract; here a row is a ticker"
}

// OfHistory says why a name of the language cannot be answered where days are
// searched that are over; "" it can.
func (f *Filter) OfHistory(name string) string {
	switch {
	case name == "age":
		return "age is that of a row now, and here all are of days gone by; time is the time of day (time>=10:30)"
	case name == "mark" && asksFired(f.root):
		return "which bursts an alert fired for is not kept with the days; optflow backtest --rule says it"
	}
	return ""
}

// asksFired reports whether the mark ! is asked for.
func asksFired(n Node) bool {
	switch n := n.(type) {
	case *And:
		return slices.ContainsFunc(n.Nodes, asksFired)
	case *Or:
		return slices.ContainsFunc(n.Nodes, asksFired)
	case *Any:
		return slices.ContainsFunc(n.Nodes, asksFired)
	case *Not:
		return asksFired(n.Node)
	case *Ref:
		return asksFired(n.Node)
	case *Compare:
		return n.Field == "mark" && bitsOf(n.Values)&uint32(model.MarkFired) != 0
	}
	return false
}
