package filter

import (
	"slices"
	"strings"

	"optflow/model"
)

// walk visits what a node is made of in the end, and of what names stand for, each
// with the @name that it is said in, "" in none.
func walk(n Node, in string, visit func(n Node, in string)) {
	switch n := n.(type) {
	case nil:
	case *Group:
		for _, kid := range n.Nodes {
			walk(kid, in, visit)
		}
	case *Not:
		walk(n.Node, in, visit)
	case *Ref:
		if in == "" {
			in = "@" + n.Name
		}
		walk(n.Node, in, visit)
	default:
		visit(n, in)
	}
}

// names visits the words and fields that a filter speaks of, each with the @name in
// which it does.
func (f *Filter) names(visit func(name, in string)) {
	walk(f.root, "", func(n Node, in string) {
		switch n := n.(type) {
		case *Word:
			visit(n.Name, in)
		case *Has:
			visit(n.Field, in)
		case *Compare:
			visit(n.Field, in)
			for _, v := range n.Values {
				if v.Field != "" {
					visit(v.Field, in)
				}
			}
		}
	})
}

// Meaning is String with what its names stand for in their place, so that it
// changes when one of them does.
func (f *Filter) Meaning() string { return Print(meant(f.root)) }

// meant is a node in which each name stands with what it takes.
func meant(n Node) Node {
	if ref, is := n.(*Ref); is {
		return &Ref{ref.Name + "=" + Print(meant(ref.Node)), nil}
	}
	return remade(n, meant)
}

// Says reports whether a filter speaks of one of the words or fields.
func (f *Filter) Says(names ...string) (yes bool) {
	f.names(func(name, _ string) { yes = yes || slices.Contains(names, name) })
	return yes
}

// Sense refuses a filter that says something which has no meaning where it is to
// be used; senseless says why, "" that it has one. The error is an *Error with
// the place in the text that was parsed.
func (f *Filter) Sense(text string, senseless func(name string) string) error {
	var wrong, within string
	f.names(func(name, in string) {
		if wrong == "" && senseless(name) != "" {
			wrong, within = name, in
		}
	})
	if wrong == "" {
		return nil
	}
	e := &Error{Pos: 0, End: len(text), Text: senseless(wrong)}
	for l := (lexer{text: text}); ; {
		t := l.next()
		if t.kind == tokenEnd {
			return e
		}
		if field := fieldNamed(t.text); t.kind == tokenWord && (within != "" && strings.EqualFold(t.text, within) || strings.EqualFold(t.text, wrong) || field != nil && field.name == wrong) {
			e.Pos, e.End = t.pos, t.end
			return e
		}
	}
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
	case name == "mark" && f.asksFired():
		return "which bursts an alert fired for is not kept with the days; optflow backtest --rule says it"
	}
	return ""
}

// asksFired reports whether the mark ! is asked for.
func (f *Filter) asksFired() (yes bool) {
	walk(f.root, "", func(n Node, _ string) {
		c, is := n.(*Compare)
		yes = yes || is && c.Field == "mark" && bitsOf(c.Values)&uint32(model.MarkFired) != 0
	})
	return yes
}
