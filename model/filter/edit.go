package filter

import (
	"slices"
	"strings"
)

// What keys do to the line. A line that cannot be read is never rewritten, only
// added to.

// read parses a line for editing, where only its shape matters.
func read(line string, now func() int64) (Node, bool) {
	f, err := Parse(line, Env{Now: now, shape: true})
	if err != nil {
		return nil, false
	}
	return f.root, true
}

// With adds a clause to a line, so that rows must satisfy both. What the line
// says already is not added again.
func With(line, clause string, now func() int64) string {
	node, ok := read(line, now)
	added, good := read(clause, now)
	if !ok || !good {
		return strings.TrimSpace(strings.TrimSpace(line) + " " + strings.TrimSpace(clause))
	}
	terms := And.add(nil, node)
	for _, n := range And.add(nil, added) {
		if !contains(terms, n) {
			terms = append(terms, n)
		}
	}
	return Print(And.of(terms))
}

// Without takes a clause out of a line, wherever it stands as a condition of its
// own that is anded with the rest.
func Without(line, clause string, now func() int64) string {
	node, ok := read(line, now)
	gone, good := read(clause, now)
	if !ok || !good {
		return line
	}
	drop := And.add(nil, gone)
	kept := slices.DeleteFunc(And.add(nil, node), func(n Node) bool { return contains(drop, n) })
	return Print(And.of(kept))
}

// HasClause reports whether a line has a clause as a condition of its own.
func HasClause(line, clause string, now func() int64) bool {
	node, ok := read(line, now)
	wanted, good := read(clause, now)
	if !ok || !good || wanted == nil {
		return false
	}
	terms := And.add(nil, node)
	return !slices.ContainsFunc(And.add(nil, wanted), func(n Node) bool { return !contains(terms, n) })
}

// opposites are words of which a line has one at most.
var opposites = map[string]string{"calls": "puts", "puts": "calls", "bull": "bear", "bear": "bull", "otm": "itm", "itm": "otm"}

// Toggle writes a word such as calls into the line, instead of its opposite, or
// takes it out when it is there.
func Toggle(line, word string, now func() int64) string {
	if HasClause(line, word, now) {
		return Without(line, word, now)
	}
	if opposite, ok := opposites[word]; ok && HasClause(line, opposite, now) {
		line = Without(line, opposite, now)
	}
	return With(line, word, now)
}

func contains(terms []Node, n Node) bool {
	text := Print(n)
	return slices.ContainsFunc(terms, func(t Node) bool { return Print(t) == text })
}
