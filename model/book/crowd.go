package book

import (
	"encoding/binary"
	"slices"

	"optflow/model"
	"optflow/model/tape"
)

// crowdTurns is in how many ticks all accounts of a day are gone through, when
// the tape is full: a second, so that no tick is long.
const crowdTurns = 4

// crowd thins the accounts out in a flood.
type crowd struct {
	days *days
	tape *tape.Writer

	last    int // number of the account looked at last
	packed  int // bytes of packed windows when all had been looked at
	packing int // and of those looked at since
	most    int // bytes of them that may stay
}

// thin packs, some accounts at a time, the windows whose rows have left a tape
// that is full. There a flood is on, and what is kept of it must not be many
// times what the tape keeps. A correction of such a window changes the accounts
// only, as one does that comes after the tape's time.
func (c *crowd) thin() {
	day := c.days.today()
	if day == nil || !c.tape.Full() {
		return
	}
	first := c.tape.Oldest()
	for range len(day.accounts)/crowdTurns + 1 {
		if c.last++; c.last >= len(day.accounts) {
			c.last, c.packed, c.packing = 0, c.packing, 0
		}
		if c.last >= len(day.accounts) || day.accounts[c.last] == nil {
			continue
		}
		a := day.accounts[c.last]
		a.windows.packGone(first)
		if c.packed > c.most {
			a.halve()
		}
		c.packing += len(a.windows.packed)
	}
}

// packGone packs as many of the oldest hot windows as have lost their rows, be
// it those or others: bars need not come in the order of their times. It gives
// memory back that is not needed any more.
func (w *windows) packGone(first uint64) {
	gone := 0
	for i := range w.hot {
		if seq := w.hot[i].seq; seq < first || seq == tape.NoSeq {
			gone++
		}
	}
	w.packFirst(gone)
	if cap(w.hot) > 8 && cap(w.hot) > 2*len(w.hot) {
		w.hot = append(make([]window, 0, len(w.hot)+max(1, len(w.hot)/4)), w.hot...)
	}
}

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

// packedMost is how many bytes packed windows may take in all accounts of a date,
// while the tape is full: three times what a busy day needs, or what a flood of all
// that may trade brings in six minutes.
const packedMost = 64 << 20

// halve forgets the older half of the packed windows. Their sums stay. Windows of
// the past are needed for as long as there are any, so an account with some keeps
// all.
func (a *account) halve() {
	if w := &a.windows; w.count > 1 && a.history == 0 {
		w.forget(w.count / 2)
	}
}

// forget lets the first n packed windows go.
func (w *windows) forget(n int) {
	data := w.packed
	for range n {
		gap, k := binary.Uvarint(data)
		value, m := binary.Uvarint(data[k:])
		data = data[k+m:]
		w.base += int32(gap) * int32(model.Second)
		size := int64(value >> windowBits)
		w.sum -= size
		w.goneSum += size
	}
	w.packed = append([]byte(nil), data...)
	w.count -= n
	w.gone += n
}

// forgot reports whether a start lies among windows that are forgotten: nobody can
// tell a window there that is new from one that is known.
func (w *windows) forgot(start int32) bool { return w.gone > 0 && start <= w.base }

// leftOut reports whether a bar is of a time whose windows are forgotten. It is
// counted then, and left out of the account: what it holds is in there or missing.
func (b *bars) leftOut(a *account, bar *model.Bar) bool {
	if !a.windows.forgot(int32(bar.Start - a.day.from)) {
		return false
	}
	b.beyond.Add(bar.Volume)
	return true
}
