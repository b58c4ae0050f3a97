package filter

import (
	"fmt"
	"slices"
	"strings"

	"optflow/model/ticker"
)

// Saved is what @name stands for: the tickers of a list, else the filter of a tab.
type Saved struct {
	Name    string
	Tickers []string
	Filter  string // may be empty, which takes all rows
}

// mostRefs bounds the names that a line leads to, so that names of names of names
// cost no more.
const mostRefs = 64

// ref reads @name.
func (p *parser) ref(t token) Node {
	key := ticker.AtName(t.text)
	switch {
	case p.tok.kind == tokenOp:
		p.fail(t.pos, t.end, "%s stands alone, without a comparison", short(t.text))
	case p.env.shape && key != "":
		return &Ref{Name: key}
	}
	saved := p.saved(t, key)
	if slices.Contains(p.within, key) {
		circle := append(p.within[slices.Index(p.within, key):len(p.within):len(p.within)], key)
		p.fail(t.pos, t.end, "@%s is made of itself (@%s)", key, strings.Join(circle, ", @"))
	}
	if *p.refs++; *p.refs > mostRefs {
		p.fail(t.pos, t.end, "too many names within each other")
	}
	if len(saved.Tickers) > 0 {
		return &Ref{key, p.listOf(t, key, saved.Tickers)}
	}
	inner := &parser{text: saved.Filter, env: p.env, refs: p.refs, within: append(p.within[:len(p.within):len(p.within)], key)}
	inner.env.Typing = nil // it is written whole
	node, err := inner.parse()
	if wrong, is := err.(*Error); is {
		p.fail(t.pos, t.end, "%s", within(key, wrong.Text))
	}
	for _, w := range inner.warnings {
		p.warn(t.pos, t.end, "%s", within(key, w.Text))
	}
	return &Ref{key, node}
}

// within says whose filter a sentence is about, unless it names another already.
func within(key, text string) string {
	if strings.HasPrefix(text, "@") {
		return text
	}
	return "@" + key + ": " + text
}

// saved finds what a name stands for.
func (p *parser) saved(t token, key string) Saved {
	var all []Saved
	if p.env.Saved != nil {
		all = p.env.Saved()
	}
	var keys []string
	for _, s := range all {
		if keys = append(keys, ticker.AtName(s.Name)); keys[len(keys)-1] == key {
			return s
		}
	}
	const few = 6
	what := "there is no @" + short(key)
	if key == "" {
		what = "a name follows @"
	}
	switch near := nearest(key, keys); {
	case near != "":
		what += ", did you mean @" + near + "?"
	case len(keys) == 0:
		what += ": there are no lists and no tabs here"
	default:
		what += ": there are @" + strings.Join(keys[:min(len(keys), few)], ", @")
		if len(keys) > few {
			what += fmt.Sprintf(" and %d more", len(keys)-few)
		}
	}
	p.fail(t.pos, t.end, "%s", what)
	return Saved{}
}

// listOf is the tickers of a list, and warns of those of which no row can come.
func (p *parser) listOf(t token, key string, tickers []string) Node {
	var nodes []Node
	var others []string
	for _, name := range tickers {
		name = ticker.Bare(name)
		nodes = append(nodes, &Ticker{name})
		if !p.follows(name) {
			others = append(others, name)
		}
	}
	if len(p.env.Followed) > 0 && len(others) > 0 {
		p.warn(t.pos, t.end, "@%s: %s", key, p.notFollowed(others))
	}
	return Comma.of(nodes)
}

// follows reports whether rows of a ticker can come, as far as that is known.
func (p *parser) follows(name string) bool {
	return slices.ContainsFunc(p.env.Followed, func(f string) bool { return ticker.Same(f, name) })
}

// notFollowed says of some tickers that no row of them can come.
func (p *parser) notFollowed(names []string) string {
	text, are := names[0], " is"
	switch n := len(names); {
	case n == 2:
		text, are = text+" and "+names[1], " are"
	case n > 2:
		text, are = fmt.Sprintf("%s and %d more", text, n-1), " are"
	}
	if text += are + " not followed"; p.env.Adds != "" {
		text += " (" + p.env.Adds + ")"
	}
	return text
}

// Plain is the filter with its names written out, for those who know none.
func (f *Filter) Plain() string { return Print(writtenOut(f.root)) }

// writtenOut puts what they stand for in the place of names.
func writtenOut(n Node) Node {
	ref, is := n.(*Ref)
	switch {
	case !is:
		return remade(n, writtenOut)
	case ref.Node == nil:
		return &Compare{Field: "size", Op: ">=", Values: []Value{{Text: "0"}}} // every row
	}
	return writtenOut(ref.Node)
}
