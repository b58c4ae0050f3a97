package burst

import (
	"iter"
	"slices"
)

// Shelf names groups of bursts, as bits.
type Shelf uint8

// The shelves.
const (
	ShelfOver Shelf = 1 << iota
	ShelfUnder
	ShelfGaps
)

// Newest goes over the bursts of the given shelves, the newest first: by start
// of the first window, then by arrival. Nothing may be added meanwhile.
func (b *Set) Newest(shelves Shelf) iter.Seq2[uint32, *Burst] {
	return func(yield func(uint32, *Burst) bool) {
		var places []place
		for i, t := range []*order{&b.over, &b.under, &b.gaps} {
			if shelves&(1<<i) != 0 && t.count > 0 {
				places = append(places, t.newest())
			}
		}
		for len(places) > 0 {
			next := 0
			for i := 1; i < len(places); i++ {
				if b.over.before(places[next].id(), places[i].id()) {
					next = i
				}
			}
			id := places[next].id()
			if !yield(id, b.slots.at(id)) {
				return
			}
			if places[next].older(); places[next].done() {
				places = slices.Delete(places, next, next+1)
			}
		}
	}
}
