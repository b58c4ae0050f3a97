package link

import (
	"optflow/feed/plan"
	"optflow/model"
)

// Step takes what happened and returns what is to be done about it. Events of
// connections that are over are none.
func (m *Machine) Step(ev Event, now Now) []Action {
	if !m.hosts.delayed {
		now.Delay = 0
	}
	m.now, m.out = now, nil
	if data, is := ev.(*Data); is { // for each message: all else comes seldom
		m.data(data)
		if m.out == nil {
			return nil
		}
	} else {
		m.take(ev)
	}
	facts := m.hosts.Facts(now.At)
	m.late = facts.REST == plan.Late && facts.Realtime != plan.Works && !delivers(m.phase)
	return m.out
}

// take is Step for all but data.
func (m *Machine) take(ev Event) {
	switch ev := ev.(type) {
	case Tick:
		m.tick(ev)
	case Acknowledged:
		if m.conn.is(ev.Conn) {
			m.settle(m.subs.acknowledged(ev, m.now))
		}
	case Said:
		if m.conn.is(ev.Conn) {
			m.said(ev)
		}
	case Up:
		if m.conn != nil && m.conn.id == ev.Conn {
			m.up(ev)
		}
	case Down:
		if m.conn != nil && m.conn.id == ev.Conn {
			m.down(ev.End)
		}
	case Unreadable:
		if m.conn.is(ev.Conn) {
			m.lost("server sends what cannot be read", 0, true)
		}
	case Names:
		if m.subs.stale = true; ev.Changed {
			m.subs.review()
			m.subs.ask(m.now)
		}
	case Probed:
		m.probed(ev)
	default:
		m.word(ev)
	}
}

// word is what the user, REST and this machine have to say: it comes seldom.
func (m *Machine) word(ev Event) {
	switch ev := ev.(type) {
	case Connect:
		if m.conn == nil {
			m.hosts.Forget()
			m.dial(reasonConnecting)
		}
	case Pause:
		m.disconnect(false)
		m.enter(model.PhasePaused, 0, reasonPaused)
	case Yield:
		m.disconnect(false)
		m.enter(model.PhaseEvicted, 0, ev.Why)
	case Retake:
		m.retake()
	case Window:
		m.settle(m.subs.change(ev.Span, m.conn.answers(), m.now))
	case Woke:
		m.woke()
	case RESTTook:
		m.restSaid(m.hosts.TookByREST)
	case RESTMute:
		m.restSaid(m.hosts.Mute)
	case RESTBack:
		if m.phase == model.PhaseBackoff && !m.asked {
			m.dial(m.reason)
		}
	case RESTRefused:
		m.restRefused(ev.Text)
	case Chains:
		m.hosts.NoSnapshots = ev.None
		if m.noPlan && m.conn == nil {
			m.reconsider()
		}
	}
}

// tick is all that happens because time has passed.
func (m *Machine) tick(t Tick) {
	m.expire()
	m.listen(t)
	if t.Late {
		m.restSaid(m.hosts.IsLate)
	}
	m.watchHosts()
	if f := m.subs.flight; f != nil && !m.now.At.Before(f.deadline) {
		m.settle(m.subs.overdue(m.now, m.conn.bare, m.pulse.on(f.channel.Channel, m.conn), m.phase == model.PhaseSubscribing))
	}
	if m.subs.stale {
		m.subs.ask(m.now)
	}
	m.settle(m.subs.passWindow(m.conn.answers(), m.now))
}

// settle does what asking for events comes to.
func (m *Machine) settle(o outcome) {
	switch o.kind {
	case serves:
		m.goLive()
	case silent:
		m.unserved("subscription was not acknowledged")
	case lacks:
		m.denied(plan.NoPlan, o.words, DelayedWait)
	case redial:
		if m.conn != nil {
			m.lost(o.words, 0, false)
		}
	}
}
