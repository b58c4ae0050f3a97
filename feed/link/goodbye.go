package link

import (
	"fmt"
	"math/rand/v2"
	"time"

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

// PlainFor is how long no compression is offered after it led to something that
// could not be read: a server may be mended meanwhile, and trying costs a dial.
const PlainFor = time.Hour

// grudge is for how long what went wrong between server and client counts.
const grudge = 10 * time.Minute

const byPolicy = 1008

// manners is how server and client get on.
type manners struct {
	rand       *rand.Rand
	protocol   []time.Time // when one did not understand the other
	slow       []time.Time // when the server found us too slow
	plainUntil time.Time   // no compression is offered before
}

// farewell is what the end of a connection asks of us.
type farewell struct {
	reason string
	least  time.Duration // until the next dial
	plain  string        // why compression is left off from now on, "" it is not
	shed   bool          // ask for less
	halve  bool          // send shorter messages
	log    bool          // it is a code that we do not know
}

// offers reports whether a dial may offer compression now, where it is wanted.
func (w *manners) offers(now time.Time) bool { return !now.Before(w.plainUntil) }

func (w *manners) leaveOff(now time.Time) { w.plainUntil = now.Add(PlainFor) }

// part reads the end of a connection, which may have been compressed.
func (w *manners) part(end End, now time.Time, compressed bool) farewell {
	switch end.Kind {
	case TooBig:
		f := farewell{reason: "server sent a message too big to read"}
		if compressed { // a bomb
			f.plain = w.blame("a message was too big to read", now)
		}
		return f
	case Garbled:
		return w.misunderstood("server sent what cannot be inflated", now, compressed)
	case Goodbye:
		return w.goodbye(end.Code, now, compressed)
	}
	return farewell{reason: ReasonLost}
}

// goodbye says what a close code asks of us (docs/faults.md#close-codes).
func (w *manners) goodbye(code int, now time.Time, compressed bool) farewell {
	switch code {
	case 1000, 1005, 1006:
		return farewell{reason: ReasonLost}
	case 1001:
		return farewell{reason: "server is going away", least: Spread(w.rand, time.Second, 2*time.Second)}
	case 1002, 1003, 1007:
		return w.misunderstood(fmt.Sprintf("protocol error (%d)", code), now, compressed)
	case byPolicy:
		return farewell{reason: "server dropped us as too slow", least: 5 * time.Second, shed: within(&w.slow, now, grudge) >= 2}
	case 1009:
		return farewell{reason: "server found a message of ours too big", halve: true}
	case 1011:
		return farewell{reason: "server error"}
	case 1012:
		return farewell{reason: "server restarts", least: Spread(w.rand, time.Second, 5*time.Second)}
	case 1013:
		return farewell{reason: "server asks to come back later", least: 10 * time.Second}
	case 1015:
		return farewell{reason: "TLS failed"}
	}
	return farewell{reason: fmt.Sprintf("server closed the connection (%d)", code), log: true}
}

// misunderstood is a violation of the protocol, the server's or, in its eyes,
// ours. After three in 10 minutes compression goes first, then the stream is left
// alone for a while.
func (w *manners) misunderstood(what string, now time.Time, compressed bool) farewell {
	switch {
	case within(&w.protocol, now, grudge) < 3:
		return farewell{reason: what}
	case compressed:
		return farewell{reason: what + ", going on without compression", plain: w.blame(what, now)}
	}
	return farewell{reason: "server and client do not understand each other", least: 5 * time.Minute}
}

// blame leaves compression off for a while.
func (w *manners) blame(why string, now time.Time) string {
	w.leaveOff(now)
	w.protocol = nil
	return why
}
