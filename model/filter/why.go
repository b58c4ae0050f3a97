package filter

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"optflow/model"
)

// Why says what made a row match: a short text for each condition that was met,
// "premium 612,000 ≥ 500,000", "side A = ask", "sure". Of alternatives it is the
// first that was met. It is nil for a row that does not match.
func (f *Filter) Why(r *model.Burst, c *model.Contract, now int64) []string {
	if f.root == nil || f.Match(r, c, now) != True {
		return nil
	}
	w := why{row: r, contract: c, now: now, rules: f.rules}
	w.node(f.root)
	return w.said
}

type why struct {
	row      *model.Burst
	contract *model.Contract
	now      int64
	rules    *model.Rules
	said     []string
}

func (w *why) met(n Node) bool {
	e := compile(n, Env{Rules: w.rules})
	return e.predicate(w.row, w.contract, w.now) == True
}

// node says why a node is true: of alternatives by the first that is.
func (w *why) node(n Node) {
	switch n := n.(type) {
	case *Group:
		if n.Join != And {
			if i := slices.IndexFunc(n.Nodes, w.met); i >= 0 {
				w.node(n.Nodes[i])
			}
			return
		}
		for _, kid := range n.Nodes {
			w.node(kid)
		}
	case *Ticker:
		w.say(w.contract.Underlying)
	case *Ref:
		if n.Node == nil {
			w.say(Print(n))
			return
		}
		w.node(n.Node)
	case *Word:
		w.say(n.Name)
	case *Compare:
		w.say(w.compared(n))
	default:
		w.say(Print(n))
	}
}

func (w *why) say(text string) {
	if !slices.Contains(w.said, text) {
		w.said = append(w.said, text)
	}
}

var signs = map[string]string{"=": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}

// longNames are what a text calls a field whose name is short.
var longNames = map[string]string{
	"prem": "premium", "vol": "volume", "oi": "OI", "vol/oi": "volume/OI", "dte": "DTE", "exp": "expiry", "iv": "IV", "otm": "OTM",
}

// compared writes a comparison that is true: what the row has, and what it was
// compared with.
func (w *why) compared(n *Compare) string {
	f := fieldNamed(n.Field)
	name, has := longName(f), ""
	switch f.unit {
	case unitSide:
		has = w.row.Side.String()
	case unitMark:
		has = model.MarksOf(&w.row.Row, w.contract, w.rules).String()
	case unitSource:
		for _, c := range sourceChoices {
			if c.bits&(1<<w.row.Source) != 0 {
				has = c.name
			}
		}
	case unitName:
		if has = w.contract.Underlying; f.name == "root" {
			has = w.contract.Root
		}
	case unitDate:
		has = w.contract.Expiry.Short()
	case unitDuration:
		has = (time.Duration(w.now-w.row.Start) * time.Millisecond).Round(time.Second).String()
	case unitClock:
		has = time.UnixMilli(w.row.Start).In(model.NewYork).Format(time.TimeOnly)
	default:
		name, has = w.number(f, n.Abs)
		if g := fieldNamed(n.Values[0].Field); g != nil {
			other, number := w.number(g, n.Values[0].Abs)
			return name + " " + has + " " + signs[n.Op] + " " + other + " " + number
		}
	}
	with := make([]string, len(n.Values))
	for i, v := range n.Values {
		if with[i] = v.Text; f.get != nil && f.unit != unitDate && v.Lo == v.Hi {
			if f.unit == unitPercent {
				v.Lo *= 100
			}
			with[i] = figure(f, v.Lo)
		}
	}
	if f.unit == unitName {
		for i := range with {
			with[i] = strings.ToUpper(with[i])
		}
		if len(with) == 1 && n.Op == "=" {
			return name + " " + has
		}
	}
	return name + " " + has + " " + signs[n.Op] + " " + strings.Join(with, ",")
}

func longName(f *field) string {
	if long, ok := longNames[f.name]; ok {
		return long
	}
	return f.name
}

// number is a number of the row, and what it is called.
func (w *why) number(f *field, abs bool) (name, has string) {
	name = longName(f)
	v := f.get(w.row, w.contract)
	if f.unit == unitPercent {
		v *= 100
	}
	if abs {
		v, name = math.Abs(v), "abs("+name+")"
	}
	return name, figure(f, v)
}

// figure writes a number of a field as a sentence does: 612,000, 4.85, 62.3%. A
// large amount is cut to whole dollars, so that it is not said to reach more
// than it does.
func figure(f *field, v float64) string {
	var text string
	switch {
	case (f.unit == unitMoney || f.unit == unitCount) && math.Abs(v) >= 1000:
		text = strconv.FormatFloat(math.Trunc(v), 'f', 0, 64)
	case f.single: // as it was held
		text = strconv.FormatFloat(v, 'f', -1, 32)
	default:
		v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
		text = strconv.FormatFloat(v, 'f', -1, 64)
	}
	whole, rest, broken := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if broken {
		whole += "." + rest
	}
	if f.unit == unitPercent {
		whole += "%"
	}
	return whole
}
