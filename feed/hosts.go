package feed

import (
	"time"

	"optflow/feed/massive"
	"optflow/feed/plan"
	"optflow/feed/rest"
	"optflow/model"
)

const (
	// delayedWait is how long after our own leaving one host the other is
	// dialled: both share the connection cap, and the server may still count us.
	delayedWait = 30 * time.Second
	// endedWait is the same where the server ends the connection by itself.
	endedWait = time.Second
	// restPatience is how long a refused key waits for what REST says of it.
	restPatience = 5 * time.Second
	// lateGrace is how long the real-time host may take over its first
	// acknowledgement once REST has said that the plan is a delayed one.
	lateGrace = 2 * time.Second
)

// hosts is what is believed of the key, host by host, and what waits for it.
type hosts struct {
	plan.Beliefs
	words    string    // of the last denial, the server's own
	free     time.Time // from when on the other host may be dialled
	awaiting bool      // a refused key waits for REST's word
}

func newHosts(o *Options) hosts {
	key := o.Realtime.Key != nil && o.Realtime.Key.Reveal() != ""
	return hosts{Beliefs: plan.NewBeliefs(o.Feed, key, o.Delayed.URL != "")}
}

// alone says that there is one host only.
func (h *hosts) alone() bool { return h.NoDelayed || h.NoRealtime }

// host is what is believed of the host that is dialled.
func (e *Engine) host() *plan.Belief {
	if e.machine.delayed {
		return &e.hosts.Delayed
	}
	return &e.hosts.Realtime
}

// denied books what the host that is dialled denies the key, and does what the
// table says then. Pause is from now until the other host may be dialled.
func (e *Engine) denied(a plan.Answer, words string, pause time.Duration) {
	h, m := &e.hosts, &e.machine
	e.disconnect(a == plan.Refused)
	m.lostAt, h.words, h.free = e.now, words, e.now.Add(pause)
	if e.host().Hear(a, e.now, h.NoKey) {
		e.decide()
		return
	}
	reason := words
	switch a {
	case plan.Refused:
		reason = "key refused (" + words + "), trying once more"
	case plan.NoPlan:
		reason = "no stream in this plan (" + words + "), trying once more"
	}
	e.enter(model.PhaseBackoff, max(m.back.Next(0), time.Millisecond), reason)
}

// decide does what the table says, while nothing is connected.
func (e *Engine) decide() {
	h := &e.hosts
	v := h.Verdict(e.now)
	h.awaiting = v.Do == plan.AwaitREST
	switch v.Do {
	case plan.DialRealtime, plan.DialDelayed:
		e.restart()
		e.takeHost(v)
	case plan.AwaitREST:
		e.enter(model.PhaseBackoff, restPatience, "key refused ("+h.words+"), asking REST")
	case plan.Poll:
		e.leaveStreams(v.Why)
	case plan.Stop:
		if v.Why == plan.NothingInPlan {
			e.leaveStreams(v.Why)
			return
		}
		e.stop(v.Why)
	}
}

// takeHost turns to a host, or comes back to the one that was dialled.
func (e *Engine) takeHost(v plan.Verdict) {
	h, m := &e.hosts, &e.machine
	delayed := v.Do == plan.DialDelayed
	if delayed == m.delayed {
		reason := h.words
		if v.Why != plan.AllWell {
			reason = v.Why.Sentence()
		}
		e.enter(model.PhaseBackoff, max(m.back.Next(0), m.law.Patience(e.now), time.Millisecond), reason)
		return
	}
	m.delayed = delayed
	e.subs.startOver(e)
	reason := v.Why.Sentence()
	if v.Why == plan.AllWell {
		reason = m.reason
	} else if h.words != "" {
		e.notes.Note(reason + ": " + h.words)
	}
	e.enter(model.PhaseNotEntitled, max(h.free.Sub(e.now), time.Millisecond), reason)
}

// leaveStreams lets REST do the work until something that was denied is asked
// for again.
func (e *Engine) leaveStreams(why plan.Why) {
	h := &e.hosts
	e.restart()
	phase := model.PhaseNotEntitled
	switch why {
	case plan.NoStreamInPlan, plan.NothingInPlan:
		e.plan.NoWebSocket, e.plan.Known = true, true
	case plan.NoStreamTakesKey, plan.NoKeySet:
		phase = model.PhaseRefused
	}
	e.enter(phase, e.untilAsked(), e.because(why))
	text := "no stream: " + h.words
	if why == plan.NoKeySet {
		text = why.Sentence() + ": " + why.Remedy()
	}
	e.notes.Note(text + e.askedAgain())
}

// stop stops everything that would use a key believed to be wrong.
func (e *Engine) stop(why plan.Why) {
	e.disconnect(true)
	e.machine.refused = true
	e.rest.Standing.Stop()
	e.enter(model.PhaseRefused, e.untilAsked(), e.because(why))
	text := "key refused: " + e.hosts.words
	if why != plan.BadKey {
		text = why.Sentence() + ": " + why.Remedy()
	}
	e.notes.Note(text + e.askedAgain())
}

// restart ends Stopped: the key is good for something.
func (e *Engine) restart() {
	if e.machine.refused {
		e.machine.refused = false
		e.rest.Standing.Start()
	}
}

// because is a reason with the server's words where they matter.
func (e *Engine) because(why plan.Why) string {
	if why == plan.BadKey {
		return why.Sentence() + " (" + e.hosts.words + ")"
	}
	return why.Sentence()
}

// untilAsked is how long it is until the first denial ends.
func (e *Engine) untilAsked() time.Duration {
	return max(e.hosts.AskedAgain(e.now).Sub(e.now), time.Second)
}

func (e *Engine) askedAgain() string { return rest.AskedAgainIn(e.untilAsked()) }

// unserved ends a connection that took the key and served nothing.
func (e *Engine) unserved(reason string) {
	if e.hosts.alone() {
		e.lost(reason, 0, false)
		return
	}
	e.denied(plan.Silent, reason, delayedWait)
}

// watchHosts is what time and REST's word do to beliefs while connected.
func (e *Engine) watchHosts() {
	h, m := &e.hosts, &e.machine
	if e.o.Late != nil && e.o.Late() {
		e.restSaid(h.IsLate)
	}
	if e.live() {
		e.host().Serves(e.now, !e.stream.silent)
	}
	if m.delayed || h.alone() || h.Facts(e.now).REST != plan.Late {
		return
	}
	switch f := e.subs.flight; {
	case m.phase == model.PhaseSubscribing && f != nil && !f.drop && !e.heardOn(f.channel.span) && !e.now.Before(f.deadline.Add(lateGrace-ackTimeout)),
		e.live() && e.stream.silent && e.rest.Calendar.Busy() && e.now.Sub(e.stream.liveSince) >= e.silentAfter():
		e.denied(plan.Silent, "nothing came of the subscription", delayedWait)
	}
}

// silentAfter is how long a channel may bring nothing after its acknowledgement,
// in session.
func (e *Engine) silentAfter() time.Duration {
	if e.window.span == model.Minute {
		return silentMinute
	}
	return silentSecond
}

// restSaid books what REST said of the key, and acts on it if that is news.
func (e *Engine) restSaid(hear func()) {
	h := &e.hosts
	before := h.Facts(e.now).REST
	hear()
	if h.Facts(e.now).REST != before {
		e.reconsider()
	}
}

// polledLate says that what is polled is late: REST says so, and no stream that
// is not has been heard.
func (e *Engine) polledLate() bool {
	f := e.hosts.Facts(e.now)
	return f.REST == plan.Late && f.Realtime != plan.Works && !e.live()
}

// reconsider acts on a belief that changed while a stream is, or may be, on its
// way.
func (e *Engine) reconsider() {
	h, m := &e.hosts, &e.machine
	v := h.Verdict(e.now)
	dial := v.Do == plan.DialRealtime || v.Do == plan.DialDelayed
	switch {
	case e.subs.begun || m.phase == model.PhasePaused || m.phase == model.PhaseIdle || m.phase == model.PhaseEvicted:
	case dial && !h.awaiting && m.phase != model.PhaseRefused:
	case v.Do == plan.AwaitREST && m.conn != nil:
	default:
		e.decide()
	}
}

// asked ends a wait: the denials that are over are asked again, by REST one
// request at a time.
func (e *Engine) asked() {
	h, m := &e.hosts, &e.machine
	if m.refused && e.rest.Standing.Off() {
		e.rest.Standing.Probe()
	}
	switch v := h.Verdict(e.now); v.Do {
	case plan.DialRealtime, plan.DialDelayed:
		e.dial(m.reason)
	default:
		e.decide()
	}
}

// handshakeDenied is a denial by an HTTP answer instead of an upgrade.
func (e *Engine) handshakeDenied(d *massive.DialError) {
	if d.Refused() {
		e.denied(plan.Refused, d.Error(), endedWait)
		return
	}
	e.accept()
	e.denied(plan.NoPlan, d.Error(), endedWait)
}
