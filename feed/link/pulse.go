package link

import (
	"time"

	"optflow/model"
)

// Rules of liveness (docs/faults.md#liveness).
const (
	DeadAfter    = 45 * time.Second // nothing inbound of any kind
	partialMost  = 30 * time.Second // for one message, from its first byte
	QuietLeast   = 15 * time.Second
	QuietFactor  = 5 // times the p99.9 of the gaps between data
	quietMinute  = 15 * time.Second
	ProbeAfter   = 60 * time.Second
	probeMinute  = 75 * time.Second
	SilentSecond = 15 * time.Second // subscribed to everything, no data ever
	silentMinute = 75 * time.Second
	probeEvery   = 60 * time.Second
)

const reasonStale = "stream is silent while REST has newer data"

// pulse is what the stream's data tells of its life.
type pulse struct {
	heard     time.Time // when data last came
	conn      uint64    // on which connection
	channel   Channel   // and of which channel; zero: not known
	liveSince time.Time
	asked     int64 // ms of event time when it went live: it owes nothing older
	silent    bool  // no data since the subscription
	gaps      Rhythm
	probe     time.Time // not before
}

// begin is the stream's going live.
func (p *pulse) begin(now time.Time, event int64) {
	p.liveSince, p.heard, p.silent, p.asked, p.probe = now, now, true, event, time.Time{}
}

// beat is data.
func (p *pulse) beat(ev *Data) {
	if p.conn == ev.Conn && !p.heard.IsZero() {
		p.gaps.Add(ev.At.Sub(p.heard), ev.At)
	}
	p.heard, p.conn, p.silent = ev.At, ev.Conn, false
	if ev.Channel != 0 {
		p.channel = ev.Channel
	}
}

// on says whether a channel has delivered on a connection.
func (p *pulse) on(c Channel, conn *connection) bool {
	return p.channel == c && conn != nil && p.conn == conn.id
}

// patience is how long after the last data the stream is called quiet, and REST
// asked.
func (p *pulse) patience(span model.Span) (quiet, probe time.Duration) {
	switch {
	case span == model.Minute && p.silent:
		return time.Minute + quietMinute, silentMinute
	case span == model.Minute: // silence counts from the burst that was due, at the minute's end
		return time.Minute + quietMinute, probeMinute
	case p.silent:
		return SilentSecond, SilentSecond
	}
	return max(QuietLeast, min(QuietFactor*p.gaps.High(), ProbeAfter)), ProbeAfter
}

// silentAfter is how long a channel may bring nothing after its acknowledgement,
// in session.
func silentAfter(span model.Span) time.Duration {
	if span == model.Minute {
		return silentMinute
	}
	return SilentSecond
}

// data are events of a channel, wanted or not.
func (m *Machine) data(ev *Data) {
	m.pulse.beat(ev)
	switch {
	case m.conn == nil || ev.Conn != m.conn.id:
	case m.phase == model.PhaseSubscribing:
		m.pulse.channel = BarsOf(m.subs.window.wanted)
		m.goLive()
	case m.phase == model.PhaseQuiet:
		m.unquiet()
	}
}

// unquiet is Live again; Quiet was part of it.
func (m *Machine) unquiet() {
	m.enter(model.PhaseLive, 0, "")
	m.entered = m.pulse.liveSince
}

// listen watches the transport and the content.
func (m *Machine) listen(t Tick) {
	now := m.now.At
	if m.conn != nil && m.conn.up {
		if now.Sub(t.Heard) >= DeadAfter {
			m.lost("nothing heard for 45s", 0, true)
			return
		}
		if !t.Partial.IsZero() && now.Sub(t.Partial) >= partialMost {
			m.lost("a message did not end", 0, true)
			return
		}
	}
	if !delivers(m.phase) || !m.now.Open {
		if m.phase == model.PhaseQuiet { // silence is normal now
			m.unquiet()
		}
		return
	}
	quiet, probe := m.pulse.patience(m.subs.window.span)
	since := now.Sub(m.pulse.heard)
	if m.phase == model.PhaseLive && since >= quiet {
		m.enter(model.PhaseQuiet, 0, "")
	}
	if since >= probe && !now.Before(m.pulse.probe) {
		m.pulse.probe = now.Add(probeEvery)
		m.out.do(Probe{m.conns})
	}
}

// probed is the probe's answer.
func (m *Machine) probed(ev Probed) {
	p := &m.pulse
	if !ev.Newer || m.conns != ev.Conn || !delivers(m.phase) || m.now.At.Sub(p.heard) < QuietLeast {
		return
	}
	if p.silent && m.subs.wildcard && m.subs.mode == SubscribeAuto {
		p.heard, p.probe = m.now.At, time.Time{} // names get their own chance
		m.subs.leaveAll(m.now)
		return
	}
	m.enter(model.PhaseStale, 0, reasonStale)
	if p.silent { // it never sent anything
		m.unserved(reasonStale)
		return
	}
	m.lost(reasonStale, 0, true)
}
