package model

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
		b.count(s, id, e)
		b.wheel[b.minute] = append(b.wheel[b.minute], burstDue{id, e.born})
	}
	return id
}

// apply gives a burst its new contents.
func (b *Bursts) apply(s *strand, id uint32, d *derived) {
	e := b.slots.at(id)
	over := d.row.Kind != KindGap && d.row.Premium >= s.floor
	was, before, ranked := e.Row.Start, e.Row.Premium, e.Row.Flags&FlagRanked != 0
	moved := was != d.row.Start || over != e.Over
	if moved {
		b.lineOf(e).remove(id)
	}
	e.Row, e.Windows, e.Over = d.row, d.windows, over
	if moved {
		b.lineOf(e).insert(id)
	}
	if d.row.Kind != KindGap {
		b.recount(s, id, e, before, ranked)
	}
	b.touch(id, e, was)
}

// grow adds the next window to the last burst of a strand.
func (b *Bursts) grow(s *strand, id uint32, row *Row) {
	e := b.slots.at(id)
	before, ranked := e.Row.Premium, e.Row.Flags&FlagRanked != 0
	fold(&e.Row, &e.Windows, &s.last, row, KindBurst)
	b.recount(s, id, e, before, ranked)
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
	e := b.slots.at(id)
	b.strands[e.Row.Contract].among.remove(e.Row.Premium)
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
