package feed

import (
	"optflow/feed/plan"
	"optflow/feed/rest"
	"optflow/feed/source"
	"optflow/model"
)

// answered books what a request came to.
func (e *Engine) answered(j *rest.Job, take func(rest.Moment), err error) {
	if err != nil {
		e.log.Debug("request failed", "key", j.Key, "kind", int(source.KindOf(err)), "err", err)
	}
	came := e.rest.Standing.Answered(j, err, e.now)
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
	if e.rest.Standing.Off() {
		return // said already: several requests were under way
	}
	h := &e.hosts
	wait := max(h.RefusedByREST(e.now), rest.KeyPause)
	e.rest.Standing.Pause(e.now, wait)
	if e.subs.begun { // the stream takes the key: only REST does not
		e.rest.Standing.Trouble = rest.TroubleKey
		e.notes.Note(rest.TroubleKey + ": " + words + rest.AskedAgainIn(wait))
		return
	}
	if h.words = words; h.Facts(e.now).REST == plan.Refuses {
		e.reconsider()
	}
}

// moment is what is known now.
func (e *Engine) moment() rest.Moment {
	polling := !e.live() && !e.paused() && !e.machine.refused && !e.plan.NoSnapshots && e.machine.phase != model.PhaseIdle
	return rest.Moment{
		Now: e.now, Market: e.clock.Now(), Event: e.eventNow(), Session: e.rest.Calendar.Facts(), Day: e.rest.Calendar.Day(), Span: e.window.span,
		Live: e.live(), Polling: polling, Resting: e.paused() || e.machine.phase == model.PhaseIdle,
		Conn: e.machine.conns, Heard: e.stream.heard, Newest: e.stream.newest, Owed: e.stream.askedAt,
	}
}

// follow makes the given tickers the ones followed.
func (e *Engine) follow(tickers []string) {
	e.rest.Follow(e.moment(), tickers)
	e.pumpSubscriptions()
}

// renamed looks anew at what is wanted of the stream.
func (e *Engine) renamed() {
	e.decoder.Refollow()
	e.subs.review()
}

// snapshots acts on the plan's turning out to carry chains, or not to.
func (e *Engine) snapshots(m rest.Moment, carried bool) {
	e.hosts.NoSnapshots = !carried
	if e.plan.NoWebSocket && e.machine.conn == nil {
		e.reconsider() // what is left differs
	}
	switch {
	case carried:
		e.rest.Sweeps.All(m, rest.ForSweep)
	case !e.subs.wildcard:
		e.rest.Discover(m)
	}
}
