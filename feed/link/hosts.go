package link

import (
	"time"

	"optflow/feed/plan"
	"optflow/model"
)

const (
	// DelayedWait is how long after our own leaving one host the other is
	// dialled: both share the connection cap, and the server may still count us.
	DelayedWait = 30 * time.Second
	// endedWait is the same where the server ends the connection by itself.
	endedWait = time.Second
	// RestPatience is how long a refused key waits for what REST says of it.
	RestPatience = 5 * time.Second
	// LateGrace is how long the real-time host may take over its first
	// acknowledgement once REST has said that the plan is a delayed one.
	LateGrace = 2 * time.Second
)

// hosts is what is believed of the key, host by host, and what waits for it.
type hosts struct {
	plan.Beliefs
	delayed  bool      // the delayed one is dialled
	words    string    // of the last denial, the server's own
	free     time.Time // from when on the other host may be dialled
	awaiting bool      // a refused key waits for REST's word
}

// alone says that there is one host only.
func (h *hosts) alone() bool { return h.NoDelayed || h.NoRealtime }

// host is what is believed of the host that is dialled.
func (h *hosts) host() *plan.Belief {
	if h.delayed {
		return &h.Delayed
	}
	return &h.Realtime
}

// because is a reason with the server's words where they matter.
func (h *hosts) because(why plan.Why) string {
	if why == plan.BadKey {
		return why.Sentence() + " (" + h.words + ")"
	}
	return why.Sentence()
}

// untilAsked is how long it is until the first denial ends.
func (h *hosts) untilAsked(now time.Time) time.Duration {
	return max(h.AskedAgain(now).Sub(now), time.Second)
}

// dials says whether a verdict is to dial.
func dials(v plan.Verdict) bool { return v.Do == plan.DialRealtime || v.Do == plan.DialDelayed }

// denied books what the host that is dialled denies the key, and does what the
// table says then. Pause is from now until the other host may be dialled.
func (m *Machine) denied(a plan.Answer, words string, pause time.Duration) {
	h := &m.hosts
	m.disconnect(a == plan.Refused)
	m.lostAt, h.words, h.free = m.now.At, words, m.now.At.Add(pause)
	if h.host().Hear(a, m.now.At, h.NoKey) {
		m.decide()
		return
	}
	reason := words
	switch a {
	case plan.Refused:
		reason = "key refused (" + words + "), trying once more"
	case plan.NoPlan:
		reason = "no stream in this plan (" + words + "), trying once more"
	}
	m.enter(model.PhaseBackoff, max(m.back.next(0), time.Millisecond), reason)
}

// decide does what the table says, while nothing is connected.
func (m *Machine) decide() {
	h := &m.hosts
	v := h.Verdict(m.now.At)
	h.awaiting = v.Do == plan.AwaitREST
	switch v.Do {
	case plan.DialRealtime, plan.DialDelayed:
		m.restart()
		m.takeHost(v)
	case plan.AwaitREST:
		m.enter(model.PhaseBackoff, RestPatience, "key refused ("+h.words+"), asking REST")
	case plan.Poll:
		m.leaveStreams(v.Why)
	case plan.Stop:
		if v.Why == plan.NothingInPlan {
			m.leaveStreams(v.Why)
			return
		}
		m.stop(v.Why)
	}
}

// takeHost turns to a host, or comes back to the one that was dialled.
func (m *Machine) takeHost(v plan.Verdict) {
	h := &m.hosts
	delayed := v.Do == plan.DialDelayed
	if delayed == h.delayed {
		reason := h.words
		if v.Why != plan.AllWell {
			reason = v.Why.Sentence()
		}
		m.rest(0, reason)
		return
	}
	h.delayed = delayed
	m.subs.startOver()
	reason := v.Why.Sentence()
	if v.Why == plan.AllWell {
		reason = m.reason
	} else if h.words != "" {
		m.out.note(reason + ": " + h.words)
	}
	m.enter(model.PhaseNotEntitled, max(h.free.Sub(m.now.At), time.Millisecond), reason)
}

// leaveStreams lets REST do the work until something that was denied is asked
// for again.
func (m *Machine) leaveStreams(why plan.Why) {
	h := &m.hosts
	m.restart()
	phase := model.PhaseNotEntitled
	switch why {
	case plan.NoStreamInPlan, plan.NothingInPlan:
		m.noPlan = true
	case plan.NoStreamTakesKey, plan.NoKeySet:
		phase = model.PhaseRefused
	}
	wait := h.untilAsked(m.now.At)
	m.enter(phase, wait, h.because(why))
	text := "no stream: " + h.words
	if why == plan.NoKeySet {
		text = why.Sentence() + ": " + why.Remedy()
	}
	m.out.note(text + plan.AgainIn(wait))
}

// stop stops everything that would use a key believed to be wrong.
func (m *Machine) stop(why plan.Why) {
	h := &m.hosts
	m.disconnect(true)
	m.refused = true
	m.out.do(KeyStopped{})
	wait := h.untilAsked(m.now.At)
	m.enter(model.PhaseRefused, wait, h.because(why))
	text := "key refused: " + h.words
	if why != plan.BadKey {
		text = why.Sentence() + ": " + why.Remedy()
	}
	m.out.note(text + plan.AgainIn(wait))
}

// restart ends that: the key is good for something.
func (m *Machine) restart() {
	if m.refused {
		m.refused = false
		m.out.do(KeyTaken{})
	}
}

// unserved ends a connection that took the key and served nothing.
func (m *Machine) unserved(reason string) {
	if m.hosts.alone() {
		m.lost(reason, 0, false)
		return
	}
	m.denied(plan.Silent, reason, DelayedWait)
}
