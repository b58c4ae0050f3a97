package book

import "optflow/model/tape"

// crowdTurns is in how many ticks all accounts of a day are gone through, when
// the tape is full: some seconds, so that no tick is long.
const crowdTurns = 10

// thin packs, some accounts at a time, the windows whose rows have left a tape
// that is full. There a flood is on, and what is kept of it must not be many
// times what the tape keeps. A correction of such a window changes the accounts
// only, as one does that comes after the tape's time.
func (b *Book) thin() {
	day := b.days.today()
	if day == nil || !b.tape.Full() {
		return
	}
	first := b.tape.Oldest()
	for range len(day.accounts)/crowdTurns + 1 {
		if b.thinned++; b.thinned >= len(day.accounts) {
			b.thinned = 0
		}
		if b.thinned < len(day.accounts) && day.accounts[b.thinned] != nil {
			day.accounts[b.thinned].windows.packGone(first)
		}
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
	if cap(w.hot) > 16 && cap(w.hot) > 2*len(w.hot) {
		w.hot = append(make([]window, 0, len(w.hot)+len(w.hot)/4), w.hot...)
	}
}
