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
	waits    []Warning
	refs     *int     // names that the line led to so far
	within   []string // the names that this text is of, outermost first
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

// Error is a line that cannot be read. Pos and End are byte offsets of the
// wrong part; at the end of the line both may be its length.
type Error struct {
	Pos, End int
	Text     string // a whole sentence for the user
}

// Error is the sentence.
func (e *Error) Error() string { return e.Text }

// Warning is a part of a line that was accepted but may not be meant.
type Warning struct {
	Pos, End int
	Text     string
}

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
		nodes = Or.add(nodes, n)
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
	return Or.of(nodes)
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
		nodes = And.add(nodes, p.unary())
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
	return And.of(nodes), count > 1
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
	nodes := Comma.add(nil, p.term())
	for p.tok.kind == tokenComma {
		comma := p.tok
		p.advance()
		switch {
		case p.tok.kind == tokenNot || p.is("not"):
			p.fail(p.tok.pos, p.tok.end, "%q needs parentheses after a comma", p.tok.text)
		case p.tok.kind != tokenWord && p.tok.kind != tokenOpen || p.is("or"):
			p.fail(comma.pos, comma.end, "something is missing after the comma")
		}
		nodes = Comma.add(nodes, p.term())
	}
	return Comma.of(nodes)
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
