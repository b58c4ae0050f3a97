package side

import "optflow/model"

// readingsKept is how many of a contract's quotes are remembered: a window is
// judged within seconds of its end, and quotes are read seconds apart.
const readingsKept = 6

// Readings are the quotes of one contract as they were read from snapshots, the
// newest first. A quote that was read again unchanged is one entry, with the
// time of the last reading.
type Readings []model.Quote

// Add takes a quote that was read after all the others.
func (r *Readings) Add(q model.Quote) {
	all := *r
	if len(all) > 0 && q.Updated > 0 && q.Updated == all[0].Updated && samePrices(&all[0], &q) {
		all[0].Read = q.Read
		return
	}
	if n := len(all); n < readingsKept {
		if n == cap(all) { // many contracts have one or two: no more room than that
			all = append(make(Readings, 0, min(2*n+1, readingsKept)), all...)
		}
		all = all[:n+1]
	}
	copy(all[1:], all)
	all[0] = q
	*r = all
}

func samePrices(a, b *model.Quote) bool { return a.Bid == b.Bid && a.Ask == b.Ask }

// Judge says on which side trades were by what was read. It is sure by a quote
// that had changed last before the window, less SureBefore, and was the same in
// a reading late enough after it; fair when the readings before and after show
// the same prices. After is how much later than the window's end a reading must
// be, SureAfter or more. Else there is no verdict.
func (r Readings) Judge(t Trades, after int64) (Verdict, bool) {
	var before Readings // the first reading after the window, and those before it
	for i := range r {
		q := &r[i]
		if q.Read < t.End()+after {
			break
		}
		if changedBefore(q, t.Start-SureBefore) && !r.changed(q.Updated, t.End()) {
			return t.verdict(q)
		}
		before = r[i:]
	}
	if len(before) == 0 || seen(&before[0]) > t.End()+Hindsight {
		return Verdict{}, false
	}
	for i := range before {
		q := &before[i]
		if !samePrices(q, &before[0]) || q.Read < t.Start-FairBefore {
			break
		}
		if changedBefore(q, t.Start) || q.Read <= t.Start {
			v, ok := t.verdict(q)
			return v.fairly(), ok
		}
	}
	return Verdict{}, false
}

// changed reports whether any reading is of a quote that came between two times.
// One that was read before or after may say so: of several servers one is behind.
func (r Readings) changed(from, to int64) bool {
	for i := range r {
		if at := r[i].Updated; at > from && at < to {
			return true
		}
	}
	return false
}

// verdict is what a quote says that was in force all the time, unless it says
// nothing.
func (t *Trades) verdict(q *model.Quote) (Verdict, bool) {
	v := Verdict{t.against(*q), model.CertaintySure, *q}
	switch {
	case v.Side == model.SideUnknown:
		return Verdict{}, false
	case !t.proves(v.Side, q):
		v = v.fairly()
	}
	return v, true
}

// changedBefore reports whether a quote is known to have been in force at a time.
func changedBefore(q *model.Quote, at int64) bool { return q.Updated > 0 && q.Updated <= at }

// seen is the time that a quote speaks of: when it changed, or at least when it was read.
func seen(q *model.Quote) int64 {
	if q.Updated > 0 {
		return q.Updated
	}
	return q.Read
}
