package filter

import (
	"slices"
	"strings"
)

// Never reports whether no row of the tickers followed can match, whatever comes:
// AMD where only SPY is followed, or SPY and QQQ at once.
func (f *Filter) Never() bool { return f.never }

// reach are those of the tickers of which a row may match a node. What does not
// speak of tickers may match one of any.
func reach(n Node, tickers []string) []string {
	some := func(keep func(ticker string) bool) (out []string) {
		for _, t := range tickers {
			if keep(t) {
				out = append(out, t)
			}
		}
		return out
	}
	in := func(nodes []Node) (sets [][]string) {
		for _, n := range nodes {
			sets = append(sets, reach(n, tickers))
		}
		return sets
	}
	switch n := n.(type) {
	case *Ref:
		return reach(n.Node, tickers)
	case *Ticker:
		return some(func(t string) bool { return t == n.Name })
	case *Compare:
		if n.Field == "ticker" {
			is := func(t string) bool {
				return slices.ContainsFunc(n.Values, func(v Value) bool { return strings.EqualFold(v.Text, t) })
			}
			return some(func(t string) bool { return is(t) == (n.Op == "=") })
		}
	case *And:
		sets := in(n.Nodes)
		return some(func(t string) bool {
			return !slices.ContainsFunc(sets, func(s []string) bool { return !slices.Contains(s, t) })
		})
	case *Or:
		return union(in(n.Nodes), some)
	case *Any:
		return union(in(n.Nodes), some)
	case *Not:
		if t, is := n.Node.(*Ticker); is {
			return some(func(x string) bool { return x != t.Name })
		}
		// Anything else may be false of some row of any ticker.
	}
	return tickers
}

func union(sets [][]string, some func(func(string) bool) []string) []string {
	return some(func(t string) bool {
		return slices.ContainsFunc(sets, func(s []string) bool { return slices.Contains(s, t) })
	})
}
