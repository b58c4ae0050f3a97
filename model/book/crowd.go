package book

import "optflow/model/tape"

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
