package feed

import (
	"time"

	"optflow/model"
)

// Liveness rules (docs/faults.md#liveness).
const (
	deadAfter    = 45 * time.Second // nothing inbound of any kind
	partialMost  = 30 * time.Second // for one frame, from its first byte
	quietLeast   = 15 * time.Second
	quietFactor  = 5 // times the p99.9 of the gaps between data
	quietMinute  = 15 * time.Second
	probeAfter   = 60 * time.Second
	probeMinute  = 75 * time.Second
	silentSecond = 15 * time.Second // wildcard acknowledged, no data ever
	silentMinute = 75 * time.Second
	probeEvery   = 60 * time.Second
)

// probeState is the comparison of the stream with REST.
type probeState struct {
	next time.Time // not before
}

// liveness watches the transport and the content.
func (e *Engine) liveness() {
	m := &e.machine
	if c := m.conn; c != nil && c.wire != nil {
		if e.now.Sub(c.wire.Heard()) >= deadAfter {
			e.lost("nothing heard for 45s", 0, true)
			return
		}
		if since, coming := c.wire.Partial(); coming && e.now.Sub(since) >= partialMost {
			e.lost("a message did not end", 0, true)
			return
		}
	}
	s := &e.stream
	if !e.live() || !e.rest.Calendar.Busy() {
		if m.phase == model.PhaseQuiet { // silence is normal now
			e.enter(model.PhaseLive, 0, "")
			m.entered = s.liveSince
		}
		return
	}
	quiet, probe := max(quietLeast, min(quietFactor*s.gaps.High(), probeAfter)), probeAfter
	if s.silent {
		quiet, probe = silentSecond, silentSecond
	}
	since := e.now.Sub(s.heard)
	if e.window.span == model.Minute {
		// Silence counts from the burst that was due, at the minute's end.
		quiet, probe = time.Minute+quietMinute, probeMinute
		if s.silent {
			probe = silentMinute
		}
	}
	if m.phase == model.PhaseLive && since >= quiet {
		e.enter(model.PhaseQuiet, 0, "")
	}
	if since >= probe && !e.now.Before(s.probe.next) {
		s.probe.next = e.now.Add(probeEvery)
		conn := m.conns
		e.rest.Probe.Ask(e.moment(), func(newer bool) { e.probed(conn, newer) })
	}
}

// probed is the probe's answer.
func (e *Engine) probed(conn uint64, newer bool) {
	m := &e.machine
	if !newer || m.conns != conn || !e.live() || e.now.Sub(e.stream.heard) < quietLeast {
		return
	}
	if e.stream.silent && e.subs.wildcard && e.o.Subscribe == SubscribeAuto {
		e.stream.heard, e.stream.probe.next = e.now, time.Time{} // names get their own chance
		e.leaveWildcard()
		return
	}
	e.enter(model.PhaseStale, 0, "stream is silent while REST has newer data")
	if e.stream.silent { // it never sent anything
		e.unserved("stream is silent while REST has newer data")
		return
	}
	e.lost("stream is silent while REST has newer data", 0, true)
}

// resumed redials at once after the machine slept.
func (e *Engine) resumed(gone time.Duration) {
	e.log.Info("machine slept", "for", gone)
	e.outage(model.GapPaused)
	e.rest.Calendar.Doubt() // the hour may be another, and the session
	switch {
	case e.machine.conn != nil:
		e.disconnect(true)
		e.machine.lostAt = e.now
		e.dial("this machine slept")
	case e.machine.phase == model.PhaseBackoff:
		e.dial(e.machine.reason)
	}
}
