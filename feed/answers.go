package feed

import (
	"optflow/feed/link"
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
	if came.Back { // the server or the network is: why wait for the backoff to find out
		e.step(link.RESTBack{})
	}
	switch came.Word {
	case rest.Took:
		e.step(link.RESTTook{})
	case rest.Refused:
		if !e.rest.Standing.Off() { // else it is said already: several requests were under way
			e.step(link.RESTRefused{Text: came.Words})
		}
	case rest.Away:
		e.step(link.RESTMute{})
	}
	if came.Over {
		j.End(e.moment(), take, err)
	}
	e.dirty = e.dirty || err == nil || came.Word != rest.NoNews
}

// moment is what is known now.
func (e *Engine) moment() rest.Moment {
	l := &e.line
	resting := l.Paused() || l.Phase == model.PhaseIdle
	market := e.clock.At(e.now)
	return rest.Moment{
		Now: e.now, Market: market, Event: e.eventNow(), Session: e.rest.Calendar.Facts(), Day: e.rest.Calendar.Day(market), Span: l.Span,
		Live: l.Live(), Polling: !l.Live() && !resting && !l.Refused && !e.plan.NoSnapshots, Resting: resting,
		Conn: l.Conn, Heard: l.Heard, Newest: e.stream.newest, Owed: l.Asked,
	}
}

// snapshots acts on the plan's turning out to carry chains, or not to.
func (e *Engine) snapshots(m rest.Moment, carried bool) {
	e.step(link.Chains{None: !carried})
	switch {
	case carried:
		e.rest.Sweeps.All(m, rest.ForSweep)
	case !e.line.Wildcard:
		e.rest.Discover(m)
	}
}
