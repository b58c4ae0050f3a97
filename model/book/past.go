package book

import (
	"math"

	"optflow/model"
	"optflow/model/tape"
)

func (b *Book) history(bars []model.Bar) {
	for i := range bars {
		bar := &bars[i]
		day := b.days.accept(bar)
		if day == nil {
			continue
		}
		a := b.days.account(day, bar.Contract, max(b.time.now, bar.Start))
		if a == nil {
			continue
		}
		if b.bars.leftOut(a, bar) {
			continue
		}
		start, end := int32(bar.Start-day.from), bar.Start+int64(bar.Span)
		if _, found := a.windows.find(start); found {
			b.bars.duplicates++
			continue
		}
		if a.streamed > 0 && end > a.streamed {
			continue // from here on the stream and its gaps tell
		}
		if end <= a.begins() {
			b.bars.past(a, bar, start)
		} else {
			b.bars.first(a, bar, start, model.SourceBackfill)
		}
		b.parts.balance(a, cause{from: bar.Start, to: end})
	}
}

// past adds a window that traded before we looked: its row is marked, and its
// volume is in the account's past already.
func (b *bars) past(a *account, bar *model.Bar, start int32) {
	w := window{start: start, size: uint32(bar.Volume), day: model.UnknownCount, seq: tape.NoSeq, flags: windowPast | windowBackfill}
	if bar.Span == model.Minute {
		w.flags |= windowMinute
	}
	b.forgotten(a, &w)
	b.write.window(a, &w, bar, model.SourceBackfill, model.FlagPast)
	a.windows.insert(w)
	a.history += bar.Volume
	a.historyEnd = max(a.historyEnd, bar.Start+int64(bar.Span))
	a.prices(model.Unknown, bar.High, bar.Low, model.Unknown)
}

// begins is the time from which on the account counts what traded: everything
// before is in candidate. It is without end while nothing says how much that is.
func (a *account) begins() int64 {
	switch {
	case a.unknown:
		return a.day.from
	case a.baseline >= 0 && (a.first < 0 || a.baseline <= a.first):
		return a.baseAt
	case a.first >= 0:
		return a.firstAt
	}
	return math.MaxInt64
}

// settlePast takes windows of the past into the sums, newest first, once they
// turn out to have traded while we looked: they end after the account begins,
// or hold more than traded before. A lot would stand in two rows otherwise,
// there and in the polled row or gap that its volume became.
func (ps *parts) settlePast(a *account) {
	begins := a.begins()
	for a.history > 0 && (a.historyEnd > begins || a.history > a.candidate()) {
		w := a.windows.lastPast()
		a.historyEnd = a.day.from + int64(w.end())
		if a.historyEnd <= begins && a.history <= a.candidate() {
			return
		}
		w.flags &^= windowPast
		a.history -= int64(w.size)
		a.exact += int64(w.size)
		if old := ps.write.tape.Written(w.seq); old != nil { // else only the accounts change
			ps.write.again(a, w, old, func(r *model.Row) { r.Flags &^= model.FlagPast })
		}
	}
}
