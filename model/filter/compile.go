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
	case *Group:
		if n.Join == And {
			return compileAll(n.Nodes, env, all)
		}
		if names := tickersOf(n.Nodes); names != nil {
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
		w := wordNamed(n.Name)
		if w.marks != 0 {
			return evaluator{cost: w.cost, lack: lackOfMarks(w.marks), predicate: anyMark(env, w.marks)}
		}
		return evaluator{cost: w.cost, lack: w.lack, predicate: w.is}
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

// tickersOf is the names of nodes that are nothing but tickers, else nil.
func tickersOf(nodes []Node) (names []Value) {
	for _, n := range nodes {
		ticker, ok := n.(*Ticker)
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

// oldestOf is the bound on age, in ms, that every passing row obeys.
func oldestOf(root Node) float64 {
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
	return oldest
}

// conditions are what a row must satisfy all of, those of names among them.
func conditions(n Node) (all []Node) {
	switch n := n.(type) {
	case nil:
		return nil
	case *Ref:
		return conditions(n.Node)
	case *Group:
		if n.Join == And {
			for _, kid := range n.Nodes {
				all = append(all, conditions(kid)...)
			}
			return all
		}
	}
	return []Node{n}
}
