package filter

import (
	"cmp"
	"math"
	"slices"

	"optflow/model"
)

// predicate answers for one row.
type predicate func(r *model.Burst, c *model.Contract, now int64) Truth

// evaluator is a compiled node: what answers fast, and what tells afterwards
// why the answer is unknown.
type evaluator struct {
	predicate predicate
	cost      int
	kids      []evaluator // of a node with nodes in it
	lack      Lack        // of a leaf: what it needs
}

func compile(n Node, env Env) evaluator {
	switch n := n.(type) {
	case nil:
		return evaluator{predicate: func(*model.Burst, *model.Contract, int64) Truth { return True }}
	case *And:
		return compileAll(n.Nodes, env, all)
	case *Or:
		return compileAll(n.Nodes, env, anyOf)
	case *Any:
		if names := tickersOf(n); names != nil {
			return evaluator{cost: 3 + len(names), predicate: compareName(false, names)}
		}
		return compileAll(n.Nodes, env, anyOf)
	case *Not:
		kid := compile(n.Node, env)
		inner := kid.predicate
		return evaluator{kids: []evaluator{kid}, cost: kid.cost,
			predicate: func(r *model.Burst, c *model.Contract, now int64) Truth { return inner(r, c, now).Not() }}
	case *Ticker:
		return evaluator{cost: 3, predicate: compareName(false, []Value{{Text: n.Name}})}
	case *Word:
		return compileWord(n.Name, env)
	case *Ref:
		return compile(n.Node, env)
	case *Has:
		lack := fieldNamed(n.Field).lack
		return evaluator{cost: 4, predicate: func(r *model.Burst, _ *model.Contract, _ int64) Truth {
			return model.TruthOf(missing(r)&lack == 0)
		}}
	case *Compare:
		return compileCompare(n, env)
	}
	panic("filter: a node that is none of ours")
}

// compileAll puts the cheap tests first: and and or do not mind the order.
func compileAll(nodes []Node, env Env, join func([]predicate) predicate) evaluator {
	e := evaluator{}
	for _, n := range nodes {
		kid := compile(n, env)
		e.cost += kid.cost
		e.kids = append(e.kids, kid)
	}
	slices.SortStableFunc(e.kids, func(a, b evaluator) int { return cmp.Compare(a.cost, b.cost) })
	predicates := make([]predicate, len(e.kids))
	for i, kid := range e.kids {
		predicates[i] = kid.predicate
	}
	e.predicate = join(predicates)
	return e
}

// tickersOf is the names of a list that holds nothing but tickers, else nil.
func tickersOf(n *Any) (names []Value) {
	for _, kid := range n.Nodes {
		ticker, ok := kid.(*Ticker)
		if !ok {
			return nil
		}
		names = append(names, Value{Text: ticker.Name})
	}
	return names
}

// all is Kleene's and.
func all(kids []predicate) predicate {
	if len(kids) == 2 {
		a, b := kids[0], kids[1]
		return func(r *model.Burst, c *model.Contract, now int64) Truth {
			first := a(r, c, now)
			if first == False {
				return False
			}
			return first.And(b(r, c, now))
		}
	}
	return func(r *model.Burst, c *model.Contract, now int64) Truth {
		truth := True
		for _, kid := range kids {
			if truth = truth.And(kid(r, c, now)); truth == False {
				break
			}
		}
		return truth
	}
}

// anyOf is Kleene's or.
func anyOf(kids []predicate) predicate {
	return func(r *model.Burst, c *model.Contract, now int64) Truth {
		truth := False
		for _, kid := range kids {
			if truth = truth.Or(kid(r, c, now)); truth == True {
				break
			}
		}
		return truth
	}
}

func compileWord(name string, env Env) evaluator {
	leaf := func(cost int, lack Lack, p predicate) evaluator {
		return evaluator{predicate: p, cost: cost, lack: lack}
	}
	switch name {
	case "calls":
		return leaf(1, 0, func(_ *model.Burst, c *model.Contract, _ int64) Truth { return model.TruthOf(c.Type == model.Call) })
	case "puts":
		return leaf(1, 0, func(_ *model.Burst, c *model.Contract, _ int64) Truth { return model.TruthOf(c.Type == model.Put) })
	case "otm":
		return leaf(3, LackSpot, func(r *model.Burst, c *model.Contract, _ int64) Truth { return r.OutOfMoney(c) })
	case "itm":
		return leaf(3, LackSpot, func(r *model.Burst, c *model.Contract, _ int64) Truth { return r.InMoney(c) })
	case "atm":
		return leaf(3, LackSpot, func(r *model.Burst, c *model.Contract, _ int64) Truth { return r.AtMoney(c) })
	case "0dte":
		return leaf(5, 0, func(r *model.Burst, c *model.Contract, _ int64) Truth {
			return model.TruthOf(c.ZeroDTE(model.TradingDate(r.Start)))
		})
	case "unusual":
		return leaf(6, lackOfMarks(model.MarkUnusual), anyMark(env, model.MarkUnusual|model.MarkUnusualLater))
	case "whale":
		return leaf(2, LackPremium, anyMark(env, model.MarkWhale))
	case "bull":
		return leaf(2, LackSide, func(r *model.Burst, c *model.Contract, _ int64) Truth {
			if r.Side == model.SideUnknown {
				return Unknown
			}
			return model.TruthOf(r.Side.Bullish(c.Type))
		})
	case "bear":
		return leaf(2, LackSide, func(r *model.Burst, c *model.Contract, _ int64) Truth {
			if r.Side == model.SideUnknown {
				return Unknown
			}
			return model.TruthOf(r.Side.Bearish(c.Type))
		})
	case "adjusted":
		return leaf(2, 0, func(_ *model.Burst, c *model.Contract, _ int64) Truth { return model.TruthOf(c.Adjusted()) })
	case "twin":
		return leaf(1, LackTwin, func(r *model.Burst, _ *model.Contract, _ int64) Truth { return r.Twin() })
	case "sure":
		return leaf(1, LackSide, func(r *model.Burst, _ *model.Contract, _ int64) Truth {
			if r.Side == model.SideUnknown {
				return Unknown
			}
			return model.TruthOf(r.Certainty == model.CertaintySure)
		})
	}
	panic("filter: word " + name + " is not compiled")
}

// missing is all that is not known of a row.
func missing(r *model.Burst) (lack Lack) {
	gap := r.Kind == model.KindGap
	for i, unknown := range [...]bool{
		gap,
		r.DayVolume == model.UnknownCount,
		r.OpenInterest == model.UnknownCount,
		!model.Known32(r.Prints),
		gap || !model.Known32(r.Vwap),
		math.IsNaN(r.SpotPrice()),
		!model.Known32(r.IV),
		!model.Known32(r.Delta),
		r.Side == model.SideUnknown,
		r.Rank == 0,
		r.Twin() == Unknown,
	} {
		if unknown {
			lack |= 1 << i
		}
	}
	return lack
}

// asks is what the leaves need.
func (e *evaluator) asks() (lack Lack) {
	lack = e.lack
	for i := range e.kids {
		lack |= e.kids[i].asks()
	}
	return lack
}

// lacks names what keeps an unknown answer from being one.
func (e *evaluator) lacks(r *model.Burst, c *model.Contract, now int64) (lack Lack) {
	if len(e.kids) == 0 {
		if lack = e.lack & missing(r); lack == 0 {
			return e.lack // all stated, but no number: no open interest to divide by
		}
		return lack
	}
	for i := range e.kids {
		if e.kids[i].predicate(r, c, now) == Unknown {
			lack |= e.kids[i].lacks(r, c, now)
		}
	}
	return lack
}

// sinceOf finds the bound on age that every passing row obeys.
func sinceOf(root Node) func(now int64) (int64, bool) {
	oldest := math.Inf(1)
	for _, n := range conditions(root) {
		if n, ok := n.(*Compare); ok && n.Field == "age" && n.Op != "!=" && n.Op != ">" && n.Op != ">=" {
			most := 0.0
			for _, v := range n.Values {
				most = max(most, v.Hi)
			}
			oldest = min(oldest, most)
		}
	}
	return func(now int64) (int64, bool) {
		if math.IsInf(oldest, 1) {
			return 0, false
		}
		return now - int64(oldest), true
	}
}

// conditions are what a row must satisfy all of, those of names among them.
func conditions(n Node) (all []Node) {
	switch n := n.(type) {
	case nil:
		return nil
	case *Ref:
		return conditions(n.Node)
	case *And:
		for _, kid := range n.Nodes {
			all = append(all, conditions(kid)...)
		}
		return all
	}
	return []Node{n}
}
