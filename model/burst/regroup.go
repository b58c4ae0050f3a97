package burst

import (
	"slices"

	"optflow/model"
)

// replace takes a later version of a window: the cuts stay where they are.
func (b *Set) replace(s *strand, i int, w window) {
	b.drop(&s.windows[i])
	s.windows[i] = w
	k, offset := s.partOf(i)
	end := offset + int(s.parts[k].n)
	b.scratch = b.scratch[:0]
	if b.sealed(s.parts[k]) || !b.derive(s, offset, end) {
		b.forget(s, k, k+1, offset, end)
		return
	}
	b.apply(s, s.parts[k].id, &b.scratch[0])
	s.look(&b.slots)
	s.remember(k, &b.scratch[0])
}

// regroup puts a window in at i, or takes the one at i out when put is nil, and
// cuts the strand anew from the part before it until the cuts are as they were.
func (b *Set) regroup(s *strand, i int, put *window, row *model.Row) {
	from, start := 0, 0
	if i > 0 {
		from, start = s.partOf(i - 1)
	}
	unchanged, shift := i, 1 // old cuts from here on may stay, moved by shift
	if put != nil {
		s.windows = slices.Insert(s.windows, i, *put)
		b.windows++
	} else {
		unchanged, shift = i+1, -1
		b.drop(&s.windows[i])
		s.windows = slices.Delete(s.windows, i, i+1)
		b.windows--
	}
	var few [8]part
	fresh := few[:0]
	readable := true
	b.scratch = b.scratch[:0]
	to, cut, end := from, start, start // cut: where part to began before the change
	for {
		for to < len(s.parts) && (cut < unchanged || cut+shift < end) {
			cut += int(s.parts[to].n)
			to++
		}
		if to < len(s.parts) && cut+shift == end || end == len(s.windows) {
			break
		}
		first, begin := end, s.windows[end].start
		if first == start && first < i { // perhaps its first windows are forgotten
			begin = b.slots.at(s.parts[from].id).Start
		}
		for end++; end < len(s.windows) && b.options.Interval.joins(begin, &s.windows[end-1], &s.windows[end]); {
			end++
		}
		if first == start && to > from && i == start+int(s.parts[from].n) && i == end {
			from, start = from+1, end // the part before the change stays as it is
			continue
		}
		fresh = append(fresh, part{n: int32(end - first)})
		readable = readable && b.derive(s, first, end)
	}
	if !readable || slices.ContainsFunc(s.parts[from:to], b.sealed) {
		b.forget(s, from, to, start, end)
		if put != nil {
			b.reinsert(s, from, start, put, row)
		}
		return
	}
	b.settle(s, from, to, start, fresh)
}

// settle gives the fresh parts, derived in b.scratch, the bursts of the old
// parts from..to: each takes the first whose start lies within it. The rest of
// the old ones go.
func (b *Set) settle(s *strand, from, to, offset int, fresh []part) {
	old := s.parts[from:to]
	for k := range fresh {
		d := &b.scratch[k]
		offset += int(fresh[k].n)
		for len(old) > 0 && b.slots.at(old[0].id).Start < d.burst.Start {
			b.unite(old[0].id)
			old = old[1:]
		}
		if len(old) > 0 && b.slots.at(old[0].id).Start <= s.windows[offset-1].start {
			fresh[k].id = old[0].id
			b.apply(s, old[0].id, d)
			old = old[1:]
		} else {
			fresh[k].id = b.create(s, d)
		}
	}
	for _, p := range old {
		b.unite(p.id)
	}
	s.parts = slices.Replace(s.parts, from, to, fresh...)
	s.lastOf = 0
	s.look(&b.slots)
	if to := from + len(fresh); to == len(s.parts) && len(fresh) > 0 {
		s.remember(to-1, &b.scratch[len(fresh)-1])
	}
}

// remember keeps the tally of part k for the next window, if it is the last.
func (s *strand) remember(k int, d *derived) {
	if k == len(s.parts)-1 {
		s.last, s.lastOf = d.tally, s.parts[k].id+1
	}
}

// forget closes the bursts of the parts from..to with the windows start..end:
// they stay as they are.
func (b *Set) forget(s *strand, from, to, start, end int) {
	for i := range s.windows[start:end] {
		w := &s.windows[start+i]
		b.drop(w)
		s.closed = max(s.closed, w.end())
	}
	s.windows = slices.Delete(s.windows, start, end)
	b.windows -= end - start
	s.parts = slices.Delete(s.parts, from, to)
	s.lastOf = 0
	if len(s.windows) == 0 {
		s.windows, s.parts = nil, nil // most contracts trade seldom
	}
	s.look(&b.slots)
}

// reinsert makes a burst of its own of a window whose neighbours were closed.
func (b *Set) reinsert(s *strand, k, i int, put *window, row *model.Row) {
	b.keep(b.seqOf(put), row)
	d := derived{}
	fold(&d.burst, &d.tally, row, b.options.Interval.kind())
	s.windows = slices.Insert(s.windows, i, *put)
	b.windows++
	s.parts = slices.Insert(s.parts, k, part{id: b.create(s, &d), n: 1})
	s.look(&b.slots)
	s.remember(k, &d)
}

// derive appends the burst of the windows first..end to b.scratch. It is false
// when a window can no longer be read.
func (b *Set) derive(s *strand, first, end int) bool {
	b.scratch = append(b.scratch, derived{})
	d := &b.scratch[len(b.scratch)-1]
	for i := first; i < end; i++ {
		w := &s.windows[i]
		row, ok := b.row(w)
		if !ok {
			return false
		}
		row.Flags = row.Flags&^twinFlags | w.twin()
		fold(&d.burst, &d.tally, &row, b.options.Interval.kind())
	}
	return true
}
