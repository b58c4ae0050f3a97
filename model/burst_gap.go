package model

import "slices"

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
