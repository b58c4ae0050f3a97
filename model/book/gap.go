package book

import (
	"slices"
	"sort"

	"optflow/model"
	"optflow/model/tape"
)

// Grace times in ms: how long volume may be missing before it is a gap. Second
// bars arrive about 2 s after their second; minute bars in a burst after their
// minute, so there the minute itself has to pass as well.
const (
	graceSecond = 10_000
	graceMinute = 60_000 + 15_000
)

// gaps keeps what is missing in the accounts.
type gaps struct {
	time  *timing
	write *rowWriter

	queue []*account // accounts with pending holes
	many  int        // holes of all accounts
	most  int        // holes of one
}

// hole is volume that is missing in one time span of an account: pending at
// first, then a gap with rows of its own.
type hole struct {
	from, to int64  // ms: whole windows of the span then in force
	amount   int64  // contracts
	seq      uint64 // number of the latest row
	asked    int64  // ms: REST has answered up to here
	askTo    int64  // ms: end of the request that is on its way
	waits    int64  // ms: since when, while pending; then until when it is not asked for
	revision uint16
	tries    uint8
	reason   model.GapReason
	pending  bool
	out      bool // a request is on its way
}

// lost reports whether the hole counts as lost volume in the status bar.
func (g *hole) lost() bool { return g.reason == model.GapLost || g.reason == model.GapSinceUnknown }

// gapKey is the identity of a gap row that is filled, so that the same
// identity is never given to another one while that is on the tape.
type gapKey struct {
	from, to int64
	seq      uint64
	revision uint16
}

// addPending books missing volume, joining it with pending volume that lies
// next to it, or with any where the account has all the holes that it may.
func (gs *gaps) addPending(a *account, amount int64, from, to int64) {
	reason := model.GapPending
	if a.unknown && from < a.heard {
		reason = model.GapSinceUnknown
	}
	a.day.setOpen(a, true)
	if !a.queued {
		a.queued = true
		gs.queue = append(gs.queue, a)
	}
	crowded := len(a.holes) >= gs.mostHoles()
	for i := range a.holes {
		if g := &a.holes[i]; g.pending && g.reason == reason && (crowded || from <= g.to && g.from <= to) {
			g.from, g.to = min(g.from, from), max(g.to, to)
			g.amount += amount
			return
		}
	}
	g := hole{from: from, to: to, amount: amount, waits: gs.time.now, seq: tape.NoSeq, reason: reason, pending: true}
	at := sort.Search(len(a.holes), func(i int) bool { return a.holes[i].from > from })
	a.holes = slices.Insert(a.holes, at, g)
	gs.many++
}

// mature turns pending volume that is older than the grace time into gaps.
func (gs *gaps) mature() {
	gs.queue = slices.DeleteFunc(gs.queue, func(a *account) bool {
		a.queued = false
		for i := range a.holes {
			g := &a.holes[i]
			if !g.pending {
				continue
			}
			grace := int64(graceSecond)
			if gs.time.spanAt(g.to-1) == model.Minute {
				grace = graceMinute
			}
			if gs.time.now-g.waits < grace {
				a.queued = true
				continue
			}
			gs.open(a, g, gs.reasonOf(a, g))
		}
		gs.join(a)
		return !a.queued
	})
}

// reasonOf says why a hole's volume is missing.
func (gs *gaps) reasonOf(a *account, g *hole) model.GapReason {
	if g.reason == model.GapSinceUnknown {
		return model.GapSinceUnknown
	}
	for _, o := range a.day.outages {
		if o.reason == model.GapPaused && o.from < g.to && g.from < o.to {
			return model.GapPaused
		}
	}
	return model.GapLost
}

// open gives a pending hole its gap row.
func (gs *gaps) open(a *account, g *hole, reason model.GapReason) {
	if g.reason != model.GapSinceUnknown {
		g.reason = reason
	}
	g.pending, g.waits = false, 0
	g.asked = g.from
	gs.identify(a, g)
	gs.write.gap(a, g)
}

// identify sees to it that no two gap rows of a contract share an identity. A
// filled gap that opens again goes on with its own versions; beside an open
// one of the same span the new one becomes 1 ms narrower.
func (gs *gaps) identify(a *account, g *hole) {
	for again := true; again; {
		again = false
		for i := range a.holes {
			if x := &a.holes[i]; x != g && !x.pending && x.amount > 0 && x.from == g.from && x.to == g.to {
				g.to--
				again = true
			}
		}
	}
	for i := range a.closed {
		if k := a.closed[i]; k.from == g.from && k.to == g.to {
			g.seq, g.revision = k.seq, k.revision+1
			a.closed = slices.Delete(a.closed, i, i+1)
			return
		}
	}
}

// resize changes what is missing in a hole; a gap gets a new version of its
// row. Holes of size 0 are swept by the caller.
func (gs *gaps) resize(a *account, g *hole, amount int64) {
	g.amount = amount
	if g.pending {
		return
	}
	g.revision++
	gs.write.gap(a, g)
	if amount == 0 {
		if len(a.closed) == cap(a.closed) { // what has left the tape is nobody's identity any more
			a.closed = slices.DeleteFunc(a.closed, func(k gapKey) bool { return gs.write.tape.Written(k.seq) == nil })
		}
		a.closed = append(roomy(a.closed), gapKey{from: g.from, to: g.to, seq: g.seq, revision: g.revision})
	}
}

// gap appends the row of a gap: its size, span and reason, and no prices.
func (rw *rowWriter) gap(a *account, g *hole) {
	row := rw.frozen(a, g.from, model.Span(g.to-g.from), g.amount)
	row.Kind, row.Reason, row.Revision = model.KindGap, g.reason, g.revision
	row.DayVolume = uint32(min(a.total, maxCount))
	g.seq = rw.put(a, row, g.seq)
}

// sweep removes holes in which nothing is missing any more.
func (gs *gaps) sweep(a *account) {
	gs.many -= len(a.holes)
	a.holes = slices.DeleteFunc(a.holes, func(g hole) bool { return g.amount == 0 })
	gs.many += len(a.holes)
	if len(a.holes) == 0 {
		a.day.setOpen(a, false)
	}
}
