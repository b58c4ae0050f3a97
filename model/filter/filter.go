// Package filter is the language of the filter line: `nvda calls prem>=250k`.
// A filter is parsed, checked and compiled once, and then answers for each row
// with one of three truths: a comparison with something unknown is neither true
// nor false, nor is its not. It prints back to text, says how it was read, and
// every error has a position and a reason. The language is described in
// docs/filter.md.
package filter

import (
	"math"
	"slices"

	"optflow/model"
	"optflow/model/ticker"
)

// Truth is a filter's answer for a row.
type Truth = model.Truth

// The three truths.
const (
	False   = model.False
	Unknown = model.Unknowable
	True    = model.True
)

// Env is what a filter's meaning and its hints depend on.
type Env struct {
	Now      func() int64                         // market time in ms, for dates without a year; nil refuses those
	Followed []string                             // underlyings followed; empty: nothing is said about others
	Adds     string                               // what follows another one, for hints: "t adds it"; "" says nothing of it
	Expiries func(underlying string) []model.Date // listed expiries in order, for hints; may be nil
	Rules    *model.Rules                         // for whale, unusual and mark; model.DefaultRules when nil
	Fired    func(r *model.Burst) bool            // whether an alert fired for it, for mark=!; nil: for none
	Saved    func() []Saved                       // what @name may stand for, asked where there is one; nil: nothing
	Of       string                               // the name of the tab whose filter it is, so that it is not made of itself; "" none
	Typing   *Typing                              // the line is being typed; nil: it is whole

	shape bool // only the shape matters: what a name stands for does not
}

// Filter is a parsed line. It does not change and may be used from any
// goroutine. Dates without a year mean the next one as seen from the day of
// parsing: parse again on a new trading date.
type Filter struct {
	root     Node
	eval     evaluator
	warnings []Warning
	waits    []Warning
	read     string
	oldest   float64 // ms: what passes is no older than that; infinite where there is no bound
	never    bool
	rules    *model.Rules
}

// Parse reads a line. The error is an *Error. An empty line lets all rows pass.
func Parse(text string, env Env) (*Filter, error) {
	if env.Rules == nil {
		env.Rules = model.DefaultRules()
	}
	p := &parser{text: text, env: env, refs: new(int)}
	if key := ticker.AtName(env.Of); key != "" {
		p.within = []string{key}
	}
	root, err := p.parse()
	if err != nil {
		return nil, err
	}
	if len(p.waits) > 0 {
		root = whole(root)
	}
	f := &Filter{root: root, warnings: p.warnings, waits: p.waits, rules: env.Rules}
	f.eval = compile(root, env)
	f.oldest = oldestOf(root)
	f.never = len(env.Followed) > 0 && !slices.ContainsFunc(env.Followed, func(t string) bool { return reaches(root, t) })
	if p.mixed {
		f.read = printed(root, true)
	}
	return f, nil
}

// Match answers for one row of contract c at market time now (ms, for age).
func (f *Filter) Match(r *model.Burst, c *model.Contract, now int64) Truth {
	if c == nil {
		return Unknown
	}
	return f.eval.predicate(r, c, now)
}

// String is the filter in its canonical form, which parses to the same filter
// where its names stand for the same.
func (f *Filter) String() string { return Print(f.root) }

// Empty reports whether all rows pass.
func (f *Filter) Empty() bool { return f.root == nil }

// Read is how the line was read, with parentheses, where and meets or without
// them; else "".
func (f *Filter) Read() string { return f.read }

// Warnings are the things that were accepted but may not be meant.
func (f *Filter) Warnings() []Warning { return f.warnings }

// Lacks names what is not known of a row that Match could not decide. It is
// empty for all others.
func (f *Filter) Lacks(r *model.Burst, c *model.Contract, now int64) Lack {
	if c == nil || f.eval.predicate(r, c, now) != Unknown {
		return 0
	}
	return f.eval.lacks(r, c, now)
}

// Asks is all that the filter asks for and that a row may lack.
func (f *Filter) Asks() Lack { return f.eval.asks() }

// Since is a bound on the start of rows that can pass, in ms: rows are ordered
// by time, so age<5m need not look further back. False when there is none.
func (f *Filter) Since(now int64) (int64, bool) {
	if math.IsInf(f.oldest, 1) {
		return 0, false
	}
	return now - int64(f.oldest), true
}

// Both is the filter that takes what two filters take. A nil one takes all.
func Both(a, b *Filter) *Filter {
	switch {
	case a == nil || a.Empty():
		return b
	case b == nil || b.Empty():
		return a
	}
	f := &Filter{root: And.of(And.add(And.add(nil, a.root), b.root)), warnings: append(a.warnings[:len(a.warnings):len(a.warnings)], b.warnings...), rules: a.rules}
	f.eval = evaluator{
		kids:      []evaluator{a.eval, b.eval},
		predicate: all([]predicate{a.eval.predicate, b.eval.predicate}),
		cost:      a.eval.cost + b.eval.cost,
	}
	f.oldest = oldestOf(f.root)
	return f
}
