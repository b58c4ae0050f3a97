package rules

import "optflow/model"

// edgeName is a rule's version and the contract's symbol or the ticker.
type edgeName struct{ version, symbol string }

// edge is how a contract or ticker stands with a rule. It fires when false turns
// true.
type edge struct {
	date    model.Date
	known   bool  // it was judged
	armed   bool  // true will fire
	was     bool  // it was true when last known
	lacking bool  // it cannot be judged now
	falseAt int64 // ms of market time since when it is false; 0 it is not
	fired   int64 // ms of market time when it fired last; 0 never
}

// step takes a verdict. Turned says that false turned true, early that it did so
// before it was false for long enough. Fresh says that all there is of it was
// seen from the start, so that its having been false is known.
func (g *edge) step(t model.Truth, fresh bool, now, rearm int64) (turned, early bool) {
	switch t {
	case model.Unknowable:
		g.falseAt = 0 // nobody knows that it stayed false
		return false, false
	case model.False:
		if !g.known {
			g.armed = true
		} else if !g.armed {
			if g.falseAt == 0 || g.falseAt > now {
				g.falseAt = now
			}
			g.armed = now-g.falseAt >= rearm
		}
		g.known, g.was = true, false
		return false, false
	}
	was := g.was
	if !g.known {
		g.armed = fresh
		was = !fresh
	}
	g.known, g.was, g.falseAt = true, true, 0
	turned = g.armed && now > g.fired
	early = !g.armed && !was
	g.armed = false
	return turned, early
}

// Accounts tells accounts of the day: all of them at first, for only then is it
// known what was false, and every few seconds, since there may be new ones; in
// between those that changed are enough. Spot is an underlying's price, NaN
// unknown.
func (e *Evaluator) Accounts(list []model.Account, spot func(underlying string) float64) {
	for i := range list {
		acc := &list[i]
		c := e.contracts.At(acc.Contract)
		if c == nil || acc.Day == 0 || acc.Date < e.date {
			continue
		}
		row := model.Burst{Row: acc.Row(spot(c.Underlying), e.now.SpotLate, e.now.Now)}
		fresh := acc.Past == 0 && acc.Lost == 0
		for _, a := range e.rules {
			if a.On == OnContract {
				e.edge(a, &row, c, fresh)
			}
		}
	}
}

// Totals tells the sums of the day, by underlying.
func (e *Evaluator) Totals(list []model.Totals) {
	for i := range list {
		row := model.Burst{Row: list[i].Row(e.now.Now)}
		c := &model.Contract{Underlying: list[i].Underlying, Root: list[i].Underlying}
		for _, a := range e.rules {
			if a.On == OnTicker {
				e.edge(a, &row, c, false)
			}
		}
	}
}

// edge asks a rule of a contract's or ticker's day.
func (e *Evaluator) edge(a *active, row *model.Burst, c *model.Contract, fresh bool) {
	name := edgeName{a.Version, symbolOf(c)}
	g := e.edges[name]
	if g == nil {
		g = &edge{date: e.date}
		e.edges[name] = g
	}
	truth := a.When.Match(row, c, e.now.Now)
	if lacks := truth == model.Unknowable; lacks != g.lacking {
		if g.lacking = lacks; lacks {
			a.stats.Lacked++
			a.stats.Lacks |= a.When.Lacks(row, c, e.now.Now)
		} else {
			a.stats.Lacked--
		}
	}
	turned, early := g.step(truth, fresh, e.now.Now, a.Rearm)
	switch {
	case turned:
		g.fired = e.now.Now
		e.fire(a, row, c, occasion{first: e.now.Now, date: e.date})
	case early:
		e.fire(a, row, c, occasion{first: e.now.Now, date: e.date, reason: HeldRearm})
	}
}
