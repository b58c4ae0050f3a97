package filter

import (
	"slices"
	"strings"
)

// Typing says that a line is being typed: a word that may become another one
// filters nothing yet.
type Typing struct {
	Caret  int                    // where in the line the next letter goes
	Listed func(name string) bool // whether there is such a ticker; nil knows of none
}

// Waits are the words of a line being typed that filter nothing yet.
func (f *Filter) Waits() []Warning { return f.waits }

// half reports whether a ticker is none yet, while the line is typed: nobody has
// heard of it, or it is about to become a word or a field.
func (p *parser) half(t tickerUse) bool {
	typing := p.env.Typing
	if typing == nil || p.follows(t.name) {
		return false
	}
	if t.bare && t.end == typing.Caret && begins(t.name) {
		return true
	}
	return typing.Listed == nil || !typing.Listed(t.name)
}

// begins reports whether a word or a field begins like that.
func begins(name string) bool {
	name = strings.ToLower(name)
	is := func(other string) bool { return strings.HasPrefix(other, name) }
	return slices.ContainsFunc(wordNames(), is) || slices.ContainsFunc(fieldNames(), is)
}

// wait says of a word that it filters nothing yet.
func (p *parser) wait(t tickerUse) {
	text := short(p.text[t.pos:t.end]) + " filters nothing yet"
	name := strings.ToLower(t.name)
	switch f := fieldNamed(name); {
	case f != nil:
		text += ": a comparison follows a field (" + f.example + ")"
	case begins(name):
		text += ": more letters, or a blank for the ticker"
	default:
		text += ": no ticker of that name is known here"
		if near := nearest(name, wordNames()); near != "" {
			text += ", did you mean " + near + "?"
		}
	}
	p.waits = append(p.waits, Warning{Pos: t.pos, End: t.end, Text: text})
}

// halfWord is a ticker that is none yet. It is in no tree that anybody sees.
type halfWord struct{ Ticker }

// whole is a tree without the words that are none yet; nil when nothing is left.
func whole(n Node) Node {
	switch n := n.(type) {
	case *halfWord:
		return nil
	case *Compare:
		n.Values = slices.DeleteFunc(n.Values, func(v Value) bool { return v.half })
		if len(n.Values) == 0 {
			return nil
		}
	}
	return remade(n, whole)
}
