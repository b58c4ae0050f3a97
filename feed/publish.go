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
	e.tape.SetState(e.state())
}

// state is the picture of the feed now.
func (e *Engine) state() *model.State {
	m := &e.machine
	every := int64(0) // the interval reached, in ms and whole seconds, 0 while not polling
	if e.moment().Polling && e.rest.Standing.Trouble == "" {
		every = e.rest.Polls.Reached().Milliseconds()
	}
	s := &model.State{
		Link: e.link(), Phase: m.phase,
		PollEvery: every, Span: e.window.span,
		Tickers: e.rest.Following.Tickers, Known: e.rest.Following.Known, Moves: e.rest.Following.Moves,
		Sim: e.sim, Plan: e.plan, Session: e.rest.Calendar.Shown(e.sim),
		Newest: max(e.stream.newest, e.rest.Polls.Newest()), Received: max(e.stream.received, e.rest.Polls.Newest()),
		Contracts: e.rest.Contracts(), AutoRefresh: m.phase != model.PhasePaused,
		Covers: e.rest.History.Covers, Counters: e.count,
		Totals: e.book.Totals(e.rest.Following.Tickers), Notes: e.notes.list,
	}
	s.Reason, s.Besides = e.reason()
	if m.phase == model.PhaseBackoff || m.phase == model.PhaseEvicted || m.phase == model.PhaseNotEntitled || m.phase == model.PhaseRefused {
		if !m.until.IsZero() {
			s.RetryAt = m.until.UnixMilli()
		}
	}
	if e.live() {
		s.Subscribed, s.Wildcard = e.subs.subscribed()
	}
	e.book.Counters().Into(&s.Counters)
	return s
}

// link is what the status bar's dot says.
func (e *Engine) link() model.Link {
	m := &e.machine
	switch {
	case m.refused:
		return model.Stopped
	case e.live():
		return model.Live
	case e.nothing():
		return model.Stopped
	case m.phase == model.PhasePaused:
		return model.Polling
	case !m.wasLive && m.phase != model.PhaseBackoff && m.phase != model.PhaseNotEntitled && m.phase != model.PhaseEvicted && m.phase != model.PhaseRefused &&
		e.now.Sub(e.started) < startGrace:
		return model.Starting
	}
	return model.Polling
}

// nothing says that the plan carries neither stream nor chains.
func (e *Engine) nothing() bool { return e.plan.NoWebSocket && e.plan.NoSnapshots && !e.live() }

// reason is why it is not live, in words, and what was the matter before: that
// REST is away came last, why there is no stream is older.
func (e *Engine) reason() (now, besides string) {
	m := &e.machine
	switch {
	case e.live():
		return e.rest.Pulses.Silent(), ""
	case m.refused || m.phase == model.PhasePaused || e.rest.Standing.Trouble == "":
		return m.reason, ""
	}
	return e.rest.Standing.Trouble, m.reason
}
