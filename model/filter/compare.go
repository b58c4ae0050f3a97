package filter

import (
	"math"
	"slices"
	"strings"

	"optflow/model"
	"optflow/model/ticker"
)

func compileCompare(n *Compare, env Env) evaluator {
	f := fieldNamed(n.Field)
	e := evaluator{cost: f.cost + len(n.Values) - 1, lack: f.lack}
	switch f.unit {
	case unitSide:
		e.predicate = compareSide(bitsOf(n.Values))
	case unitMark:
		marks := model.Marks(bitsOf(n.Values))
		e.lack, e.predicate = lackOfMarks(marks), anyMark(env, marks)
	case unitSource:
		bits := bitsOf(n.Values)
		e.predicate = func(r *model.Burst, _ *model.Contract, _ int64) Truth {
			return model.TruthOf(bits&(1<<r.Source) != 0)
		}
	case unitName:
		e.predicate = compareName(n.Field == "root", n.Values)
	default:
		if g := fieldNamed(n.Values[0].Field); g != nil {
			e.cost, e.lack = f.cost+g.cost, f.lack|g.lack
			e.predicate = compareFields(f, g, n)
			break
		}
		e.predicate = compareNumber(f, n)
	}
	if inner := e.predicate; n.Op == "!=" {
		e.predicate = func(r *model.Burst, c *model.Contract, now int64) Truth { return inner(r, c, now).Not() }
	}
	return e
}

func bitsOf(values []Value) (bits uint32) {
	for _, v := range values {
		bits |= uint32(v.Lo)
	}
	return bits
}

func compareSide(bits uint32) predicate {
	return func(r *model.Burst, _ *model.Contract, _ int64) Truth {
		if r.Side == model.SideUnknown {
			return Unknown
		}
		return model.TruthOf(bits&(1<<r.Side) != 0)
	}
}

func compareName(root bool, values []Value) predicate {
	var names []string
	for _, v := range values {
		if name := strings.ToUpper(v.Text); root {
			names = append(names, name)
		} else {
			names = append(names, ticker.Spellings(name)...)
		}
	}
	if root {
		return func(_ *model.Burst, c *model.Contract, _ int64) Truth {
			return model.TruthOf(slices.Contains(names, c.Root))
		}
	}
	if len(names) == 2 { // one ticker, which nearly every filter has
		a, b := names[0], names[1]
		return func(_ *model.Burst, c *model.Contract, _ int64) Truth {
			return model.TruthOf(c.Underlying == a || c.Underlying == b)
		}
	}
	return func(_ *model.Burst, c *model.Contract, _ int64) Truth {
		for _, name := range names {
			if name == c.Underlying {
				return True
			}
		}
		return False
	}
}

// bounds turns an operator and a value into the numbers that fit, both ends
// included, so that one test serves all operators.
func bounds(op string, v Value, single bool) (lo, hi float64) {
	lo, hi = v.Lo, v.Hi
	if single { // the row's value went through float32, so does what it is compared with
		lo, hi = float64(float32(lo)), float64(float32(hi))
	}
	switch op {
	case "<":
		return math.Inf(-1), math.Nextafter(lo, math.Inf(-1))
	case "<=":
		return math.Inf(-1), hi
	case ">":
		return math.Nextafter(hi, math.Inf(1)), math.Inf(1)
	case ">=":
		return lo, math.Inf(1)
	}
	return lo, hi
}

func compareNumber(f *field, n *Compare) predicate {
	los, his := make([]float64, len(n.Values)), make([]float64, len(n.Values))
	for i, v := range n.Values {
		los[i], his[i] = bounds(n.Op, v, f.single)
	}
	lo, hi := los[0], his[0]
	within := func(x float64) Truth {
		for i := range los {
			if x >= los[i] && x <= his[i] {
				return True
			}
		}
		if x != x {
			return Unknown
		}
		return False
	}
	get := f.get
	switch {
	case f.unit == unitDuration:
		return func(r *model.Burst, _ *model.Contract, now int64) Truth { return within(float64(now - r.Start)) }
	case f.unit == unitClock:
		return func(r *model.Burst, _ *model.Contract, _ int64) Truth {
			return within(float64(model.TimeOfDay(r.Start)))
		}
	case n.Abs:
		return func(r *model.Burst, c *model.Contract, _ int64) Truth { return within(math.Abs(get(r, c))) }
	case len(los) > 1:
		return func(r *model.Burst, c *model.Contract, _ int64) Truth { return within(get(r, c)) }
	case f.name == "prem": // the field of nearly every filter
		return func(r *model.Burst, _ *model.Contract, _ int64) Truth {
			if r.Kind == model.KindGap {
				return Unknown
			}
			return model.TruthOf(r.Premium >= lo && r.Premium <= hi)
		}
	}
	return func(r *model.Burst, c *model.Contract, _ int64) Truth {
		x := get(r, c)
		if x >= lo && x <= hi {
			return True
		}
		if x != x {
			return Unknown
		}
		return False
	}
}
