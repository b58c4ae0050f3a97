package link

import (
	"optflow/feed/plan"
	"optflow/model"
)

// up is a dial that went well.
func (m *Machine) up(ev Up) {
	c := m.conn
	c.up, c.bare, c.compressed = true, ev.Bare, ev.Compressed
	if c.bare {
		m.accept() // the key was in the address
		m.subscribe()
		return
	}
	m.enter(model.PhaseGreeting, GreetingTimeout, m.reason)
}

// said acts on what the server said of the connection.
func (m *Machine) said(ev Said) {
	text := ev.Text
	if ev.OfThePlan() {
		m.conn.planWords, m.conn.planAt = text, m.now.At
	}
	switch ev.Word {
	case Greets:
		if m.phase == model.PhaseGreeting {
			m.enter(model.PhaseAuthenticating, AuthTimeout, m.reason)
			m.out.do(Login{})
		}
	case TakesKey:
		if m.phase == model.PhaseAuthenticating || m.phase == model.PhaseGreeting {
			m.accept()
			m.subscribe()
		}
	case RefusesKey:
		m.denied(plan.Refused, text, endedWait)
	case LoginTooLate:
		m.lost("server says the login came too late", 0, true)
	case NoStream:
		m.accept()
		m.denied(plan.NoPlan, text, DelayedWait)
	case OnlyDelayed:
		m.accept()
		m.denied(plan.NoPlan, text, endedWait)
	case NotAuthorized, Errs:
		h := &m.hosts
		elsewhere := ev.Word == NotAuthorized && !h.delayed && !h.alone() && h.Delayed.At(m.now.At) == plan.Unasked
		m.settle(m.subs.refuse(text, elsewhere, m.now))
	case TakesSlot:
		m.out.do(Evicted{})
		m.evict()
	default:
		m.out.do(Log{"server status", []any{"status", ev.Name, "message", text}})
	}
}

// subscribe begins on a connection that has logged in.
func (m *Machine) subscribe() {
	m.enter(model.PhaseSubscribing, listTimeout, m.reason)
	m.subs.begin(m.now)
}
