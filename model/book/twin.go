package book

import (
	"optflow/model"
	"optflow/model/twin"
)

// twinsKeep is for how long, in ms, the book looks for twins of a window. It is
// less than the tape keeps the rows for: the row of the one that came first is
// read back when the second comes.
const twinsKeep = 15 * int64(model.Minute)

// flow books a row that replaces another one, or nothing, as bull or bear,
// unless it has a twin: the legs of one order say nothing of direction each for
// itself. The twin may have been booked before it was known to be one.
func (rw *rowWriter) flow(a *account, row, old *model.Row, seq uint64) {
	inPlace := false // the old version was entered already
	if old != nil {
		var twin bool
		if twin, inPlace = rw.untwin(a, old, row); !twin {
			a.sums.rowFlow(a.call, old, -1)
		}
	}
	if !twin.Possible(row) {
		a.sums.rowFlow(a.call, row, 1)
		return
	}
	switch a.ledger.twins.Put(row.Start, row.Size, row.Contract, seq) {
	case 0, 1:
		a.sums.rowFlow(a.call, row, 1)
	case 2:
		if !inPlace { // else the other one is out already
			rw.flowOther(a, row, -1)
		}
	}
}

// untwin takes the old version of a row from the twins where the new one is no
// longer in its place. It reports whether the old one had a twin, so that it is
// not booked, and whether the new one is in its place.
func (rw *rowWriter) untwin(a *account, old, row *model.Row) (had, inPlace bool) {
	if !twin.Possible(old) {
		return false, false
	}
	t := &a.ledger.twins
	if twin.Possible(row) && row.Size == old.Size {
		n := t.Together(old.Start, old.Size, old.Contract)
		return n > 1, n > 0
	}
	left, was := t.Take(old.Start, old.Size, old.Contract)
	if was && left == 1 {
		rw.flowOther(a, old, 1)
	}
	return was && left > 0, false
}

// flowOther books, or takes back, the one other row of a row's second and size.
func (rw *rowWriter) flowOther(a *account, row *model.Row, sign float64) {
	a.ledger.twins.Each(row.Start, row.Size, func(m twin.Member) {
		if m.Contract == row.Contract {
			return
		}
		of := a.day.held(m.Contract)
		if other := rw.tape.Written(m.Seq); other != nil && of != nil {
			of.sums.rowFlow(of.call, other, sign)
		}
	})
}

// expireTwins forgets windows whose twins nobody looks for any more, and bounds
// the others.
func (b *Book) expireTwins() {
	day := b.days.today()
	if day == nil {
		return
	}
	before := int32((b.time.now - b.time.delay - twinsKeep) / int64(model.Minute))
	open := 0
	for _, t := range day.ledgers {
		t.twins.Expire(before)
		open += t.twins.Open()
	}
	for _, t := range day.ledgers {
		t.twins.Bound(open)
	}
}
