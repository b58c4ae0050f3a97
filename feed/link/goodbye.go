package link

import (
	"optflow/feed/plan"
	"optflow/model"
)

// down is a dial that failed, or the end of a connection that we did not end.
func (m *Machine) down(end End) {
	if end.Offer {
		m.manners.leaveOff(m.now.At)
	}
	switch {
	case end.Kind == KeyRefused:
		m.denied(plan.Refused, end.Text, endedWait)
	case end.Kind == PlanLacks:
		m.accept()
		m.denied(plan.NoPlan, end.Text, endedWait)
	case end.Kind == Misplaced:
		m.lost(end.Text, BackoffCap, true)
	case !m.conn.up:
		m.lost(end.Text, end.Least, true)
	default:
		m.ended(end)
	}
}

// ended is the end of a connection that was there.
func (m *Machine) ended(end End) {
	c := m.conn
	switch {
	case m.phase == model.PhaseAuthenticating:
		m.lost("server closed the connection at login", 0, true)
		return
	case end.Code == byPolicy && c.planWords != "" && m.now.At.Sub(c.planAt) < AckTimeout: // it said why before
		m.denied(plan.NoPlan, c.planWords, endedWait)
		return
	}
	f := m.manners.part(end, m.now.At, c.compressed)
	if f.plain != "" {
		m.out.note("compression is left off: " + f.plain)
	}
	if f.shed && m.subs.shed() {
		m.out.note("the server found us too slow for all contracts: subscribing to those followed by name")
	}
	if f.halve {
		m.subs.limit = max(m.subs.limit/2, 1)
	}
	if f.log {
		m.out.do(Log{"feed closed", []any{"code", end.Code, "reason", end.Text}})
	}
	m.lost(f.reason, f.least, true)
}
