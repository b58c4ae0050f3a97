package link

import (
	"optflow/feed/plan"
	"optflow/model"
)

// watchHosts is what time does to beliefs while connected.
func (m *Machine) watchHosts() {
	h, now := &m.hosts, m.now.At
	if delivers(m.phase) {
		h.host().Serves(now, !m.pulse.silent)
	}
	if h.delayed || h.alone() || h.Facts(now).REST != plan.Late {
		return
	}
	switch f := m.subs.flight; {
	case m.phase == model.PhaseSubscribing && f != nil && !f.drop && !m.pulse.on(f.channel.Channel, m.conn) && !now.Before(f.deadline.Add(LateGrace-AckTimeout)),
		delivers(m.phase) && m.pulse.silent && m.now.Open && now.Sub(m.pulse.liveSince) >= silentAfter(m.subs.window.span):
		m.denied(plan.Silent, "nothing came of the subscription", DelayedWait)
	}
}

// restSaid books what REST said of the key, and acts on it if that is news.
func (m *Machine) restSaid(hear func()) {
	before := m.hosts.Facts(m.now.At).REST
	hear()
	if m.hosts.Facts(m.now.At).REST != before {
		m.reconsider()
	}
}

// restRefused is REST's refusal of the key. It rests for a while, and then asks
// once more before that is believed.
func (m *Machine) restRefused(words string) {
	h := &m.hosts
	m.out.do(KeyRests{h.RefusedByREST(m.now.At), words})
	if m.subs.begun { // the stream takes the key: only REST does not
		return
	}
	if h.words = words; h.Facts(m.now.At).REST == plan.Refuses {
		m.reconsider()
	}
}

// reconsider acts on a belief that changed while a stream is, or may be, on its
// way.
func (m *Machine) reconsider() {
	v := m.hosts.Verdict(m.now.At)
	switch {
	case m.subs.begun || m.phase == model.PhasePaused || m.phase == model.PhaseIdle || m.phase == model.PhaseEvicted:
	case dials(v) && !m.hosts.awaiting && m.phase != model.PhaseRefused:
	case v.Do == plan.AwaitREST && m.conn != nil:
	default:
		m.decide()
	}
}

// askAgain ends a wait: the denials that are over are asked again, by REST one
// request at a time.
func (m *Machine) askAgain() {
	if m.refused {
		m.out.do(KeyDoubted{})
	}
	if dials(m.hosts.Verdict(m.now.At)) {
		m.dial(m.reason)
		return
	}
	m.decide()
}
