// Package board shows the bursts of one Set to any number of readers: the writer
// publishes views, which never change, and each reader goes from one to the next
// at its own pace. A view costs what changed since the one before it, not what is
// held, and what did not change is shared.
package board

import (
	"iter"
	"slices"

	"optflow/model/burst"
)

// chunkBursts are copied together when one of them has changed.
const chunkBursts = 64

type chunk [chunkBursts]burst.Burst

// Board publishes a Set. It belongs to the Set's goroutine; views are everybody's.
type Board struct {
	*burst.Set
	chunks []*chunk
	copied []uint64 // by chunk: the view that it was copied for
	views  uint64
	last   *View
}

// View is a Set as it was published once.
type View struct {
	chunks []*chunk
	counts burst.Counts
	since  int64
	log    *entry
}

// entry is what changed with one view: the next one's hangs on it, so that readers
// find their way from any to a later one, and what nobody needs any more goes.
type entry struct {
	ids  []uint32
	next *entry
}

// New is the board of an empty Set.
func New(s *burst.Set) *Board {
	return &Board{Set: s, last: &View{log: new(entry)}}
}

// Last is the view published last.
func (b *Board) Last() *View { return b.last }

// Publish is the Set as it is now; the view before it where nothing has changed.
func (b *Board) Publish() *View {
	changes := b.Drain()
	if len(changes) == 0 && b.Counts() == b.last.counts {
		return b.last
	}
	b.views++
	ids := make([]uint32, len(changes))
	for i, c := range changes {
		ids[i] = c.ID
		*b.at(c.ID) = *b.Get(c.ID)
	}
	v := &View{chunks: slices.Clone(b.chunks), counts: b.Counts(), since: b.Since(), log: &entry{ids: ids}}
	b.last.log.next, b.last = v.log, v
	return v
}

// at is a burst's place in the view that is being made.
func (b *Board) at(id uint32) *burst.Burst {
	k := int(id / chunkBursts)
	for k >= len(b.chunks) {
		b.chunks, b.copied = append(b.chunks, new(chunk)), append(b.copied, b.views)
	}
	if b.copied[k] != b.views {
		fresh := *b.chunks[k]
		b.chunks[k], b.copied[k] = &fresh, b.views
	}
	return &b.chunks[k][id%chunkBursts]
}

// Get is the burst of a handle, nil for one that was never given out.
func (v *View) Get(id uint32) *burst.Burst {
	if k := int(id / chunkBursts); k < len(v.chunks) {
		return &v.chunks[k][id%chunkBursts]
	}
	return nil
}

// Each goes over the bursts of the given shelves in any order.
func (v *View) Each(shelves burst.Shelf) iter.Seq2[uint32, *burst.Burst] {
	return func(yield func(uint32, *burst.Burst) bool) {
		for k, c := range v.chunks {
			for i := range c {
				if c[i].On(shelves) && !yield(uint32(k*chunkBursts+i), &c[i]) {
					return
				}
			}
		}
	}
}

// Counts are the figures of the Set.
func (v *View) Counts() burst.Counts { return v.counts }

// Since is the market time in ms from which bursts over the floor are all here.
func (v *View) Since() int64 { return v.since }

// Changes are what became of bursts from a view to a later one of the same board:
// which of the earlier one went, and what changed or was added in the later one,
// each once. A handle may be in both: its slot is another burst's now.
func Changes(from, to *View, went, changed []burst.Change) (_, _ []burst.Change) {
	var ids []uint32
	for e := from.log; e != to.log; {
		e = e.next
		ids = append(ids, e.ids...)
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		was, is := from.Get(id), to.Get(id)
		kind := burst.Added
		if was != nil && was.Alive() {
			switch {
			case !is.Alive() || is.Born() != was.Born():
				went = append(went, burst.Change{Was: was.Start, ID: id, Kind: burst.Went})
			case is.Start != was.Start:
				kind = burst.Moved
			default:
				kind = burst.Grew
			}
		}
		if is.Alive() {
			start := is.Start
			if kind != burst.Added {
				start = was.Start
			}
			changed = append(changed, burst.Change{Was: start, ID: id, Kind: kind})
		}
	}
	return went, changed
}
