package burst

import "iter"

// Born counts bursts in the order in which they came: of two in the same slot it
// tells the later one.
func (b *Burst) Born() uint32 { return b.born }

// Alive reports whether the burst has not gone.
func (b *Burst) Alive() bool { return b.alive }

// Each goes over the bursts of the given shelves in any order.
func (b *Set) Each(shelves Shelf) iter.Seq2[uint32, *Burst] { return b.Newest(shelves) }
