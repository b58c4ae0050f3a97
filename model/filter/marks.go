package filter

import (
	"strings"

	"optflow/model"
)

// marksBehind has the lexer go on behind the operator of mark, where > and = are
// marks: mark=W,> and mark==. The second sign of == is a mark where it touches
// the name and nothing follows at once; else it is the == of other languages.
func (p *parser) marksBehind(op token, n *Compare) {
	if n.Op != "=" && n.Op != "!=" {
		p.fail(op.pos, op.end, "mark%s: mark can only be = or !=", op.text)
	}
	at := op.end
	if touches := op.pos > 0 && !isSpace(p.text[op.pos-1]); op.text == "==" && touches && (at == len(p.text) || ends(p.text[at])) {
		at--
	}
	p.tok = p.lex.mark(at)
}

// mark is the token from a place on that runs to what ends a value.
func (l *lexer) mark(at int) token {
	for at < len(l.text) && isSpace(l.text[at]) {
		at++
	}
	l.pos = at
	for l.pos < len(l.text) && !ends(l.text[l.pos]) {
		l.pos++
	}
	if l.pos == at {
		return l.next()
	}
	return token{kind: tokenWord, pos: at, end: l.pos, text: l.text[at:l.pos]}
}

// ends reports whether a letter ends a mark.
func ends(c byte) bool { return isSpace(c) || strings.IndexByte("(),", c) >= 0 }

// severalMarks explains marks that were written as the screen shows them.
func (p *parser) severalMarks(c clause) {
	var each []string
	for _, letter := range c.tok.text {
		if _, is := pick(choices[unitMark], string(letter)); !is {
			return
		}
		each = append(each, string(letter))
	}
	p.failValue(c, "%q is several marks: mark=%s has one of them, mark=%s all", short(c.tok.text), strings.Join(each, ","), strings.Join(each, " mark="))
}

// anyMark answers whether a row carries one of the marks.
func anyMark(env Env, marks model.Marks) predicate {
	rules, fired := env.Rules, env.Fired
	if marks&model.MarkFired != 0 {
		other := marks &^ model.MarkFired
		return func(r *model.Burst, c *model.Contract, _ int64) Truth {
			switch {
			case fired != nil && fired(r):
				return True
			case other == 0:
				return False
			}
			return marked(r, c, rules, other)
		}
	}
	if marks&^(model.MarkUnusual|model.MarkUnusualLater) == 0 {
		return func(r *model.Burst, c *model.Contract, _ int64) Truth { return unusual(r, c, rules, marks) }
	}
	return func(r *model.Burst, c *model.Contract, _ int64) Truth { return marked(r, c, rules, marks) }
}

// marked answers for any of the marks.
func marked(r *model.Burst, c *model.Contract, rules *model.Rules, marks model.Marks) Truth {
	if r.Kind == model.KindGap {
		return Unknown
	}
	truth := False
	if marks&model.MarkWhale != 0 && model.IsWhale(&r.Row, c, rules) {
		return True
	}
	if marks&model.MarkTwin != 0 {
		truth = r.Twin()
	}
	if marks&model.MarkAboveOI != 0 {
		truth = truth.Or(model.AboveOI(&r.Row, rules))
	}
	if marks&(model.MarkUnusual|model.MarkUnusualLater) == 0 {
		return truth
	}
	return truth.Or(unusual(r, c, rules, marks))
}

// unusual answers for U and u.
func unusual(r *model.Burst, c *model.Contract, rules *model.Rules, marks model.Marks) Truth {
	if r.Kind == model.KindGap {
		return Unknown
	}
	mark, told := model.Unusual(&r.Row, c, rules)
	if !told {
		return Unknown
	}
	return model.TruthOf(mark&marks != 0)
}

// lackOfMarks is what telling the marks needs.
func lackOfMarks(marks model.Marks) (lack Lack) {
	for mark, needs := range map[model.Marks]Lack{
		model.MarkWhale: LackPremium, model.MarkUnusual: LackVolume | LackOI | LackPrice, model.MarkUnusualLater: LackVolume | LackOI | LackPrice,
		model.MarkAboveOI: LackOI, model.MarkTwin: LackTwin,
	} {
		if marks&mark != 0 {
			lack |= needs
		}
	}
	return lack
}
