package filter

import (
	"fmt"
	"strings"
	"unicode"
)

// Bounds of what is read, so that a hostile line costs nothing.
const (
	maxLine  = 4096 // bytes
	maxDepth = 64   // parentheses and nots within each other
)

// parser reads a line top down. Methods return nil nodes only with an error.
type parser struct {
	text     string
	env      Env
	lex      lexer
	tok      token // the one to be looked at
	depth    int
	mixed    bool // and met or without parentheses
	warnings []Warning
	dates    []dateUse
	tickers  []tickerUse
}

func (p *parser) parse() (root Node, err error) {
	defer func() {
		// A deep parser is simplest when an error unwinds it in one go.
		if e, ok := recover().(*Error); ok {
			root, err = nil, e
		} else if e != nil {
			panic(e)
		}
	}()
	if len(p.text) > maxLine {
		p.fail(maxLine, len(p.text), "the filter is too long")
	}
	p.lex = lexer{text: p.text}
	p.advance()
	if p.tok.kind == tokenEnd {
		return nil, nil
	}
	root = p.or()
	if p.tok.kind == tokenClose {
		p.fail(p.tok.pos, p.tok.end, `")" without a "(" before it`)
	}
	p.checkTickers()
	p.checkDates()
	return root, nil
}

func (p *parser) advance() { p.tok = p.lex.next() }

func (p *parser) fail(pos, end int, format string, args ...any) {
	panic(&Error{Pos: pos, End: end, Text: fmt.Sprintf(format, args...)})
}

func (p *parser) warn(pos, end int, format string, args ...any) {
	p.warnings = append(p.warnings, Warning{Pos: pos, End: end, Text: fmt.Sprintf(format, args...)})
}

// is reports whether the token is the given operator word, not as $or.
func (p *parser) is(word string) bool {
	return p.tok.kind == tokenWord && strings.EqualFold(p.tok.text, word)
}

func (p *parser) or() Node {
	var nodes []Node
	plain := false // an and of several without parentheses
	for {
		n, bare := p.and()
		plain = plain || bare
		nodes = appendFlat[*Or](nodes, n)
		if !p.is("or") {
			break
		}
		or := p.tok
		p.advance()
		if p.tok.kind == tokenEnd || p.tok.kind == tokenClose {
			p.fail(or.pos, or.end, `something is missing after "or"`)
		}
		p.mixed = p.mixed || plain
	}
	if len(nodes) == 1 {
		return nodes[0]
	}
	p.mixed = p.mixed || plain
	return &Or{nodes}
}

// and reads what stands side by side. Bare means that it was more than one.
func (p *parser) and() (n Node, bare bool) {
	var nodes []Node
	count := 0
	for p.tok.kind != tokenEnd && p.tok.kind != tokenClose && !p.is("or") {
		if p.is("and") && count > 0 {
			and := p.tok
			p.advance()
			if p.tok.kind == tokenEnd || p.tok.kind == tokenClose || p.is("or") {
				p.fail(and.pos, and.end, `something is missing after "and"`)
			}
		}
		nodes = appendFlat[*And](nodes, p.unary())
		count++
	}
	switch len(nodes) {
	case 0:
		what := "a condition is missing here"
		if p.is("or") {
			what = `something is missing before "or"`
		}
		p.fail(p.tok.pos, p.tok.end, "%s", what)
	case 1:
		return nodes[0], false
	}
	return &And{nodes}, count > 1
}

// appendFlat adds a node, or its own nodes if it is of the kind being built.
func appendFlat[T Node](nodes []Node, n Node) []Node {
	if _, same := n.(T); same {
		switch n := n.(type) {
		case *And:
			return append(nodes, n.Nodes...)
		case *Or:
			return append(nodes, n.Nodes...)
		case *Any:
			return append(nodes, n.Nodes...)
		}
	}
	return append(nodes, n)
}

func (p *parser) enter() {
	if p.depth++; p.depth > maxDepth {
		p.fail(p.tok.pos, p.tok.end, "too many parentheses within each other")
	}
}

func (p *parser) unary() Node {
	if p.tok.kind != tokenNot && !p.is("not") {
		return p.list()
	}
	not := p.tok
	p.advance()
	if p.tok.kind == tokenEnd || p.tok.kind == tokenClose || p.is("or") {
		p.fail(not.pos, not.end, "something is missing after %q", not.text)
	}
	p.enter()
	n := &Not{p.unary()}
	p.depth--
	return n
}

// list reads one term, or several with commas.
func (p *parser) list() Node {
	nodes := appendFlat[*Any](nil, p.term())
	for p.tok.kind == tokenComma {
		comma := p.tok
		p.advance()
		switch {
		case p.tok.kind == tokenNot || p.is("not"):
			p.fail(p.tok.pos, p.tok.end, "%q needs parentheses after a comma", p.tok.text)
		case p.tok.kind != tokenWord && p.tok.kind != tokenOpen || p.is("or"):
			p.fail(comma.pos, comma.end, "something is missing after the comma")
		}
		nodes = appendFlat[*Any](nodes, p.term())
	}
	if len(nodes) == 1 {
		return nodes[0]
	}
	return &Any{nodes}
}

func (p *parser) term() Node {
	t := p.tok
	switch t.kind {
	case tokenOpen:
		p.enter()
		p.advance()
		if p.tok.kind == tokenClose {
			p.fail(t.pos, p.tok.end, "nothing between the parentheses")
		}
		n := p.or()
		if p.tok.kind != tokenClose {
			p.fail(t.pos, t.end, `a ")" is missing for this "("`)
		}
		p.depth--
		p.advance()
		return n
	case tokenWord:
		p.advance()
		return p.word(t)
	case tokenOp:
		p.fail(t.pos, t.end, "%q needs a field before it (prem>=25k)", t.text)
	case tokenComma:
		p.fail(t.pos, t.end, "something is missing before the comma")
	}
	p.fail(t.pos, t.end, "a condition is missing here")
	return nil
}

// word reads what begins with a word: a comparison, has(), abs(), a reserved
// word or a ticker.
func (p *parser) word(t token) Node {
	name := strings.ToLower(t.text)
	if p.tok.kind == tokenOpen && p.tok.pos == t.end {
		switch name {
		case "has":
			f, _ := p.inParentheses(t)
			if f.unit == unitName || f.lack == 0 {
				p.warn(t.pos, p.tok.pos, "%s is always known", f.name)
			}
			return &Has{f.name}
		case "abs":
			f, end := p.inParentheses(t)
			if f.get == nil || f.unit == unitDate {
				p.fail(t.pos, end, "abs(%s): %s has no sign", f.name, f.name)
			}
			if p.tok.kind != tokenOp {
				p.fail(t.pos, end, "abs(%s) needs a comparison: abs(%s)>0.4", f.name, f.name)
			}
			return p.compare(t.pos, f, true)
		}
	}
	switch {
	case p.tok.kind == tokenOp:
		return p.compare(t.pos, p.fieldOf(t, p.tok.text), false)
	case name == "twin":
		p.fail(t.pos, t.end, "twin is not available yet")
	case name == "and":
		p.fail(t.pos, t.end, `something is missing before "and" ($and is the ticker)`)
	case isWord(name):
		return &Word{name}
	}
	return p.ticker(t)
}

// fieldOf is the field that stands before an operator or in parentheses.
func (p *parser) fieldOf(t token, op string) *field {
	if f := fieldNamed(t.text); f != nil {
		return f
	}
	name := strings.ToLower(t.text)
	switch {
	case name == "top" || name == "twin":
		p.fail(t.pos, t.end, "%s is not available yet", name)
	case isWord(name):
		p.fail(t.pos, t.end, "%s%s: %s stands alone, without a comparison", name, op, name)
	}
	if near := nearest(name, fieldNames()); near != "" {
		p.fail(t.pos, t.end, "%s: unknown field %q, did you mean %s?", short(t.text)+op, short(t.text), near)
	}
	p.fail(t.pos, t.end, "%s: unknown field %q", short(t.text)+op, short(t.text))
	return nil
}

// inParentheses reads (field) after has or abs.
func (p *parser) inParentheses(t token) (f *field, end int) {
	p.advance()
	inner := p.tok
	if inner.kind != tokenWord {
		p.fail(t.pos, inner.end, "%s( needs a field: %s(delta)", strings.ToLower(t.text), strings.ToLower(t.text))
	}
	f = p.fieldOf(inner, "")
	p.advance()
	if p.tok.kind != tokenClose {
		p.fail(t.pos, inner.end, `a ")" is missing after %s(%s`, strings.ToLower(t.text), f.name)
	}
	end = p.tok.end
	p.advance()
	return f, end
}

// compare reads an operator and its values; pos is where the clause begins.
func (p *parser) compare(pos int, f *field, abs bool) Node {
	op := p.tok
	n := &Compare{Field: f.name, Abs: abs, Op: op.text}
	if n.Op == "==" {
		n.Op = "="
	}
	p.advance()
	for {
		t := p.tok
		if t.kind != tokenWord {
			p.fail(pos, op.end, "a value is missing after %s", short(strings.TrimSpace(p.text[pos:op.end])))
		}
		p.advance()
		n.Values = append(n.Values, p.value(f, n.Op, clause{pos, t, len(n.Values)}))
		if p.tok.kind != tokenComma || p.termFollows() {
			return n
		}
		op = p.tok
		p.advance()
	}
}

// termFollows reports whether a whole term and not one more value stands after
// the comma that is to be looked at.
func (p *parser) termFollows() bool {
	ahead := p.lex
	first := ahead.next()
	if first.kind != tokenWord {
		return first.kind == tokenOpen || first.kind == tokenNot
	}
	second := ahead.next()
	return second.kind == tokenOp || second.kind == tokenOpen && second.pos == first.end
}

// short keeps what is quoted from the line to a readable length and to what can
// be printed.
func short(text string) string {
	const most = 24
	var b strings.Builder
	runes := 0
	for _, r := range text {
		if runes++; runes > most {
			b.WriteRune('…')
			break
		}
		if !unicode.IsPrint(r) {
			r = unicode.ReplacementChar
		}
		b.WriteRune(r)
	}
	return b.String()
}
