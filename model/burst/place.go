package burst

import "optflow/model"

// create makes a burst in a slot.
func (b *Set) create(s *strand, d *derived) uint32 {
	id := b.slots.take()
	b.counts.born++
	e := b.slots.at(id)
	*e = Burst{
		Burst: d.burst, born: b.counts.born, touched: b.minute, alive: true,
		Over: d.burst.Kind != model.KindGap && d.burst.Premium >= s.floor,
	}
	b.lineOf(e).insert(id)
	b.note(id, Added, d.burst.Start)
	if d.burst.Kind != model.KindGap {
		b.counts.Seen++
		b.count(s, id, e)
		b.wheel[b.minute] = append(b.wheel[b.minute], due{id, e.born})
	}
	return id
}

// apply gives a burst its new contents.
func (b *Set) apply(s *strand, id uint32, d *derived) {
	e := b.slots.at(id)
	over := d.burst.Kind != model.KindGap && d.burst.Premium >= s.floor
	was, before, ranked := e.Start, e.Premium, e.Rank != 0
	moved := was != d.burst.Start || over != e.Over
	if moved {
		b.lineOf(e).remove(id)
	}
	e.Burst, e.Over = d.burst, over
	if moved {
		b.lineOf(e).insert(id)
	}
	if d.burst.Kind != model.KindGap {
		b.recount(s, id, e, before, ranked)
	}
	b.touch(id, e, was)
}

// grow adds the next window to the last burst of a strand.
func (b *Set) grow(s *strand, id uint32, row *model.Row) {
	e := b.slots.at(id)
	before, ranked := e.Premium, e.Rank != 0
	fold(&e.Burst, &s.last, row, model.KindBurst)
	b.recount(s, id, e, before, ranked)
	if over := e.Premium >= s.floor; over != e.Over {
		b.lineOf(e).remove(id)
		e.Over = over
		b.lineOf(e).insert(id)
	}
	b.touch(id, e, e.Start)
}

func (b *Set) touch(id uint32, e *Burst, was int64) {
	e.touched = b.minute
	if was != e.Start {
		b.note(id, Moved, was)
	} else {
		b.note(id, Grew, was)
	}
}

// unite takes a burst away whose windows now belong to others, or are gone.
func (b *Set) unite(id uint32) {
	b.counts.Seen--
	e := b.slots.at(id)
	b.strands[e.Contract].among.remove(e.Premium)
	b.remove(id)
}
