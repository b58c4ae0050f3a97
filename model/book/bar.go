package book

import (
	"optflow/model"
	"optflow/model/tape"
)

// maxCount is the largest volume that is believed; more is a broken number.
const maxCount = model.UnknownCount - 1

// bars keeps the windows of the accounts, and what they say.
type bars struct {
	days  *days
	write *rowWriter
	tape  *tape.Writer

	duplicates, corrections uint64
	beyond                  model.Beyond // for which there was no room
}

// cause is the time that a change speaks of: a window, or the moment of a
// snapshot. It says where volume is missing or no longer is.
type cause struct {
	from, to int64
	poll     bool // a polled row: it takes over pending volume only
	before   bool // what is missing traded before it
	late     bool // a window that the stream passed long ago: what it states is of now
	again    bool // a window that was known before
}

// bar takes a bar from the stream. It is false when there is no room for the
// contract.
func (b *Book) bar(bar *model.Bar) bool {
	day := b.days.accept(bar)
	if day == nil {
		return true
	}
	end := bar.Start + int64(bar.Span)
	b.time.event = max(b.time.event, end)
	b.time.now = max(b.time.now, end)
	a := b.days.account(day, bar.Contract, bar.Start)
	if a == nil {
		b.leave(day, bar)
		return false
	}
	a.ledger.heard = max(a.ledger.heard, end)
	again := b.bars.take(a, bar, model.SourceWS)
	if bar.DayVolume >= bar.Volume && bar.DayVolume <= maxCount {
		a.state(bar.DayVolume, max(end, b.time.event), bar.DayVwap)
	}
	late := b.time.stated()-end >= max(lateAfter, int64(bar.Span))
	b.parts.balance(a, cause{from: bar.Start, to: end, late: late, again: again})
	return true
}

// leave counts a bar for which there is no account. Its underlying was heard all
// the same, so that its silence is not looked into.
func (b *Book) leave(day *bookDay, bar *model.Bar) {
	b.bars.beyond.Add(bar.Volume)
	if c := b.tape.Contracts.At(bar.Contract); c != nil {
		if l := day.ledgers[c.Underlying]; l != nil {
			l.heard = max(l.heard, bar.Start+int64(bar.Span))
		}
	}
}

// lateAfter is how far, in ms, the feed must be past a window before its bar
// counts as late: bars of one second arrive within a few seconds. After an outage
// the market is further than the stream's last window.
const lateAfter = 5_000

// accept returns the day a bar counts in, nil when it counts nowhere.
func (all *days) accept(bar *model.Bar) *bookDay {
	if !all.acceptable(bar) {
		return nil
	}
	return all.of(bar.Start)
}

// acceptable reports whether a bar can be believed and is of the span in force.
func (all *days) acceptable(bar *model.Bar) bool {
	return bar.Volume >= 0 && bar.Volume <= maxCount && (bar.Span == model.Second || bar.Span == model.Minute) && bar.Start%int64(bar.Span) == 0 &&
		bar.Span == all.time.spanAt(bar.Start)
}

// take merges a bar into the windows and appends its row, and reports whether
// the window was known. It does not balance.
func (b *bars) take(a *account, bar *model.Bar, source model.Source) (again bool) {
	if b.leftOut(a, bar) {
		return true
	}
	start := int32(bar.Start - a.day.from)
	at, found := a.windows.find(start)
	if !found {
		b.first(a, bar, start, source)
		return false
	}
	w := &a.windows.hot[at]
	switch {
	case w.is(windowMinute) != (bar.Span == model.Minute):
		return true // a time that is counted in the other span already
	case source == model.SourceBackfill && !w.is(windowPast):
		b.duplicates++
		return true // it never replaces a bar of the stream
	case w.is(windowPast):
		b.count(a, w, bar, source)
	case b.write.same(w, bar):
		b.duplicates++
	default:
		a.exact += bar.Volume - int64(w.size)
		a.revised++
		b.corrections++
		b.version(a, w, bar, source)
	}
	if source == model.SourceWS {
		if w.is(windowBackfill) || w.day == model.UnknownCount {
			w.flags &^= windowBackfill
			a.start(w, bar)
		}
	} else {
		w.flags |= windowBackfill
	}
	return true
}

// count takes a window of the history into the sums. Its row says past, which
// is no longer true, so a version follows even when that row left the tape.
func (b *bars) count(a *account, w *window, bar *model.Bar, source model.Source) {
	if w.seq == tape.NoSeq { // it was packed
		w.seq, w.revision = b.tape.LastVersion(model.Identity{Start: bar.Start, Contract: a.id, Span: bar.Span, Kind: model.KindBar})
	}
	w.flags &^= windowPast
	a.history -= int64(w.size)
	w.size = uint32(bar.Volume)
	w.revision++
	a.exact += bar.Volume
	a.prices(model.Unknown, bar.High, bar.Low, model.Unknown)
	b.write.window(a, w, bar, source, 0)
}

// start books what the first version of a stream window says of the time
// before it.
func (a *account) start(w *window, bar *model.Bar) {
	at := a.day.from + int64(w.start)
	if a.streamed == 0 || at < a.streamed {
		a.streamed = at
	}
	if bar.DayVolume < bar.Volume || bar.DayVolume > maxCount {
		return
	}
	w.day = uint32(bar.DayVolume)
	if before := bar.DayVolume - bar.Volume; a.first < 0 || before < a.first || before == a.first && at < a.firstAt {
		a.first, a.firstAt = before, at
	}
}

// first adds a window that was not heard of before.
func (b *bars) first(a *account, bar *model.Bar, start int32, source model.Source) {
	w := window{start: start, size: uint32(bar.Volume), day: model.UnknownCount, seq: tape.NoSeq}
	if bar.Span == model.Minute {
		w.flags |= windowMinute
	}
	if source == model.SourceBackfill {
		w.flags |= windowBackfill
	} else {
		a.start(&w, bar)
	}
	a.exact += bar.Volume
	b.forgotten(a, &w)
	b.write.window(a, &w, bar, source, 0)
	a.windows.insert(w)
	if end := bar.Start + int64(bar.Span); end >= a.lastEnd {
		a.lastEnd = end
		a.prices(bar.Open, bar.High, bar.Low, bar.Close)
	} else {
		a.prices(model.Unknown, bar.High, bar.Low, model.Unknown)
	}
}

// forgotten continues the versions of a window that an account which was
// forgotten since had put on the tape.
func (b *bars) forgotten(a *account, w *window) {
	old := b.days.ghosts[a.id]
	if old == nil {
		return
	}
	if at, found := old.find(w.start); found && old.hot[at].flags&windowMinute == w.flags&windowMinute {
		w.seq, w.revision = old.hot[at].seq, old.hot[at].revision+1
	}
}

// version replaces a window's row by a new version. When the row is no longer
// on the tape only the accounts change.
func (b *bars) version(a *account, w *window, bar *model.Bar, source model.Source) {
	w.size = uint32(bar.Volume)
	a.prices(model.Unknown, bar.High, bar.Low, model.Unknown)
	if b.tape.Written(w.seq) == nil {
		return
	}
	w.revision++
	b.write.window(a, w, bar, source, 0)
}

// window appends the row of a window.
func (rw *rowWriter) window(a *account, w *window, bar *model.Bar, source model.Source, flags model.Flags) {
	row := rw.frozen(a, bar.Start, bar.Span, bar.Volume)
	row.Source, row.Flags, row.Revision = source, row.Flags|flags, w.revision
	if bar.DayVolume >= 0 && bar.DayVolume <= maxCount {
		row.DayVolume = uint32(bar.DayVolume)
	}
	row.Open, row.High, row.Low, row.Close = price32(bar.Open), price32(bar.High), price32(bar.Low), price32(bar.Close)
	row.Vwap = price32(bar.Vwap)
	row.Premium = premium(bar.Vwap, bar.Volume, a.facts.multiplier)
	row.Prints = prints(bar.Volume, bar.AvgSize)
	rw.side(a, row, bar.Low, bar.High, bar.Vwap)
	if w.seq != tape.NoSeq {
		if old := rw.tape.Written(w.seq); old != nil {
			keepSide(row, old)
		}
	}
	w.seq = rw.put(a, row, w.seq)
}

// same reports whether a bar says what the window's latest version said.
func (rw *rowWriter) same(w *window, bar *model.Bar) bool {
	if int64(w.size) != bar.Volume {
		return false
	}
	row := rw.tape.Written(w.seq)
	return row == nil || row.Vwap == price32(bar.Vwap) && row.High == price32(bar.High) && row.Low == price32(bar.Low) &&
		row.Open == price32(bar.Open) && row.Close == price32(bar.Close)
}
