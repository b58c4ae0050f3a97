package link

import (
	"time"

	"optflow/feed/plan"
	"optflow/model"
)

// Deadlines of the states (docs/faults.md#states).
const (
	DialTimeout     = 10 * time.Second
	GreetingTimeout = 10 * time.Second
	AuthTimeout     = 10 * time.Second
	// listTimeout bounds how long a connection waits for names to subscribe
	// to, which REST has to bring.
	listTimeout = 60 * time.Second
	// A dial that ignored its own deadline is given up this much later.
	dialSlack = time.Second
)

// Reasons that the status bar shows; the interface adds the countdown.
const (
	reasonConnecting = "connecting"
	ReasonLost       = "connection lost"
	reasonPaused     = "auto-refresh is off"
)

// enter changes the phase. A wait of 0 means no deadline.
func (m *Machine) enter(p model.Phase, wait time.Duration, reason string) {
	m.out.do(Entered{m.phase, p, reason})
	m.phase, m.entered, m.reason, m.until = p, m.now.At, reason, time.Time{}
	if wait > 0 {
		m.until = m.now.At.Add(wait)
	}
}

// expire acts on the phase's deadline.
func (m *Machine) expire() {
	if m.phase == model.PhaseLive && m.back.tries > 0 && m.now.At.Sub(m.entered) >= Healthy {
		m.back.reset()
	}
	if m.until.IsZero() || m.now.At.Before(m.until) {
		return
	}
	switch m.phase {
	case model.PhaseDialing:
		m.lost("server does not answer", 0, true)
	case model.PhaseGreeting:
		m.lost("server sent no greeting", 0, true)
	case model.PhaseAuthenticating:
		m.lost("server did not answer the login", 0, true)
	case model.PhaseSubscribing:
		m.lost("no contracts to subscribe to", 0, false)
	case model.PhaseRefused, model.PhaseNotEntitled:
		m.askAgain()
	case model.PhaseBackoff:
		if m.hosts.awaiting { // in vain
			m.hosts.Mute()
			m.decide()
			return
		}
		m.dial(m.reason)
	case model.PhaseEvicted:
		m.dial(m.reason)
	}
}

// dial starts a connection to the host that the table names, if the law permits,
// else waits until it does.
func (m *Machine) dial(reason string) {
	v := m.hosts.Verdict(m.now.At)
	if !dials(v) {
		m.decide()
		return
	}
	if delayed := v.Do == plan.DialDelayed; delayed != m.hosts.delayed {
		if m.takeHost(v); m.hosts.free.After(m.now.At) {
			return
		}
		reason = m.reason
	}
	if wait := m.law.wait(m.now.At); wait > 0 {
		m.asked = true // by the law
		m.enter(model.PhaseBackoff, wait, reason)
		return
	}
	m.law.take(m.now.At)
	m.conns++
	m.conn = &connection{id: m.conns}
	m.enter(model.PhaseDialing, DialTimeout+dialSlack, reason)
	m.out.do(Dial{Conn: m.conns, Delayed: m.hosts.delayed, Plain: !m.manners.offers(m.now.At), Channel: BarsOf(m.subs.window.wanted), Again: m.wasLive})
}

// lost ends the connection, if there is one, and comes back later: the wait is
// the backoff's, at least least. Abrupt means that saying goodbye is of no use.
func (m *Machine) lost(reason string, least time.Duration, abrupt bool) {
	m.disconnect(abrupt)
	m.lostAt, m.asked = m.now.At, least > 0
	m.rest(least, reason)
}

// rest waits for the backoff, or what the law of dials wants to be kept.
func (m *Machine) rest(least time.Duration, reason string) {
	m.enter(model.PhaseBackoff, max(m.back.next(least), m.law.patience(m.now.At), time.Millisecond), reason)
}

// disconnect lets go of the connection.
func (m *Machine) disconnect(abrupt bool) {
	if m.conn == nil {
		return
	}
	if m.subs.begun {
		m.hosts.free = m.now.At.Add(DelayedWait)
	}
	m.out.do(Close{abrupt})
	m.conn = nil
	m.subs.end()
	if delivers(m.phase) || m.phase == model.PhaseStale {
		m.out.do(Fallen{})
	}
}

// goLive is entered when the first subscription is acknowledged or delivers.
func (m *Machine) goLive() {
	if m.phase != model.PhaseSubscribing {
		return
	}
	m.enter(model.PhaseLive, 0, "")
	m.noPlan = false
	m.hosts.host().Serves(m.now.At, false)
	m.pulse.begin(m.now.At, m.now.event())
	m.out.do(Live{Again: m.wasLive})
	m.wasLive = true
}

// accept is what a good login means: the key is not what is wrong.
func (m *Machine) accept() {
	m.hosts.host().Took()
	m.hosts.ForgetREST()
	m.refused = false
	m.out.do(KeyTaken{})
}

// retake is the user's wish to try again now.
func (m *Machine) retake() {
	switch m.phase {
	case model.PhaseRefused, model.PhaseNotEntitled, model.PhaseEvicted, model.PhaseBackoff:
		m.hosts.Forget()
		m.evicted = nil
		m.dial(m.reason)
	}
}

// woke redials at once after this machine slept.
func (m *Machine) woke() {
	switch {
	case m.conn != nil:
		m.disconnect(true)
		m.lostAt = m.now.At
		m.dial("this machine slept")
	case m.phase == model.PhaseBackoff:
		m.dial(m.reason)
	}
}
