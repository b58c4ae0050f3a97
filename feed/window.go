package feed

import (
	"optflow/feed/massive"
	"optflow/model"
	"optflow/model/book"
)

const (
	minuteMillis = 60_000
	// both is how long after the boundary old and new windows stay subscribed:
	// a minute's bar comes seconds after the minute, corrected ones later.
	bothMillis = 75_000
)

// windowChange is the span of the tape's windows and its change at run time.
type windowChange struct {
	span   model.Span // in force
	wanted model.Span // what the user asked for last
	change *spanChange
}

// spanChange is a change under way: old windows count before the boundary, new
// ones from it on.
type spanChange struct {
	to       model.Span
	boundary int64 // ms of event time; 0: the new channel is not acknowledged yet
}

// changeWindow is the user's wish.
func (e *Engine) changeWindow(span model.Span) {
	if span != model.Second && span != model.Minute || span == e.window.wanted {
		return
	}
	e.window.wanted = span
	w := &e.window
	if w.change != nil && w.change.boundary == 0 { // not begun in earnest: nothing is lost
		e.abandonChange()
	}
	w.next(e)
}

// next begins the change to what is wanted, if none is under way.
func (w *windowChange) next(e *Engine) {
	if w.change != nil || w.wanted == w.span {
		return
	}
	w.change = &spanChange{to: w.wanted}
	if c := e.machine.conn; c != nil && c.wire != nil && e.dialect(c) == massive.Massive {
		e.subs.want(w.wanted)
		e.pumpSubscriptions()
		return
	}
	// Nothing is connected, or the channel is in the URL: the next connection
	// asks for the new one only.
	e.subs.channels = []*channel{newChannel(w.wanted)}
	e.assume()
	w.setBoundary(e)
	if e.machine.conn != nil {
		e.lost("changing the window", 0, false)
	}
}

func (w *windowChange) setBoundary(e *Engine) {
	w.change.boundary = (e.eventNow()/minuteMillis + 1) * minuteMillis
	e.book.Apply(&book.Span{Span: w.change.to, From: w.change.boundary})
}

// acknowledged is told of every subscription that succeeded.
func (w *windowChange) acknowledged(e *Engine, ch *channel) {
	if w.change == nil || w.change.boundary != 0 || ch.span != w.change.to {
		return
	}
	if !e.subs.wildcard && e.wantsMore(ch) {
		return // more names are to come
	}
	w.setBoundary(e)
}

// refused leaves everything as it was.
func (w *windowChange) refused(e *Engine, words string) {
	e.notes.Note("the other window was refused: " + words)
	w.wanted = w.span
	e.abandonChange()
}

// abandonChange drops a channel that was asked for and is not wanted any more.
func (e *Engine) abandonChange() {
	to := e.window.change.to
	e.window.change = nil
	for _, ch := range e.subs.channels {
		if ch.span == to && len(e.subs.channels) > 1 {
			ch.unwant = true
		}
	}
	e.subs.review()
	e.dirty = true
}

// tick puts the change in force at the boundary and drops the old channel once
// its last windows have come.
func (w *windowChange) tick(e *Engine) {
	if w.change == nil || w.change.boundary == 0 {
		return
	}
	now := e.eventNow()
	if now >= w.change.boundary && w.span != w.change.to {
		w.span = w.change.to
		e.dirty = true
	}
	if now < w.change.boundary+bothMillis {
		return
	}
	for _, ch := range e.subs.channels {
		if ch.span != w.change.to {
			ch.unwant = true
		}
	}
	e.subs.review()
	w.change = nil
	w.next(e)
}

// eventNow is market time as the feed sees it: behind by its delay.
func (e *Engine) eventNow() int64 {
	now := e.clock.Now()
	if e.machine.delayed {
		return now - e.stream.delayOr(delayedHost)
	}
	return now
}

// delayedHost is how late, in ms, a delayed host is until it was measured.
const delayedHost = 15 * minuteMillis
