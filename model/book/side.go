package book

import (
	"optflow/model"
	"optflow/model/side"
)

// side sets where in the quote a new row's trades took place, and how sure.
func (rw *rowWriter) side(a *account, row *model.Row, low, high, vwap float64) {
	f := a.facts
	q := &f.quote
	if !rw.time.speaksOf(q, row) {
		return
	}
	t := side.Trades{Low: low, High: high, Vwap: vwap, Start: row.Start, Span: row.Span}
	if row.Source != model.SourceREST && q.Read >= t.End()+side.SureAfter { // a bar that comes late
		if v, ok := rw.reread(f, t); ok {
			judged(row, v)
			return
		}
	}
	v := side.Loosely(t, *q)
	row.Side, row.Certainty = v.Side, v.Certainty
}

// keepSide lets a corrected row stand where its former version stood. While its
// prices are the same so is the verdict; else it is judged by the same quote
// anew, unless the readings say more, and never by what is in force by now.
func keepSide(r, old *model.Row) {
	switch {
	case !model.Known32(old.Bid) || r.Certainty > old.Certainty:
		return
	case r.Low == old.Low && r.High == old.High && r.Vwap == old.Vwap:
		r.Side, r.Certainty = old.Side, old.Certainty
	case r.Certainty > model.CertaintyLoose:
		return
	default:
		v := side.Loosely(side.TradesOf(r), model.Quote{Bid: float64(old.Bid), Ask: float64(old.Ask)})
		r.Side, r.Certainty = v.Side, v.Certainty
	}
	r.Bid, r.Ask, r.QuoteAge = old.Bid, old.Ask, old.QuoteAge
}

// judged puts a verdict into a row, with the quote that it rests on.
func judged(r *model.Row, v side.Verdict) {
	r.Side, r.Certainty = v.Side, v.Certainty
	quoted(r, &v.Quote)
}

// reread judges trades by what was read of the contract's quotes.
func (rw *rowWriter) reread(f *facts, t side.Trades) (side.Verdict, bool) {
	after := int64(side.SureAfter)
	if rw.time.delayed { // snapshots may be as late as the stream
		after += rw.time.delay
	}
	if f.readings == nil {
		return side.Readings{f.quote}.Judge(t, after)
	}
	return f.readings.Judge(t, after)
}

// read takes a quote from a snapshot, and settles the sides of the windows of
// which it is the first reading after.
func (b *Book) read(id model.ContractID, f *facts, q *model.Quote) {
	if q.Read < f.quote.Read {
		return
	}
	before := f.quote
	f.quote = *q
	a := b.days.held(id)
	if a == nil {
		return
	}
	if f.readings == nil && before.Read > 0 {
		f.readings.Add(before)
	}
	f.readings.Add(*q)
	for i := len(a.windows.hot) - 1; i >= 0; i-- {
		w := &a.windows.hot[i]
		if a.day.from+int64(w.end())+side.SureAfter <= before.Read && !b.time.delayed {
			break // the reading before was after it already
		}
		row := b.tape.Written(w.seq)
		if row == nil || row.Certainty >= model.CertaintyFair {
			continue
		}
		t := side.TradesOf(row)
		v, ok := b.write.reread(f, t)
		if !ok && before.Read < t.Start-side.FairBefore && b.time.speaksOf(q, row) { // it is nearer than what was known
			v, ok = side.Loosely(t, *q), true
		}
		if ok && (v.Certainty > row.Certainty || v.Certainty == row.Certainty && v.Side != row.Side) {
			b.write.again(a, w, row, func(r *model.Row) { judged(r, v) })
		}
	}
}

// Window returns the latest version of the row of a window, nil when the tape
// does not have it. It must not be changed.
func (b *Book) Window(id model.ContractID, start int64, span model.Span) *model.Row {
	_, w := b.window(id, start, span)
	if w == nil {
		return nil
	}
	return b.tape.Written(w.seq)
}

func (b *Book) sides(id model.ContractID, start int64, span model.Span, quotes []model.Quote) bool {
	a, w := b.window(id, start, span)
	if w == nil {
		return false
	}
	row := b.tape.Written(w.seq)
	if row == nil {
		return false
	}
	v, ok := side.Judge(side.TradesOf(row), quotes)
	if ok && (v.Side != row.Side || v.Certainty != row.Certainty) {
		b.write.again(a, w, row, func(r *model.Row) { judged(r, v) })
	}
	return ok
}

// window finds a window of which the row is known, nil when there is none.
func (b *Book) window(id model.ContractID, start int64, span model.Span) (*account, *window) {
	a := b.days.accountAt(id, start)
	if a == nil {
		return nil, nil
	}
	w := a.windows.look(int32(start - a.day.from))
	if w == nil || w.is(windowMinute) != (span == model.Minute) {
		return nil, nil
	}
	return a, w
}

// accountAt is a contract's account of the day that a time is in, nil when it
// has none. It opens nothing.
func (all *days) accountAt(id model.ContractID, ms int64) *account {
	for _, day := range all.list {
		if ms >= day.from && ms < day.to {
			return day.held(id)
		}
	}
	return nil
}
