package burst

import (
	"iter"
	"slices"

	"optflow/model"
)

// Shelf names groups of bursts, as bits.
type Shelf uint8

// The shelves.
const (
	ShelfOver Shelf = 1 << iota
	ShelfUnder
	ShelfGaps
)

// shelves hold the bursts in order, and what changed among them.
type shelves struct {
	slots    slots
	lines    [3]order // by Burst.line
	changes  []Change
	drained  []Change
	gone     []uint32 // slots of bursts that went since the last Drain
	departed []uint32 // and before it
}

// Get is the burst of a handle, nil for one that was never given out. It may
// change with the next Add, so whoever holds a picture copies it.
func (b *shelves) Get(id uint32) *Burst {
	if int(id) >= b.slots.used {
		return nil
	}
	return b.slots.at(id)
}

// Newest goes over the bursts of the given shelves, the newest first: by start
// of the first window, then by arrival. Nothing may be added meanwhile.
func (b *shelves) Newest(shelves Shelf) iter.Seq2[uint32, *Burst] {
	return func(yield func(uint32, *Burst) bool) {
		var places []place
		for i := range b.lines {
			if t := &b.lines[i]; shelves&(1<<i) != 0 && t.count > 0 {
				places = append(places, t.newest())
			}
		}
		for len(places) > 0 {
			next := 0
			for i := 1; i < len(places); i++ {
				if b.lines[0].before(places[next].id(), places[i].id()) {
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

func (b *shelves) remove(id uint32) {
	e := b.slots.at(id)
	b.lineOf(e).remove(id)
	e.alive = false
	b.note(id, Went, e.Start)
	b.gone = append(b.gone, id)
}

func (b *shelves) lineOf(e *Burst) *order { return &b.lines[e.line()] }

// The lines, each with the bit of its Shelf.
const (
	over = iota
	under
	gaps
)

// line is where a burst stands.
func (b *Burst) line() int {
	switch {
	case b.Kind == model.KindGap:
		return gaps
	case b.Over:
		return over
	}
	return under
}

// On reports whether the burst is there, on one of some shelves.
func (b *Burst) On(shelves Shelf) bool { return b.alive && shelves&(1<<b.line()) != 0 }
