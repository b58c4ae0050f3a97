package feed

import (
	"optflow/feed/massive"
	"optflow/feed/plan"
	"optflow/feed/rest"
	"optflow/model"
)

// answered books what a request came to.
func (e *Engine) answered(j *rest.Job, take func(rest.Moment), err error) {
	if err != nil {
		e.log.Debug("request failed", "key", j.Key, "kind", int(massive.KindOf(err)), "err", err)
	}
	came := e.standing.Answered(j, err, e.now)
	if m := &e.machine; came.Back && m.phase == model.PhaseBackoff && !m.asked {
		e.dial(m.reason) // the server or the network is back: why wait for the backoff to find out
	}
	switch came.Word {
	case rest.Took:
		e.restSaid(e.hosts.TookByREST)
	case rest.Refused:
		e.restRefused(came.Words)
	case rest.Away:
		e.restSaid(func() { e.hosts.Mute(true) })
	}
	if came.Over {
		j.End(e.moment(), take, err)
	}
	e.dirty = e.dirty || err == nil || came.Word != rest.NoNews
}

// restRefused is REST's refusal of the key. REST rests for a while, and then
// asks once more before that is believed.
func (e *Engine) restRefused(words string) {
	if e.standing.Off() {
		return // said already: several requests were under way
	}
	h := &e.hosts
	wait := max(h.RefusedByREST(e.now), rest.KeyPause)
	e.standing.Stop(e.now, wait)
	if e.subs.begun { // the stream takes the key: only REST does not
		e.standing.Trouble = rest.TroubleKey
		e.note(rest.TroubleKey + ": " + words + askedAgainIn(wait))
		return
	}
	if h.words = words; h.Facts(e.now).REST == plan.Refuses {
		e.reconsider()
	}
}

// moment is what is known now.
func (e *Engine) moment() rest.Moment {
	market := e.clock.Now()
	return rest.Moment{
		Now: e.now, Market: market, Event: e.eventNow(), Session: e.session.facts, Day: e.day(), Span: e.window.span,
		Live: e.live(), Polling: e.polling(), Resting: e.paused() || e.machine.phase == model.PhaseIdle,
	}
}
