package burst

import "slices"

// fadeTurns is how often all strands are looked at while as many windows come as
// are remembered at most, where there are too many.
const fadeTurns = 8

// fade forgets windows, some strands at a time, of which so many versions have
// come since as windows are remembered at most: a flood is on. Their rows have
// left the tape or will at once, so their bursts could not be made anew anyway.
// The last window of a contract stays, and with it what its burst needs to grow.
func (b *Set) fade() {
	for b.fading += fadeTurns * len(b.strands); b.fading >= b.options.Windows; b.fading -= b.options.Windows {
		if b.faded++; b.faded >= len(b.strands) {
			b.faded = 0
		}
		if s := b.strands[b.faded]; s != nil {
			b.fadeStrand(s)
		}
	}
}

// fadeStrand forgets as many of the earliest windows as are old, be it those or
// others: windows need not come in the order of their times.
func (b *Set) fadeStrand(s *strand) {
	gone := 0
	for i := range s.windows[:max(0, len(s.windows)-1)] {
		if b.last-b.seqOf(&s.windows[i]) >= uint64(b.options.Windows) {
			gone++
		}
	}
	if gone == 0 {
		return
	}
	for i := range s.windows[:gone] {
		b.drop(&s.windows[i])
		s.closed = max(s.closed, s.windows[i].end())
	}
	if left := len(s.windows) - gone; cap(s.windows) > 16 && cap(s.windows) > 4*left {
		s.windows = append(make([]window, 0, 2*left), s.windows[gone:]...)
	} else {
		s.windows = slices.Delete(s.windows, 0, gone)
	}
	b.windows -= gone
	k := 0
	for ; int(s.parts[k].n) <= gone; k++ {
		gone -= int(s.parts[k].n)
	}
	s.parts = append(s.parts[:0], s.parts[k:]...)
	s.parts[0].n -= int32(gone)
}

// sealed reports whether windows of a burst are forgotten. It goes on at its right
// end, and is closed by whatever would change it elsewhere.
func (b *shelves) sealed(p part) bool { return b.slots.at(p.id).Windows != uint32(p.n) }
