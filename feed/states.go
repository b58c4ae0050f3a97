package feed

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"optflow/feed/link"
	"optflow/feed/plan"
	"optflow/feed/rest"
	"optflow/model"
	"optflow/model/book"
)

// Deadlines of the states (docs/faults.md#states) and the waits between them.
const (
	dialTimeout     = 10 * time.Second
	greetingTimeout = 10 * time.Second
	authTimeout     = 10 * time.Second
	// listTimeout bounds how long a connection waits for names to subscribe
	// to, which REST has to bring.
	listTimeout = 60 * time.Second
	// A dial that ignored its own deadline is given up this much later.
	dialSlack = time.Second

	evictedWait   = 60 * time.Second
	evictedJitter = 20 * time.Second
	evictedTwice  = 10 * time.Minute // a second eviction inside it: the other program stays
	ghostWait     = 30 * time.Second
	ghostWithin   = 60 * time.Second // after our own loss the server may still count the old session
)

// Reasons that the status bar shows; the interface adds the countdown.
const (
	reasonConnecting = "connecting"
	reasonLost       = "connection lost"
	reasonPaused     = "auto-refresh is off, r polls now"
	reasonUsed       = "another program uses this key"
	reasonGhost      = "old session still counted"
)

// machine is the feed's state machine: one phase at a time, each entered at a
// known time, each with a deadline or waiting for a person.
type machine struct {
	phase   model.Phase
	entered time.Time
	until   time.Time // deadline; zero: none
	reason  string    // why it is not live
	asked   bool      // the server asked for the pause that Backoff is

	conn    *connection // nil: none
	conns   uint64
	law     link.Law
	back    link.Backoff
	delayed bool // the delayed host is dialled

	refused    bool // neither stream nor REST may use the key
	evictions  []time.Time
	lostAt     time.Time // when our own socket was last lost, evictions apart
	protocol   []time.Time
	plainUntil time.Time // no compression is offered before
	slow       []time.Time
	wasLive    bool // at some time in this run
}

// enter changes the phase. A wait of 0 means no deadline.
func (e *Engine) enter(p model.Phase, wait time.Duration, reason string) {
	m := &e.machine
	if m.phase != p {
		e.log.Log(context.Background(), severity(p), "feed", "from", m.phase.String(), "to", p.String(), "reason", reason)
	}
	m.phase, m.entered, m.reason, m.until = p, e.now, reason, time.Time{}
	if wait > 0 {
		m.until = e.now.Add(wait)
	}
	e.publishAt = time.Time{} // a transition is shown at once
	e.dirty = true
}

// severity is that of entering a phase: those in which something is wrong are
// what a log is read for.
func severity(p model.Phase) slog.Level {
	switch p {
	case model.PhaseStale, model.PhaseBackoff, model.PhaseRefused, model.PhaseNotEntitled, model.PhaseEvicted:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// live says whether the stream delivers.
func (e *Engine) live() bool {
	return e.machine.phase == model.PhaseLive || e.machine.phase == model.PhaseQuiet
}

// expire acts on the phase's deadline.
func (e *Engine) expire() {
	m := &e.machine
	if m.phase == model.PhaseLive && m.back.Tries > 0 && e.now.Sub(m.entered) >= link.Healthy {
		m.back.Reset()
	}
	if m.until.IsZero() || e.now.Before(m.until) {
		return
	}
	switch m.phase {
	case model.PhaseDialing:
		e.lost("server does not answer", 0, true)
	case model.PhaseGreeting:
		e.lost("server sent no greeting", 0, true)
	case model.PhaseAuthenticating:
		e.lost("server did not answer the login", 0, true)
	case model.PhaseSubscribing:
		e.lost("no contracts to subscribe to", 0, false)
	case model.PhaseRefused, model.PhaseNotEntitled:
		e.asked()
	case model.PhaseBackoff:
		if e.hosts.awaiting { // in vain
			e.hosts.Mute(true)
			e.decide()
			return
		}
		e.dial(m.reason)
	case model.PhaseEvicted:
		e.dial(m.reason)
	}
}

// dial starts a connection to the host that the table names, if the rate law
// permits, else waits until it does.
func (e *Engine) dial(reason string) {
	m := &e.machine
	v := e.hosts.Verdict(e.now)
	if v.Do != plan.DialRealtime && v.Do != plan.DialDelayed {
		e.decide()
		return
	}
	if delayed := v.Do == plan.DialDelayed; delayed != m.delayed {
		if e.takeHost(v); e.hosts.free.After(e.now) {
			return
		}
		reason = m.reason
	}
	if wait := m.law.Wait(e.now); wait > 0 {
		m.asked = true // by the law
		e.enter(model.PhaseBackoff, wait, reason)
		return
	}
	m.law.Take(e.now)
	e.count.Dials++
	if m.wasLive {
		e.count.Reconnects++
	}
	e.enter(model.PhaseDialing, dialTimeout+dialSlack, reason)
	e.connect()
}

// lost ends the connection, if there is one, and comes back later: the wait is
// the backoff's, at least least. Abrupt means that saying goodbye is of no use.
func (e *Engine) lost(reason string, least time.Duration, abrupt bool) {
	m := &e.machine
	e.disconnect(abrupt)
	m.lostAt, m.asked = e.now, least > 0
	e.enter(model.PhaseBackoff, max(m.back.Next(least), m.law.Patience(e.now), time.Millisecond), reason)
}

// disconnect lets go of the connection; its goroutine ends by itself.
func (e *Engine) disconnect(abrupt bool) {
	m := &e.machine
	if m.conn == nil {
		return
	}
	if e.subs.begun {
		e.hosts.free = e.now.Add(delayedWait)
	}
	m.conn.abrupt.Store(abrupt)
	m.conn.cancel()
	m.conn = nil
	e.subs.disconnected(e.now)
	if e.live() || m.phase == model.PhaseStale {
		e.outage(model.GapNone)
		e.rest.Fallen()
	}
}

// goLive is entered when the first subscription is acknowledged or delivers.
func (e *Engine) goLive() {
	m := &e.machine
	if m.phase != model.PhaseSubscribing {
		return
	}
	e.enter(model.PhaseLive, 0, "")
	e.plan.NoWebSocket = false
	e.host().Serves(e.now, false)
	e.stream.liveSince, e.stream.heard = e.now, e.now
	e.stream.silent, e.stream.askedAt, e.stream.probe.next = true, e.eventNow(), time.Time{}
	e.rest.Live(e.moment(), m.wasLive)
	m.wasLive = true
}

// accept is what a good login means: the key is not what is wrong.
func (e *Engine) accept() {
	e.host().Took()
	e.hosts.ForgetREST()
	e.machine.refused = false
	e.rest.Standing.Start()
}

// evicted is another connection's taking the key's slot.
func (e *Engine) evicted() {
	m := &e.machine
	e.disconnect(true)
	if !m.lostAt.IsZero() && e.now.Sub(m.lostAt) <= ghostWithin {
		e.enter(model.PhaseEvicted, ghostWait, reasonGhost)
		return
	}
	recent := m.evictions[:0]
	for _, t := range m.evictions {
		if e.now.Sub(t) <= evictedTwice {
			recent = append(recent, t)
		}
	}
	m.evictions = append(recent, e.now)
	if len(m.evictions) >= 2 {
		e.enter(model.PhaseEvicted, 0, reasonUsed)
		return
	}
	at := time.UnixMilli(e.clock.Now()).In(model.NewYork).Format(time.TimeOnly)
	e.enter(model.PhaseEvicted, link.Spread(e.o.Rand, evictedWait, evictedWait+evictedJitter),
		fmt.Sprintf("another program took this key's connection at %s", at))
}

// retake is the user's wish to try again now.
func (e *Engine) retake() {
	m := &e.machine
	switch m.phase {
	case model.PhaseRefused, model.PhaseNotEntitled, model.PhaseEvicted, model.PhaseBackoff:
		e.hosts.Forget()
		m.evictions = nil
		e.dial(m.reason)
	}
}

// pause stops all that happens by itself.
func (e *Engine) pause() {
	e.outage(model.GapPaused)
	e.disconnect(false)
	e.rest.Rest(e.moment())
	e.enter(model.PhasePaused, 0, reasonPaused)
}

// resume starts, or starts again after a pause.
func (e *Engine) resume() {
	if e.stream.outageFrom != 0 {
		e.book.Apply(&book.Lost{From: e.stream.outageFrom, To: e.eventNow(), Reason: model.GapPaused})
		e.stream.outageFrom, e.stream.outageWhy = 0, model.GapNone
	}
	e.rest.Sweeps.All(e.moment(), rest.ForSweep)
	e.hosts.Forget()
	e.dial(reasonConnecting)
}

// pollNow is a key press: read everything once.
func (e *Engine) pollNow() {
	if e.machine.phase == model.PhaseRefused {
		e.retake()
		if e.machine.refused {
			return
		}
	}
	e.rest.Calendar.Ask(e.now)
	e.rest.Sweeps.All(e.moment(), rest.ForUser)
}
