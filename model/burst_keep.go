package model

import (
	"iter"
	"maps"
	"slices"
)

// burstDue is a burst to look at once its minute is Keep ago.
type burstDue struct{ id, born uint32 }

// create makes a burst in a slot.
func (b *Bursts) create(s *strand, d *derived) uint32 {
	id := b.slots.take()
	b.counts.born++
	e := b.slots.at(id)
	*e = Burst{
		Row: d.row, Windows: d.windows, born: b.counts.born, touched: b.minute, alive: true,
		Over: d.row.Kind != KindGap && d.row.Premium >= s.floor,
	}
	b.lineOf(e).insert(id)
	b.note(id, BurstAdded, d.row.Start)
	if d.row.Kind != KindGap {
		b.counts.Seen++
		b.wheel[b.minute] = append(b.wheel[b.minute], burstDue{id, e.born})
	}
	return id
}

// apply gives a burst its new contents.
func (b *Bursts) apply(s *strand, id uint32, d *derived) {
	e := b.slots.at(id)
	over := d.row.Kind != KindGap && d.row.Premium >= s.floor
	was := e.Row.Start
	moved := was != d.row.Start || over != e.Over
	if moved {
		b.lineOf(e).remove(id)
	}
	e.Row, e.Windows, e.Over = d.row, d.windows, over
	if moved {
		b.lineOf(e).insert(id)
	}
	b.touch(id, e, was)
}

// grow adds the next window to the last burst of a strand.
func (b *Bursts) grow(s *strand, id uint32, row *Row) {
	e := b.slots.at(id)
	fold(&e.Row, &e.Windows, &s.last, row, KindBurst)
	if over := e.Row.Premium >= s.floor; over != e.Over {
		b.lineOf(e).remove(id)
		e.Over = over
		b.lineOf(e).insert(id)
	}
	b.touch(id, e, e.Row.Start)
}

func (b *Bursts) touch(id uint32, e *Burst, was int64) {
	e.touched = b.minute
	if was != e.Row.Start {
		b.note(id, BurstMoved, was)
	} else {
		b.note(id, BurstGrew, was)
	}
}

// unite takes a burst away whose windows now belong to others, or are gone.
func (b *Bursts) unite(id uint32) {
	b.counts.Seen--
	b.remove(id)
}

func (b *Bursts) remove(id uint32) {
	e := b.slots.at(id)
	b.lineOf(e).remove(id)
	e.alive = false
	b.note(id, BurstWent, e.Row.Start)
	b.gone = append(b.gone, id)
}

func (b *Bursts) lineOf(e *Burst) *burstOrder {
	switch {
	case e.Row.Kind == KindGap:
		return &b.gaps
	case e.Over:
		return &b.over
	}
	return &b.under
}

// shut forgets the windows of a burst, after which it no longer changes.
func (b *Bursts) shut(id uint32) {
	s := b.strands[b.slots.at(id).Row.Contract]
	if k, offset := s.find(id); k >= 0 {
		b.forget(s, k, k+1, offset, offset+int(s.parts[k].n))
	}
}

// drop forgets a version of which Bursts kept a copy.
func (b *Bursts) drop(seq uint64) {
	if b.kept != nil {
		delete(b.kept, seq)
	}
}

// trim lets the oldest go where there are too many.
func (b *Bursts) trim() {
	for b.over.count > b.options.MaxRows {
		id := b.over.oldest()
		b.since = max(b.since, b.slots.at(id).Row.Start+1)
		b.counts.TrimmedOver++
		b.shut(id)
		b.remove(id)
	}
	for b.under.count > b.options.MaxUnder {
		id := b.under.oldest()
		b.counts.TrimmedUnder++
		b.shut(id)
		b.remove(id)
	}
}

// expire is called when market time advances. Once a minute it closes the
// bursts that have not changed for Keep, and lets those under the floor go.
func (b *Bursts) expire() {
	minute := int32(b.newest / int64(Minute))
	if minute == b.minute {
		return
	}
	b.minute = minute
	keep := int32(b.options.Keep / int64(Minute))
	for _, at := range slices.Sorted(maps.Keys(b.wheel)) {
		if at >= minute-keep {
			break
		}
		list := b.wheel[at]
		delete(b.wheel, at)
		for _, d := range list {
			b.judge(d, minute-keep)
		}
	}
}

// judge closes a burst last touched before the given minute, or puts it off.
func (b *Bursts) judge(d burstDue, before int32) {
	e := b.slots.at(d.id)
	if !e.alive || e.born != d.born {
		return
	}
	touched := e.touched
	if bucket := intervals[b.options.Interval].bucket; bucket > 0 { // it may still grow until its bucket ends
		touched = max(touched, int32((e.Row.Start/bucket+1)*bucket/int64(Minute)))
	}
	if touched >= before {
		b.wheel[touched] = append(b.wheel[touched], d)
		return
	}
	b.shut(d.id)
	if !e.Over {
		b.counts.TrimmedUnder++
		b.remove(d.id)
	}
}

// addGap takes a version of a gap row: one row of its own, gone at size 0. It
// can change for as long as it is held.
func (b *Bursts) addGap(row *Row) {
	s := b.strand(row.Contract)
	k := slices.IndexFunc(s.gaps, func(id uint32) bool {
		r := &b.slots.at(id).Row
		return r.Start == row.Start && r.Span == row.Span
	})
	d := derived{row: *row}
	d.row.Replaces = 0
	switch {
	case k < 0 && row.Size > 0:
		s.gaps = append(s.gaps, b.create(s, &d))
		if b.gaps.count > b.options.MaxGaps {
			b.removeGap(b.gaps.oldest())
		}
	case k < 0:
	case row.Size == 0:
		b.removeGap(s.gaps[k])
	default:
		b.apply(s, s.gaps[k], &d)
	}
}

func (b *Bursts) removeGap(id uint32) {
	s := b.strands[b.slots.at(id).Row.Contract]
	k := slices.Index(s.gaps, id)
	s.gaps = slices.Delete(s.gaps, k, k+1)
	b.remove(id)
}

// clear lets everything go: a new session has begun.
func (b *Bursts) clear() {
	for id := range uint32(b.slots.used) {
		if e := b.slots.at(id); e.alive {
			e.alive = false
			b.note(id, BurstWent, e.Row.Start)
			b.gone = append(b.gone, id)
		}
	}
	for _, t := range []*burstOrder{&b.over, &b.under, &b.gaps} {
		t.blocks, t.count = nil, 0
	}
	clear(b.strands)
	clear(b.wheel)
	clear(b.kept)
	b.since = 0
	b.counts = BurstCounts{born: b.counts.born}
}

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
func (b *Bursts) Newest(shelves Shelf) iter.Seq2[uint32, *Burst] {
	return func(yield func(uint32, *Burst) bool) {
		var places []burstPlace
		for i, t := range []*burstOrder{&b.over, &b.under, &b.gaps} {
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
