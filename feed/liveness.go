package feed

import (
	"cmp"
	"context"
	"slices"
	"time"

	"optflow/feed/rest"
	"optflow/model"
)

// Liveness rules (faults.md 1.3).
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
	closedBefore = 10_000 // ms: only windows closed so long ago are compared
	liquidMost   = 3      // contracts that a probe asks for
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
	if !e.live() || !e.session.open() {
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
		e.probe()
	}
}

// probe asks REST whether liquid contracts have traded since the stream's last
// word: then the stream is stale, else the market is quiet.
func (e *Engine) probe() {
	span := int64(e.window.span)
	to := (e.eventNow() - closedBefore) / span * span
	from := max(e.stream.newest, e.stream.askedAt, to-10*minuteMillis)
	if to <= from {
		return
	}
	conn := e.machine.conns
	for _, id := range e.liquid() {
		c := e.tape.Contracts.At(id)
		e.budget.Add(&rest.Job{
			Class: rest.ForUser, Key: "probe/" + c.Symbol,
			Do: func(ctx context.Context) (func(rest.Moment), error) {
				bars, _, err := e.o.REST.Aggs(ctx, c.Symbol, model.Span(span), from, to)
				return func(rest.Moment) { e.probed(conn, len(bars) > 0) }, err
			},
		})
	}
}

// liquid names the contracts that would have traded if anything did: the three
// of most volume today, and while none is known one of each ticker.
func (e *Engine) liquid() []model.ContractID {
	var top []model.Account
	e.book.Accounts(func(a model.Account) bool {
		at, _ := slices.BinarySearchFunc(top, a, func(a, b model.Account) int { return cmp.Compare(b.Day, a.Day) })
		if a.Day > 0 && at < liquidMost {
			top = slices.Insert(top, at, a)
			top = top[:min(len(top), liquidMost)]
		}
		return true
	})
	var ids []model.ContractID
	for _, a := range top {
		ids = append(ids, a.Contract)
	}
	for _, t := range e.tickers {
		if ch := e.chains[t]; len(ids) < liquidMost && ch.volume > 0 && !slices.Contains(ids, ch.busiest) {
			ids = append(ids, ch.busiest)
		}
	}
	return ids
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
	e.session.statusAt = time.Time{} // the hour may be another, and the session
	switch {
	case e.machine.conn != nil:
		e.disconnect(true)
		e.machine.lostAt = e.now
		e.dial("this machine slept")
	case e.machine.phase == model.PhaseBackoff:
		e.dial(e.machine.reason)
	}
}
