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
	for l := (lexer{text: text}); ; {
		t := l.next()
		if t.kind == tokenEnd {
			return e
		}
		if field := fieldNamed(t.text); t.kind == tokenWord && (strings.EqualFold(t.text, wrong) || field != nil && field.name == wrong) {
			e.Pos, e.End = t.pos, t.end
			return e
		}
	}
}
