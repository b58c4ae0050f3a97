package burst

import (
	"iter"

	"optflow/model"
)

// Born counts bursts in the order in which they came: of two in the same slot it
// tells the later one.
func (b *Burst) Born() uint32 { return b.born }

// Alive reports whether the burst has not gone.
func (b *Burst) Alive() bool { return b.alive }

// On reports whether the burst is there, on one of some shelves.
func (b *Burst) On(shelves Shelf) bool {
	switch {
	case !b.alive:
		return false
	case b.Kind == model.KindGap:
		return shelves&ShelfGaps != 0
	case b.Over:
		return shelves&ShelfOver != 0
	}
	return shelves&ShelfUnder != 0
}

// Each goes over the bursts of the given shelves in any order.
func (b *Set) Each(shelves Shelf) iter.Seq2[uint32, *Burst] { return b.Newest(shelves) }
