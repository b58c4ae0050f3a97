package book

import (
	"math"

	"optflow/model"
	"optflow/model/side"
	"optflow/model/tape"
)

// rowWriter composes rows and puts them on the tape.
type rowWriter struct {
	time  *timing
	tape  *tape.Writer
	flags model.Flags // of every row
	rows  uint64      // put there so far
}

// frozen is the next row of the tape, composed in place: everything frozen
// that is known of the account's contract at the row's time, and nothing else.
// It is there once append was called.
func (rw *rowWriter) frozen(a *account, start int64, span model.Span, size int64) *model.Row {
	f := a.facts
	row := rw.tape.Slot()
	*row = model.Row{
		Start: start, Contract: a.id, Span: span, Size: uint32(min(size, maxCount)), Flags: rw.flags,
		DayVolume: model.UnknownCount, OpenInterest: model.UnknownCount, QuoteAge: model.NoQuote,
		Open: unknown32, High: unknown32, Low: unknown32, Close: unknown32, Vwap: unknown32, Prints: unknown32,
		Spot: unknown32, Bid: unknown32, Ask: unknown32, IV: unknown32, Delta: unknown32,
	}
	latest := row.End() + side.Hindsight
	if f.greeksAt <= latest {
		row.IV, row.Delta = float32(f.iv), float32(f.delta)
	}
	// A delayed spot beside real-time options is not used.
	if u := a.ledger.u; u.spotTime <= latest && (!u.delayed || rw.time.delayed) {
		row.Spot = float32(u.spot)
	}
	if f.openInterest >= 0 && f.openInterest <= maxCount {
		row.OpenInterest = uint32(f.openInterest)
	}
	if q := &f.quote; rw.time.speaksOf(q, row) {
		quoted(row, q)
	}
	return row
}

// quoted freezes a quote with the row.
func quoted(r *model.Row, q *model.Quote) {
	r.Bid, r.Ask, r.QuoteAge = float32(q.Bid), float32(q.Ask), model.NoQuote
	if q.Updated > 0 {
		r.QuoteAge = int32(min(max(r.Start-q.Updated, model.NoQuote+1), math.MaxInt32))
	}
}

var unknown32 = float32(math.NaN())

// known reports whether a number is known.
func known(v float64) bool { return v == v }

// put puts the composed row on the tape as the successor of the version at before
// (NoSeq: a first version), and books it in the totals.
func (rw *rowWriter) put(a *account, row *model.Row, before uint64) (seq uint64) {
	old := rw.tape.Written(before)
	seq = rw.tape.Appended()
	if old != nil {
		row.Replaces = uint32(seq - before)
	}
	rw.rows++
	if row.Kind == model.KindBar {
		a.sums.row(a.ledger, row, old)
		rw.flow(a, row, old, seq)
	}
	return rw.tape.Commit()
}

// again puts another version of a window's row on the tape, changed.
func (rw *rowWriter) again(a *account, w *window, old *model.Row, change func(*model.Row)) {
	row := rw.tape.Slot()
	*row = *old
	change(row)
	w.revision++
	row.Replaces, row.Revision = 0, w.revision
	w.seq = rw.put(a, row, w.seq)
}

// premium in dollars: vwap x size x the contract's multiplier. It is 0 where
// there is no price.
func premium(vwap float64, size int64, multiplier float64) float64 {
	if !(vwap > 0) {
		return 0
	}
	return float64(vwap * float64(size) * multiplier)
}

// prints estimates how many prints a window had: v / z, and exactly 1 when the
// mean size is the whole volume.
func prints(volume int64, mean float64) float32 {
	switch {
	case !(mean > 0) || volume <= 0:
		return unknown32
	case mean >= float64(volume):
		return 1
	}
	return float32(float64(volume) / mean)
}

// price32 is a price as rows hold it; unknown when there is none.
func price32(price float64) float32 {
	if !(price > 0) {
		return unknown32
	}
	return float32(price)
}
