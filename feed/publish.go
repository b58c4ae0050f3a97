package feed

import (
	"time"

	"optflow/model"
)

// startGrace is how long the start may take before it counts as Polling.
const startGrace = 2 * time.Second

// show publishes the rows appended in this turn, and the state at most four
// times a second and on transitions.
func (e *Engine) show() {
	e.tape.Publish()
	e.dirty, e.notes.news = e.dirty || e.notes.news, false
	if !e.dirty || e.now.Before(e.publishAt) {
		return
	}
	e.publish()
}

func (e *Engine) publish() {
	e.dirty = false
	e.publishAt = e.now.Add(publishEvery)
	e.tape.Publish()
	s := e.state()
	e.tape.SetState(s)
	if e.o.Recorder != nil {
		e.o.Recorder.Shown(s)
	}
}

// state is the picture of the feed now.
func (e *Engine) state() *model.State {
	m := &e.line
	every := int64(0) // the interval reached, in ms and whole seconds, 0 while not polling
	if e.moment().Polling && e.rest.Standing.Trouble == "" {
		every = e.rest.Polls.Reached().Milliseconds()
	}
	s := &model.State{
		Link: e.link(), Phase: m.Phase,
		PollEvery: every, Span: e.line.Span,
		Tickers: e.rest.Following.Tickers, Known: e.rest.Following.Known, Moves: e.rest.Following.Moves,
		Sim: e.sim, Plan: e.plan, Session: e.rest.Calendar.Shown(e.sim),
		Newest: max(e.stream.newest, e.rest.Polls.Newest()), Received: max(e.stream.received, e.rest.Polls.Newest()),
		Contracts: e.rest.Contracts(), AutoRefresh: m.Phase != model.PhasePaused,
		Covers: e.rest.History.Covers, Counters: e.count,
		Totals: e.book.Totals(e.rest.Following.Tickers), Notes: e.notes.list, Before: e.recoveredTo,
	}
	s.Reason, s.Besides = e.reason()
	if m.Phase == model.PhaseBackoff || m.Phase == model.PhaseEvicted || m.Phase == model.PhaseNotEntitled || m.Phase == model.PhaseRefused {
		if !m.Until.IsZero() {
			s.RetryAt = m.Until.UnixMilli()
		}
	}
	if e.line.Live() {
		s.Subscribed, s.Wildcard = e.line.Names, e.line.All
	}
	e.book.Counters().Into(&s.Counters)
	return s
}

// link is what the status bar's dot says.
func (e *Engine) link() model.Link {
	m := &e.line
	switch {
	case m.Refused:
		return model.Stopped
	case e.line.Live():
		return model.Live
	case e.plan.NoWebSocket && e.plan.NoSnapshots: // there is neither stream nor chains
		return model.Stopped
	case m.Phase == model.PhasePaused:
		return model.Polling
	case !m.WasLive && m.Phase != model.PhaseBackoff && m.Phase != model.PhaseNotEntitled && m.Phase != model.PhaseEvicted && m.Phase != model.PhaseRefused &&
		e.now.Sub(e.started) < startGrace:
		return model.Starting
	}
	return model.Polling
}

// reason is why it is not live, in words, and what was the matter before: that
// REST is away came last, why there is no stream is older.
func (e *Engine) reason() (now, besides string) {
	m := &e.line
	switch {
	case e.line.Live():
		return e.rest.Pulses.Silent(), ""
	case m.Refused || m.Phase == model.PhasePaused || e.rest.Standing.Trouble == "":
		return m.Reason, ""
	}
	return e.rest.Standing.Trouble, m.Reason
}
