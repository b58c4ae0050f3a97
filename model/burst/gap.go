package burst

import (
	"slices"

	"optflow/model"
)

// addGap takes a version of a gap row: one row of its own, gone at size 0. It
// can change for as long as it is held.
func (b *Set) addGap(row *model.Row) {
	s := b.strand(row.Contract)
	of := b.gapsOf[row.Contract]
	k := slices.IndexFunc(of, func(id uint32) bool {
		r := &b.slots.at(id).Row
		return r.Start == row.Start && r.Span == row.Span
	})
	d := derived{burst: model.Burst{Row: *row}}
	d.burst.Replaces = 0
	switch {
	case k < 0 && row.Size > 0:
		b.gapsOf[row.Contract] = append(of, b.create(s, &d))
		if held := &b.lines[gaps]; held.count > b.options.MaxGaps {
			b.removeGap(held.oldest())
		}
	case k < 0:
	case row.Size == 0:
		b.removeGap(of[k])
	default:
		b.apply(s, of[k], &d)
	}
}

func (b *Set) removeGap(id uint32) {
	contract := b.slots.at(id).Contract
	of := b.gapsOf[contract]
	k := slices.Index(of, id)
	if of = slices.Delete(of, k, k+1); len(of) == 0 {
		delete(b.gapsOf, contract)
	} else {
		b.gapsOf[contract] = of
	}
	b.remove(id)
}
