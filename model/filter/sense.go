package filter

import "strings"

// Sense refuses a filter that says something which has no meaning where it is to
// be used; senseless says why, "" that it has one. The error is an *Error with
// the place in the text that was parsed.
func (f *Filter) Sense(text string, senseless func(name string) string) error {
	var wrong string
	Walk(f.root, func(name string) {
		if wrong == "" && senseless(name) != "" {
			wrong = name
		}
	})
	if wrong == "" {
		return nil
	}
	e := &Error{Pos: 0, End: len(text), Text: senseless(wrong)}
	within := f.refOf(wrong)
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

// refOf is the @name in which the filter speaks of a word or field, "" where it
// does so itself.
func (f *Filter) refOf(name string) (ref string) {
	var visit func(n Node)
	all := func(nodes []Node) {
		for _, n := range nodes {
			visit(n)
		}
	}
	visit = func(n Node) {
		switch n := n.(type) {
		case *And:
			all(n.Nodes)
		case *Or:
			all(n.Nodes)
		case *Any:
			all(n.Nodes)
		case *Not:
			visit(n.Node)
		case *Ref:
			Walk(n.Node, func(said string) {
				if said == name && ref == "" {
					ref = "@" + n.Name
				}
			})
		}
	}
	visit(f.root)
	return ref
}
