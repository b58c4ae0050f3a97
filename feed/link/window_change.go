package link

import "optflow/model"

const (
	minuteMillis = 60_000
	// BothMillis is how long after the boundary old and new windows stay subscribed:
	// a minute's bar comes seconds after the minute, corrected ones later.
	BothMillis = 75_000
)

// window is the span of the windows and its change at run time: old windows
// count before a boundary, new ones from it on.
type window struct {
	span     model.Span // in force
	wanted   model.Span // what the user asked for last
	from, to model.Span // of the change under way; 0: none is
	boundary int64      // ms of event time; 0: the new channel is not acknowledged yet
}

func (w *window) changing() bool { return w.to != 0 }

// awaits says whether the change waits for a channel's acknowledgement.
func (w *window) awaits(c Channel) bool { return w.changing() && w.boundary == 0 && c.Span() == w.to }

// begin sets the boundary.
func (w *window) begin(now Now) SpanFrom {
	w.boundary = (now.event()/minuteMillis + 1) * minuteMillis
	return SpanFrom{w.to, w.boundary}
}

// pass puts the change in force at the boundary, and says when the old windows'
// last have come.
func (w *window) pass(now Now) (over bool) {
	if !w.changing() || w.boundary == 0 {
		return false
	}
	if now.event() >= w.boundary {
		w.span = w.to
	}
	if now.event() < w.boundary+BothMillis {
		return false
	}
	w.to, w.boundary = 0, 0
	return true
}

// change is the user's wish for other windows. Up says that there is a
// connection that can be asked for them.
func (s *subscriptions) change(span model.Span, up bool, now Now) outcome {
	w := &s.window
	if span != model.Second && span != model.Minute || span == w.wanted {
		return outcome{}
	}
	w.wanted = span
	if w.changing() && w.boundary == 0 { // not begun in earnest: nothing is lost
		s.abandon()
	}
	return s.nextChange(up, now)
}

// nextChange begins the change to what is wanted, if none is under way.
func (s *subscriptions) nextChange(up bool, now Now) outcome {
	w := &s.window
	if w.changing() || w.wanted == w.span {
		return outcome{}
	}
	w.from, w.to = w.span, w.wanted
	if up {
		s.add(BarsOf(w.to))
		s.ask(now)
		return outcome{}
	}
	// Nothing is connected, or the channel is in the address: the next
	// connection asks for the new one only.
	s.only(BarsOf(w.to))
	s.out.do(w.begin(now))
	return outcome{redial, "changing the window"}
}

// abandon drops a channel that was asked for and is not wanted any more: the
// windows stay as they are.
func (s *subscriptions) abandon() {
	w := &s.window
	s.remove(BarsOf(w.to))
	if w.boundary != 0 { // they were to change
		s.out.do(SpanFrom{w.span, w.boundary})
	}
	w.to, w.boundary = 0, 0
	s.add(BarsOf(w.span)) // a new connection was to have the other one alone
}

// passWindow drops the old channel once its last windows have come.
func (s *subscriptions) passWindow(up bool, now Now) outcome {
	if !s.window.pass(now) {
		return outcome{}
	}
	s.remove(BarsOf(s.window.from))
	return s.nextChange(up, now)
}
