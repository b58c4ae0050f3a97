package filter

// Both is the filter that takes what two filters take. A nil one takes all.
func Both(a, b *Filter) *Filter {
	switch {
	case a == nil || a.Empty():
		return b
	case b == nil || b.Empty():
		return a
	}
	f := &Filter{root: join(append(termsOf(a.root), termsOf(b.root)...)), warnings: append(a.warnings[:len(a.warnings):len(a.warnings)], b.warnings...), rules: a.rules}
	f.eval = evaluator{
		kids:      []evaluator{a.eval, b.eval},
		predicate: all([]predicate{a.match, b.match}),
		cost:      a.eval.cost + b.eval.cost,
	}
	f.match = f.eval.predicate
	f.since = sinceOf(f.root)
	return f
}
