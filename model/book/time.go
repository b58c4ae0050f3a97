package book

import (
	"optflow/model"
	"optflow/model/side"
)

// timing is how far the market is, as far as the inputs tell, and how late they
// are.
type timing struct {
	now     int64      // market time
	event   int64      // end of the newest window from the stream
	spans   []spanFrom // spans in force, by their first window, ascending
	delay   int64      // ms: measured delay of the feed
	delayed bool       // a delayed host: snapshots may be ahead of the stream by all of the delay
	unsure  bool       // one source alone says what time it is
}

// spanFrom says which span is in force from a window start on.
type spanFrom struct {
	from int64
	span model.Span
}

func (t *timing) setSpan(span model.Span, boundary int64) {
	for len(t.spans) > 1 && t.spans[len(t.spans)-1].from >= boundary {
		t.spans = t.spans[:len(t.spans)-1] // a change that was taken back before it took effect
	}
	if t.spans[len(t.spans)-1].span != span {
		t.spans = append(t.spans, spanFrom{from: boundary, span: span})
	}
}

// spanAt is the span in force for a window that starts at a time.
func (t *timing) spanAt(start int64) model.Span {
	i := len(t.spans) - 1
	for t.spans[i].from > start {
		i--
	}
	return t.spans[i].span
}

// stated is the time up to which a bar that comes now counts the day: the stream
// may have had nothing to say for a while.
func (t *timing) stated() int64 { return max(t.event, t.now-t.delay) }

// asOf is the time up to which a snapshot certainly counts all trades.
func (t *timing) asOf(s *model.Snapshot) int64 {
	earliest := s.Read - t.delay - snapshotSlack
	return min(max(s.DayUpdated, earliest), s.Read)
}

// due is the event time at which the stream has brought all that a snapshot
// read at that time may count. On a delayed host snapshots may be delayed alike,
// or not at all: it has to come to the very time of the reading.
func (t *timing) due(read int64) int64 {
	at := read
	if !t.delayed {
		at -= t.delay
	}
	if t.spanAt(at) == model.Minute {
		return at - mod(at, int64(model.Minute)) + int64(model.Minute) + checkMinute
	}
	return at + checkSecond
}

// speaksOf reports whether a quote is from a time that says something of the row.
func (t *timing) speaksOf(q *model.Quote, row *model.Row) bool {
	at := q.Updated
	if at <= 0 {
		at = q.Read - t.delay
	}
	return q.Read > 0 && at <= row.End()+side.Hindsight
}
