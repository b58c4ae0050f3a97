package feed

import (
	"optflow/feed/link"
	"optflow/model"
	"optflow/model/book"
)

const (
	minuteMillis = 60_000
	// ahead is how far, in ms, a bar may start beyond market time.
	ahead = minuteMillis
	// unreadable frames in a row after which one new connection is tried
	unreadableMost = 100
)

// stream is what the stream has shown of itself.
type stream struct {
	newest     int64 // ms: end of the newest window
	received   int64 // ms: market time of the last bar's arrival
	lag        lag
	outage     outage
	unreadable int // frames in a row

	// What comes too often to be made anew each time.
	data link.Data
	bar  book.Bar
}

// unreads counts what cannot be read, and says when that is too much in a row.
func (s *stream) unreads(bad bool) bool {
	if s.unreadable++; !bad {
		s.unreadable = 0
	}
	if s.unreadable < unreadableMost {
		return false
	}
	s.unreadable = 0
	return true
}

// frame decodes one frame and books it.
func (e *Engine) frame(f *frame) {
	e.count.Frames++
	b := &e.batch
	err := e.source.Decode(f.data, f.conn, b)
	e.count.Events += uint64(b.Events)
	e.count.Filtered += uint64(b.Filtered)
	e.count.Malformed += uint64(b.Malformed)
	e.dirty = true
	if err != nil {
		e.count.Malformed++
		e.log.Debug("unreadable frame", "bytes", len(f.data), "err", err)
	}
	if e.stream.unreads(err != nil) {
		e.step(link.Unreadable{Conn: f.conn})
	}
	for _, sample := range b.Samples {
		e.log.Debug("malformed event", "text", sample)
	}
	if b.Beyond.Bars > 0 {
		e.count.Beyond.Bars += b.Beyond.Bars
		e.count.Beyond.Lots += b.Beyond.Lots
		e.rest.Interner.Beyond()
	}
	if len(b.NewUnderlyings) > 0 {
		e.rest.Following.HeardOf(b.NewUnderlyings)
	}
	if len(b.Bars) > 0 {
		e.bars(f, b.Bars)
	} else if b.Filtered > 0 {
		e.delivered(f, 0, e.clock.At(e.now))
	}
	for _, word := range b.Words {
		e.step(word)
	}
}

// bars books the bars of one frame.
func (e *Engine) bars(f *frame, bars []model.Bar) {
	var newest int64
	for i := range bars {
		newest = max(newest, bars[i].Start+int64(bars[i].Span))
	}
	e.clock.Event(newest, f.at)
	now := e.clock.At(e.now)
	limit := now + ahead // of one moment: this runs for every bar
	if from, to, why := e.stream.outage.end(bars); from != 0 {
		e.book.Apply(&book.Lost{From: from, To: to, Reason: why})
	}
	newest = 0
	for i := range bars {
		bar := &bars[i]
		if bar.Start > limit || !e.book.Holds(bar.Start) {
			e.time.held.add(bar, e.now)
			continue
		}
		e.time.near.add(bar, e.now)
		newest = max(newest, bar.Start+int64(bar.Span))
		if !e.booked(bar) {
			e.rest.Interner.Beyond()
			continue
		}
		e.rest.Bar(bar, e.now)
	}
	if newest == 0 {
		return
	}
	if newest > e.stream.newest {
		e.stream.lag.measure(newest, now)
		e.stream.newest = newest
	}
	e.stream.received = now
	e.delivered(f, link.BarsOf(bars[0].Span), now)
}

// booked books a bar. It is false when there is no room for its contract.
func (e *Engine) booked(bar *model.Bar) bool {
	in := &e.stream.bar
	*in = book.Bar{Bar: *bar}
	e.book.Apply(in)
	return !in.NoRoom
}

// traded numbers a contract that the stream named.
func (e *Engine) traded(symbol string) (model.ContractID, error) {
	in := book.Contract{Symbol: symbol, Traded: true}
	e.book.Apply(&in)
	return in.ID, in.Err
}

// delivered tells that the stream brings data, wanted or filtered.
func (e *Engine) delivered(f *frame, ch link.Channel, market int64) {
	e.stream.data = link.Data{Conn: f.conn, Channel: ch, At: f.at}
	e.stepAt(&e.stream.data, market)
}

// outage marks from when on the stream brings nothing.
func (e *Engine) outage(why model.GapReason) {
	from := e.stream.newest
	if from == 0 {
		from = e.eventNow()
	}
	e.stream.outage.begin(from, why)
}

// overflowed tells the accounts of frames that were dropped unread.
func (e *Engine) overflowed() {
	n := e.ring.drops()
	if n == 0 {
		return
	}
	e.count.DroppedFrames += n
	e.dirty = true
	e.outage(model.GapLost)
	e.log.Warn("frames dropped: more than could be read", "count", n)
}

// outage is a time in which the stream brings nothing.
type outage struct {
	from int64 // ms of event time; 0: there is none
	why  model.GapReason
}

// begin opens it, unless it is open, and gives it a reason if there is one.
func (h *outage) begin(from int64, why model.GapReason) {
	if h.from == 0 {
		h.from = from
	}
	if why != model.GapNone {
		h.why = why
	}
}

// end closes it before the first bars after it: the accounts are to be told.
// From is 0 if there was none.
func (h *outage) end(bars []model.Bar) (from, to int64, why model.GapReason) {
	if h.from == 0 {
		return 0, 0, model.GapNone
	}
	from, to, why = h.from, h.from, h.why
	for i := range bars {
		to = max(to, bars[i].Start)
	}
	if why == model.GapNone {
		why = model.GapLost
	}
	*h = outage{}
	return from, to, why
}
