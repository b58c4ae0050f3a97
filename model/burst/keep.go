package burst

import (
	"maps"
	"slices"

	"optflow/model"
)

// due is a burst to look at once its minute is Keep ago.
type due struct{ id, born uint32 }

// leave takes a burst away whose time is over.
func (b *Set) leave(id uint32) {
	b.shut(id)
	if b.options.Left != nil {
		b.options.Left(id, b.slots.at(id))
	}
	b.remove(id)
}

// shut forgets the windows of a burst, after which it no longer changes.
func (b *Set) shut(id uint32) {
	s := b.strands[b.slots.at(id).Contract]
	if k, offset := s.find(id); k >= 0 {
		b.forget(s, k, k+1, offset, offset+int(s.parts[k].n))
	}
}

// trim lets the oldest go where there are too many.
func (b *Set) trim() {
	for b.lines[over].count > b.options.MaxRows {
		id := b.lines[over].oldest()
		b.since = max(b.since, b.slots.at(id).Start+1)
		b.counts.TrimmedOver++
		b.leave(id)
	}
	for b.lines[under].count > b.options.MaxUnder {
		b.counts.TrimmedUnder++
		b.leave(b.lines[under].oldest())
	}
}

// expire is called when market time advances. Once a minute it closes the
// bursts that have not changed for Keep, and lets those under the floor go.
func (b *Set) expire() {
	minute := int32(b.newest / int64(model.Minute))
	if minute == b.minute {
		return
	}
	b.minute = minute
	for _, p := range b.pools {
		p.twins.Expire(b.closedMinute())
	}
	keep := int32(b.options.Keep / int64(model.Minute))
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
func (b *Set) judge(d due, before int32) {
	e := b.slots.at(d.id)
	if !e.alive || e.born != d.born {
		return
	}
	touched := e.touched
	if bucket := intervals[b.options.Interval].bucket; bucket > 0 { // it may still grow until its bucket ends
		touched = max(touched, int32((e.Start/bucket+1)*bucket/int64(model.Minute)))
	}
	if touched >= before {
		b.wheel[touched] = append(b.wheel[touched], d)
		return
	}
	b.shut(d.id)
	if b.options.Left != nil && e.Rank == 0 && b.strands[e.Contract].among.n < RankFrom {
		b.wheel[b.minute] = append(b.wheel[b.minute], d) // who asks is told its rank as well
		e.touched = b.minute
		return
	}
	if !e.Over {
		b.counts.TrimmedUnder++
		b.leave(d.id)
	}
}

// clear lets everything go: a new session has begun.
func (b *Set) clear() {
	for id := range uint32(b.slots.used) {
		if e := b.slots.at(id); e.alive {
			if b.options.Left != nil {
				b.options.Left(id, e)
			}
			e.alive = false
			b.note(id, Went, e.Start)
			b.gone = append(b.gone, id)
		}
	}
	for i := range b.lines {
		b.lines[i].blocks, b.lines[i].count = nil, 0
	}
	clear(b.strands)
	clear(b.gapsOf)
	clear(b.pools)
	clear(b.wheel)
	clear(b.kept)
	b.since, b.windows = 0, 0
	b.counts = Counts{born: b.counts.born}
}
