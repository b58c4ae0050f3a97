package book

import (
	"slices"

	"optflow/model"
	"optflow/model/tape"
)

// Bounds on what is remembered of missing volume: a hole costs 80 bytes, and a
// server may leave new ones every few seconds in all that trades.
const (
	holesMost    = 64      // of a contract
	holesFew     = 3       // of a contract, once there are many in all
	holesCrowded = 1 << 16 // what is many: one of each contract that may trade
)

// mostHoles is how many holes a contract may have.
func (gs *gaps) mostHoles() int {
	if gs.many > holesCrowded {
		return holesFew
	}
	return gs.most
}

// join makes one gap of the oldest ones where a contract has too many: its
// row spans them all, with all that is missing, and they go. A gap that REST is
// being asked for stays as it is.
func (gs *gaps) join(a *account) {
	most := gs.mostHoles()
	if len(a.holes) <= most {
		return
	}
	var old []int
	for i := range a.holes {
		if g := &a.holes[i]; !g.pending && !g.out && g.reason != model.GapSinceUnknown && len(old) <= len(a.holes)-(most+1)/2 {
			old = append(old, i)
		}
	}
	if len(old) < 2 {
		return
	}
	g := a.holes[old[0]]
	g.seq, g.revision = tape.NoSeq, 0
	gs.resize(a, &a.holes[old[0]], 0)
	for _, i := range old[1:] {
		x := &a.holes[i]
		g.join(x)
		gs.resize(a, x, 0)
	}
	gs.sweep(a)
	gs.identify(a, &g)
	a.day.setOpen(a, true)
	a.holes = slices.Insert(a.holes, 0, g)
	gs.many++
	gs.write.gap(a, &a.holes[0])
}

// join takes another gap in. It is as bad as the worse of the two, and is asked
// for from its beginning where anything in it is still to be had.
func (g *hole) join(x *hole) {
	g.from, g.to = min(g.from, x.from), max(g.to, x.to)
	g.amount += x.amount
	g.waits, g.tries = max(g.waits, x.waits), max(g.tries, x.tries)
	for _, worse := range [...]model.GapReason{model.GapLost, model.GapPaused, model.GapPending} {
		if g.reason == worse || x.reason == worse {
			g.reason = worse
			break
		}
	}
	if g.asked = g.to; g.reason != model.GapNotInBars {
		g.asked = g.from
	}
}
