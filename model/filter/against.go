package filter

import (
	"math"
	"slices"
	"strings"

	"optflow/model"
)

// against reads a field behind an operator, as in size>oi, if there is one.
func (p *parser) against(f *field, op string, c clause, abs bool) (v Value, is bool) {
	name, end := strings.ToLower(c.tok.text), c.tok.end
	var g *field
	if name == "abs" && p.tok.kind == tokenOpen && p.tok.pos == c.tok.end {
		g, end = p.inParentheses(c.tok)
		p.signed(g, c.tok.pos, end)
		v.Abs = true
	} else if g = fieldNamed(name); g == nil {
		return v, false
	}
	c.tok.end, c.tok.text = end, p.text[c.tok.pos:end]
	switch {
	case f.of != g.of:
		p.failValue(c, "%s and %s cannot be compared%s", f.of, g.of, p.like(f, op))
	case f == g && abs == v.Abs:
		p.failValue(c, "%s is compared with itself%s", f.name, p.like(f, op))
	case c.index > 0 || p.tok.kind == tokenComma && !p.termFollows():
		p.failValue(c, "a field stands alone behind %s (%s%s%s or …)", op, f.name, op, g.name)
	}
	if v.Field, v.Text = g.name, g.name; v.Abs {
		v.Text = "abs(" + g.name + ")"
	}
	return v, true
}

// like names the fields that one may be compared with.
func (p *parser) like(f *field, op string) string {
	i := slices.IndexFunc(fields, func(g *field) bool { return g != f && g.of == f.of && g.get != nil })
	if i < 0 {
		return ""
	}
	return " (try " + f.name + op + fields[i].name + ")"
}

// signed refuses abs() of what has no sign.
func (p *parser) signed(f *field, pos, end int) {
	if f.get == nil || f.unit == unitDate {
		p.fail(pos, end, "abs(%s): %s has no sign", f.name, f.name)
	}
}

// holds are the operators between two numbers; != is the not of =.
var holds = map[string]func(a, b float64) bool{
	"=":  func(a, b float64) bool { return a == b },
	"!=": func(a, b float64) bool { return a == b },
	"<":  func(a, b float64) bool { return a < b },
	"<=": func(a, b float64) bool { return a <= b },
	">":  func(a, b float64) bool { return a > b },
	">=": func(a, b float64) bool { return a >= b },
}

// compareFields compares two fields of a row. Where one of them went through
// float32, both do.
func compareFields(f, g *field, n *Compare) predicate {
	left, right, hold := f.get, g.get, holds[n.Op]
	abs, rightAbs, single := n.Abs, n.Values[0].Abs, f.single || g.single
	return func(r *model.Burst, c *model.Contract, _ int64) Truth {
		a, b := left(r, c), right(r, c)
		if a != a || b != b {
			return Unknown
		}
		if abs {
			a = math.Abs(a)
		}
		if rightAbs {
			b = math.Abs(b)
		}
		if single {
			a, b = float64(float32(a)), float64(float32(b))
		}
		return model.TruthOf(hold(a, b))
	}
}
