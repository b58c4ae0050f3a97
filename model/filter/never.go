package filter

import (
	"slices"
	"strings"
)

// Never reports whether no row of the tickers followed can match, whatever comes:
// AMD where only SPY is followed, or SPY and QQQ at once.
func (f *Filter) Never() bool { return f.never }

// reaches reports whether a row of a ticker may match a node. What does not speak
// of tickers may match one of any.
func reaches(n Node, ticker string) bool {
	switch n := n.(type) {
	case *Ref:
		return reaches(n.Node, ticker)
	case *Ticker:
		return n.Name == ticker
	case *Compare:
		if n.Field == "ticker" {
			is := slices.ContainsFunc(n.Values, func(v Value) bool { return strings.EqualFold(v.Text, ticker) })
			return is == (n.Op == "=")
		}
	case *Group:
		is := n.Join != And // that one is enough
		return slices.ContainsFunc(n.Nodes, func(kid Node) bool { return reaches(kid, ticker) == is }) == is
	case *Not:
		if t, is := n.Node.(*Ticker); is {
			return t.Name != ticker
		}
		// Anything else may be false of some row of any ticker.
	}
	return true
}
