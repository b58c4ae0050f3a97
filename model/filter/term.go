package filter

import "strings"

// term reads what stands between commas.
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
			p.signed(f, t.pos, end)
			if p.tok.kind != tokenOp {
				p.fail(t.pos, end, "abs(%s) needs a comparison: abs(%s)>0.4", f.name, f.name)
			}
			return p.compare(t.pos, f, true)
		}
	}
	switch {
	case strings.HasPrefix(name, "@"):
		return p.ref(t)
	case p.tok.kind == tokenOp:
		return p.compare(t.pos, p.fieldOf(t, p.tok.text), false)
	case name == "and":
		p.fail(t.pos, t.end, `something is missing before "and" ($and is the ticker)`)
	case wordNamed(name) != nil:
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
	if wordNamed(name) != nil {
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
	marks := f.unit == unitMark
	next := func() {
		if p.advance(); marks {
			p.marksBehind(op, n)
		}
	}
	for next(); ; next() {
		t := p.tok
		if t.kind != tokenWord {
			p.fail(pos, op.end, "a value is missing after %s", short(strings.TrimSpace(p.text[pos:op.end])))
		}
		p.advance()
		n.Values = append(n.Values, p.value(f, n, clause{pos, t, len(n.Values)}))
		if p.tok.kind != tokenComma || p.termFollows() {
			return n
		}
		op = p.tok
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
