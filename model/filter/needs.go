package filter

import (
	"math"
	"slices"

	"optflow/model"
	"optflow/model/ticker"
)

// Need is a bound that every row keeps for which a filter is true: a number of it
// is known and lies between two, both included, or a name of it is one of some. It
// is what a search can leave rows out by before it looks at them.
type Need struct {
	Field    string   // as Compare names it, in its unit; "type" is "call" or "put"
	Min, Max float64  // of a number; infinite where there is no end
	In       []string // of a name; a ticker in all its spellings. nil: it is a number
}

// Needs are such bounds, one a field. There may be more that a row has to be.
func (f *Filter) Needs() []Need {
	needs := f.needsOf(f.root)
	slices.SortFunc(needs, func(a, b Need) int {
		return slices.Index(needFields, a.Field) - slices.Index(needFields, b.Field)
	})
	return needs
}

// needFields are the fields that a Need may be of, those first that leave out most
// at least cost.
var needFields = []string{"prem", "ticker", "type", "time", "side", "sure", "twin", "exp", "dte", "strike", "size", "top", "vol", "oi", "prints", "price", "spot", "iv", "delta"}

func (f *Filter) needsOf(n Node) []Need {
	switch n := n.(type) {
	case *Ref:
		return f.needsOf(n.Node)
	case *Ticker:
		return []Need{{Field: "ticker", In: ticker.Spellings(n.Name)}}
	case *Word:
		switch n.Name {
		case "calls":
			return []Need{{Field: "type", In: []string{"call"}}}
		case "puts":
			return []Need{{Field: "type", In: []string{"put"}}}
		case "sure", "twin":
			return []Need{{Field: n.Name, Min: 1, Max: 1}}
		case "whale":
			least := f.rules.Whale
			for _, dollars := range f.rules.Whales {
				least = min(least, dollars)
			}
			return []Need{{Field: "prem", Min: least, Max: math.Inf(1)}}
		}
	case *Compare:
		return needOfCompare(n)
	case *Group:
		if n.Join != And {
			return f.needsOfAny(n.Nodes)
		}
		var all []Need
		for _, kid := range n.Nodes {
			for _, need := range f.needsOf(kid) {
				all = meet(all, need)
			}
		}
		return all
	}
	return nil
}

func needOfCompare(n *Compare) []Need {
	f := fieldNamed(n.Field)
	switch {
	case !slices.Contains(needFields, f.name), n.Op == "!=", n.Values[0].Field != "":
		return nil
	case f.unit == unitName:
		need := Need{Field: f.name}
		for _, v := range n.Values {
			if v.half {
				return nil
			}
			need.In = append(need.In, ticker.Spellings(v.Text)...)
		}
		return []Need{need}
	}
	if f.unit == unitSide {
		need := Need{Field: f.name, In: []string{}}
		for side := model.SideMid; side < model.NumSides; side++ {
			if bitsOf(n.Values)&(1<<side) != 0 {
				need.In = append(need.In, side.String())
			}
		}
		return []Need{need}
	}
	need := Need{Field: f.name, Min: math.Inf(1), Max: math.Inf(-1)}
	for _, v := range n.Values {
		lo, hi := bounds(n.Op, v, f.single)
		if n.Abs {
			lo = -hi
		}
		need.Min, need.Max = min(need.Min, lo), max(need.Max, hi)
	}
	return []Need{need}
}

// meet adds a need to those that hold as well.
func meet(all []Need, one Need) []Need {
	i := slices.IndexFunc(all, func(n Need) bool { return n.Field == one.Field })
	if i < 0 {
		return append(all, one)
	}
	both := all[i]
	both.Min, both.Max = max(both.Min, one.Min), min(both.Max, one.Max)
	if both.In != nil {
		both.In = slices.DeleteFunc(slices.Clone(both.In), func(name string) bool { return !slices.Contains(one.In, name) })
	}
	all[i] = both
	return all
}

// needsOfAny are those that all the nodes have, each as wide as it is for any.
func (f *Filter) needsOfAny(nodes []Node) []Need {
	all := f.needsOf(nodes[0])
	for _, n := range nodes[1:] {
		others := f.needsOf(n)
		all = slices.DeleteFunc(all, func(a Need) bool {
			return !slices.ContainsFunc(others, func(b Need) bool { return a.Field == b.Field })
		})
		for i := range all {
			b := others[slices.IndexFunc(others, func(b Need) bool { return b.Field == all[i].Field })]
			all[i].Min, all[i].Max = min(all[i].Min, b.Min), max(all[i].Max, b.Max)
			all[i].In = append(slices.Clip(all[i].In), b.In...)
		}
	}
	return all
}
