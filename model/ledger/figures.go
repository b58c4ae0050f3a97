package ledger

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"optflow/model"
	"optflow/model/session"
)

// Spread is how returns came out, as shares.
type Spread struct {
	N            int
	Mean, Median float64 // NaN when there are none
}

// Opening is what the open interest proves, summed over alerts.
type Opening struct {
	Told, Cannot int   // alerts
	Lots         int64 // of those told
	Opened       int64 // at least
	Closed       int64 // at least, if none was exercised
}

// Figures are one version of a rule at one horizon. Alerts that were held back
// are in them: holding back must not choose.
type Figures struct {
	Rule    string
	Version string
	Number  int // the how manieth version of that name
	Horizon Horizon
	Sim     bool // prices are invented: these rates mean nothing

	N, Days, Held, Revised int
	Waiting                int // not due, or not written yet

	Hit       Estimate // rate, 0 to 1
	Ties      int
	Sideless  int
	Control   float64  // rate of its controls; NaN
	Diff      Estimate // of the rates
	Unmatched int      // alerts that found no control, left out of the comparison

	Mid, Net Spread
	Opening  Opening
	Lost     int // alerts without a return or without a direction, for a reason
	Why      map[string]int
}

// Figures are those of all versions at a horizon, by name and number; simulated
// ones apart.
func (l *Ledger) Figures(h Horizon, cal *session.Calendar, sim bool) []Figures {
	var versions []string
	of := map[string][]*Followed{}
	for _, f := range l.all {
		if f.Control() || f.Sim != sim {
			continue
		}
		if of[f.Version] == nil {
			versions = append(versions, f.Version)
		}
		of[f.Version] = append(of[f.Version], f)
	}
	draw := l.drawFrom(sim)
	numbers := map[string]int{}
	list := make([]Figures, 0, len(versions))
	for _, v := range versions { // by the first alert of each
		g := figures(of[v], h, cal, draw)
		numbers[g.Rule]++
		g.Number = numbers[g.Rule]
		list = append(list, g)
	}
	slices.SortStableFunc(list, func(a, b Figures) int { return cmp.Or(cmp.Compare(a.Rule, b.Rule), b.Number-a.Number) })
	return list
}

// Versions is how many versions of rules were tried.
func (l *Ledger) Versions(sim bool) int {
	seen := map[string]bool{}
	for _, f := range l.all {
		if !f.Control() && f.Sim == sim {
			seen[f.Version] = true
		}
	}
	return len(seen)
}

// Best is the version and horizon that stands out most, with an interval that
// allows for how many were tried (Bonferroni over versions × horizons). It is
// false when none has an interval.
func (l *Ledger) Best(cal *session.Calendar, sim bool) (best Figures, ok bool) {
	tried := float64(l.Versions(sim) * len(Horizons()))
	for _, h := range Horizons() {
		for _, g := range l.Figures(h, cal, sim) {
			g.Diff = g.Diff.At(1 - (1-level)/tried)
			if !math.IsNaN(g.Diff.Low) && (!ok || g.Diff.Low > best.Diff.Low) {
				best, ok = g, true
			}
		}
	}
	return best, ok
}

// figures reckons one version.
func figures(all []*Followed, h Horizon, cal *session.Calendar, draw controls) Figures {
	g := Figures{Horizon: h, Control: math.NaN(), Why: map[string]int{}}
	days, compared := map[int]*cluster{}, map[int]*cluster{}
	var drawn []pair
	dates := map[model.Date]bool{}
	var mids, nets []float64
	for _, f := range all {
		g.Rule, g.Version, g.Sim = f.Rule, f.Version, f.Sim // the name it had last
		g.N++
		dates[f.date] = true
		if f.Held != "" {
			g.Held++
		}
		if f.Revised != 0 {
			g.Revised++
		}
		g.Opening.add(f)
		lost := ""
		r, why, open := f.Return(h)
		switch {
		case open:
			g.Waiting++
		case why != "":
			lost = why
		default:
			mids = append(mids, r.Mid)
			if !math.IsNaN(r.Net) {
				nets = append(nets, r.Net)
			}
		}
		switch o, why := f.Hit(h); o {
		case Tie:
			g.Ties++
		case Sideless:
			g.Sideless++
		case Lost:
			if lost == "" {
				lost = why
			}
		case Hit, Miss:
			x := 0.0
			if o == Hit {
				x = 1
			}
			at(days, f.date).add(x)
			if few := draw.of(f, h, before(cal, f.date)); len(few) > 0 {
				at(compared, f.date).add(x)
				drawn = append(drawn, pair{f.date, few})
			} else {
				g.Unmatched++
			}
		}
		if lost != "" {
			g.Lost++
			g.Why[lost]++
		}
	}
	g.Days = len(dates)
	g.Hit = estimate(days)
	subtract(compared, drawn, h)
	g.Diff = estimate(compared)
	if g.Diff.Days > 0 {
		g.Control = controlRate(compared)
	}
	g.Mid, g.Net = spread(mids), spread(nets)
	return g
}

// pair is an alert's date and its controls.
type pair struct {
	date model.Date
	of   []*Followed
}

// at is a day's cluster, made if it is new.
func at(days map[int]*cluster, date model.Date) *cluster {
	d := days[int(date)]
	if d == nil {
		d = &cluster{}
		days[int(date)] = d
	}
	return d
}

func (d *cluster) add(x float64) {
	d.sum += x
	d.n++
}

// subtract enters the controls of alerts on the days on which they happened. An
// alert's controls have together the weight that the alert has in its day's mean.
func subtract(days map[int]*cluster, drawn []pair, h Horizon) {
	for _, p := range drawn {
		n := days[int(p.date)].n
		each := weight(n) / float64(n) / float64(len(p.of))
		for _, k := range p.of {
			d := at(days, k.date)
			d.held += each
			if o, _ := k.Hit(h); o == Hit {
				d.other += each
			}
		}
	}
}

// controlRate is the rate of what was subtracted.
func controlRate(days map[int]*cluster) float64 {
	other, held := 0.0, 0.0
	for _, day := range slices.Sorted(maps.Keys(days)) {
		other += days[day].other
		held += days[day].held
	}
	return other / held
}

// before are the sessions before a date from which controls may come.
func before(cal *session.Calendar, date model.Date) (sessions []model.Date) {
	for range sessionsBack {
		date = cal.Previous(date)
		sessions = append(sessions, date)
	}
	return sessions
}

func spread(x []float64) Spread {
	s := Spread{N: len(x), Mean: math.NaN(), Median: math.NaN()}
	if len(x) == 0 {
		return s
	}
	x = slices.Sorted(slices.Values(x))
	s.Mean = 0
	for _, v := range x {
		s.Mean += v / float64(len(x))
	}
	s.Median = (x[(len(x)-1)/2] + x[len(x)/2]) / 2
	return s
}

func (o *Opening) add(f *Followed) {
	b, cannot := f.Interest()
	if cannot != "" {
		if cannot != "not yet" {
			o.Cannot++
		}
		return
	}
	o.Told++
	o.Lots += b.Lots
	o.Opened += b.Opened
	o.Closed += b.Closed
}
