package ledger

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strconv"

	"optflow/model"
)

const (
	// Reserved is how many controls a session has at most.
	Reserved = 200
	// sessionsBack is how many sessions before an alert's its controls come from.
	// Minutes of the same day would carry the same move.
	sessionsBack = 10
	// controlsEach is how many controls an alert takes at most.
	controlsEach = 4
	aroundTime   = 30 * 60_000 // ms of the day that a control may be away
)

// Reservoir picks the controls of a session: of all that is offered those with
// the smallest hash, so that neither order nor outcome has a say.
type Reservoir struct {
	date  model.Date
	held  []*Alert // by rank
	ranks []uint64
}

// rank is a control's place among all that could be picked.
func rank(a *Alert) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(a.Date + " " + a.Contract + " " + strconv.FormatInt(a.Start, 10)))
	return mix(h.Sum64())
}

// mix spreads a hash over all bits (the finalizer of MurmurHash3).
func mix(x uint64) uint64 {
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// Offer gives a burst that matched no rule to the reservoir, and reports whether
// it was picked and which one had to go for it, nil for none. A later date begins
// anew.
func (r *Reservoir) Offer(a *Alert) (picked bool, gone *Alert) {
	date, err := model.ParseDate(a.Date)
	if err != nil || date < r.date {
		return false, nil
	}
	if date > r.date {
		r.date, r.held, r.ranks = date, nil, nil
	}
	at := rank(a)
	i, found := slices.BinarySearch(r.ranks, at)
	if found || i == Reserved {
		return false, nil
	}
	r.held, r.ranks = slices.Insert(r.held, i, a), slices.Insert(r.ranks, i, at)
	if len(r.held) > Reserved {
		gone = r.held[Reserved]
		r.held, r.ranks = r.held[:Reserved], r.ranks[:Reserved]
	}
	return true, gone
}

// bucket of calendar days to expiry: today, a week, a month and a half, more.
func bucket(dte int) int {
	switch {
	case dte <= 0:
		return 0
	case dte <= 7:
		return 1
	case dte <= 45:
		return 2
	}
	return 3
}

// stratum is what an alert and its controls have in common.
type stratum struct {
	underlying string
	kind       model.OptionType
	ask, bid   bool
	bucket     int
}

func (f *Followed) stratum() stratum {
	side := sideOf(f.Side)
	return stratum{f.Underlying, f.contract.Type, side.AskSide(), side.BidSide(), bucket(f.DTE)}
}

// controls are the controls to draw from, by stratum and date.
type controls map[stratum]map[model.Date][]*Followed

// drawFrom gathers the controls of a ledger, at most Reserved a session, those
// that a rule took after all left out.
func (l *Ledger) drawFrom(sim bool) controls {
	taken := map[string]bool{}
	name := func(f *Followed) string { return f.Contract + " " + strconv.FormatInt(f.Start, 10) }
	sessions := map[model.Date][]*Followed{}
	for _, f := range l.all {
		switch {
		case f.Sim != sim:
		case f.Control():
			sessions[f.date] = append(sessions[f.date], f)
		default:
			taken[name(f)] = true
		}
	}
	c := controls{}
	for date, list := range sessions {
		list = slices.DeleteFunc(list, func(f *Followed) bool { return taken[name(f)] })
		slices.SortFunc(list, func(a, b *Followed) int { return cmp.Compare(a.rank, b.rank) })
		for _, f := range list[:min(len(list), Reserved)] {
			if s := f.stratum(); f.listed {
				if c[s] == nil {
					c[s] = map[model.Date][]*Followed{}
				}
				c[s][date] = append(c[s][date], f)
			}
		}
	}
	return c
}

// of are up to controlsEach controls of an alert that came out one way or the
// other at a horizon. Which ones, their rank says. Sessions are the dates before
// the alert's from which they may come.
func (c controls) of(f *Followed, h Horizon, sessions []model.Date) (picked []*Followed) {
	of := c[f.stratum()]
	var places [controlsEach]uint64 // of those picked, in order
	for _, date := range sessions {
		for _, k := range of[date] {
			place := mix(k.rank ^ f.rank)
			if len(picked) == controlsEach && place >= places[controlsEach-1] {
				continue
			}
			if away := k.clock - f.clock; away > aroundTime || away < -aroundTime {
				continue
			}
			if o, _ := k.Hit(h); o != Hit && o != Miss {
				continue
			}
			i, _ := slices.BinarySearch(places[:len(picked)], place)
			picked = slices.Insert(picked, i, k)[:min(len(picked)+1, controlsEach)]
			copy(places[i+1:], places[i:])
			places[i] = place
		}
	}
	return picked
}
