package feed

import (
	"context"
	"time"

	"optflow/feed/link"
	"optflow/feed/massive"
	"optflow/feed/plan"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/clock"
)

const (
	// ahead is how far, in ms, a bar may start beyond market time.
	ahead = minuteMillis
	// unreadable frames in a row after which one new connection is tried
	unreadableMost = 100
	lagShare       = 0.05 // of a new measurement in the feed's mean delay
)

// streamStats is what the stream has shown of itself.
type streamStats struct {
	newest    int64     // ms: end of the newest window
	received  int64     // ms: market time of the last bar's arrival
	heard     time.Time // the same in wall time
	heardConn uint64    // on which connection
	heardSpan model.Span
	liveSince time.Time
	askedAt   int64 // ms of event time when it went live: it owes nothing older
	silent    bool  // no data since the subscription
	lag       float64
	lagKnown  bool
	delayTold int64
	late      bool // told to the book: a delayed feed
	gaps      link.Gaps
	probe     probeState

	frameErrors int // in a row
	outageFrom  int64
	outageWhy   model.GapReason
}

// frame decodes one frame and books it.
func (e *Engine) frame(f *frame) {
	e.count.Frames++
	b := &e.batch
	b.Reset()
	err := e.decoder.Decode(f.data, b)
	e.count.Events += uint64(b.Events)
	e.count.Filtered += uint64(b.Filtered)
	e.count.Malformed += uint64(b.Malformed)
	e.dirty = true
	if err != nil {
		e.count.Malformed++
		e.unreadable(f, err)
	} else {
		e.stream.frameErrors = 0
	}
	for _, sample := range b.Samples {
		e.log.Debug("malformed event", "text", sample)
	}
	if b.Beyond.Bars > 0 {
		e.count.Beyond.Bars += b.Beyond.Bars
		e.count.Beyond.Lots += b.Beyond.Lots
		e.rest.Interner.Beyond()
	}
	if len(b.NewUnderlyings) > 0 {
		e.rest.Following.HeardOf(b.NewUnderlyings)
	}
	if len(b.Bars) > 0 {
		e.bars(f, b.Bars)
	} else if b.Filtered > 0 {
		e.delivered(f, 0)
	}
	for i := range b.Statuses {
		e.status(f.conn, &b.Statuses[i])
	}
}

// bars books the bars of one frame.
func (e *Engine) bars(f *frame, bars []model.Bar) {
	var newest int64
	for i := range bars {
		newest = max(newest, bars[i].Start+int64(bars[i].Span))
	}
	e.clock.Event(newest)
	limit := e.clock.Now() + ahead // of one moment: this runs for every bar
	if e.stream.outageFrom != 0 {
		e.outageEnds(bars)
	}
	newest = 0
	for i := range bars {
		bar := &bars[i]
		if bar.Start > limit || !e.book.Holds(bar.Start) {
			e.time.held.add(bar, e.now)
			continue
		}
		e.time.near.add(bar, e.now)
		newest = max(newest, bar.Start+int64(bar.Span))
		if !e.booked(bar) {
			e.rest.Interner.Beyond()
			continue
		}
		e.rest.Bar(bar, e.now)
	}
	if newest == 0 {
		return
	}
	if newest > e.stream.newest {
		e.measureLag(newest)
		e.stream.newest = newest
	}
	e.delivered(f, bars[0].Span)
}

// booked books a bar. It is false when there is no room for its contract.
func (e *Engine) booked(bar *model.Bar) bool {
	in := book.Bar{Bar: *bar}
	e.book.Apply(&in)
	return !in.NoRoom
}

// traded numbers a contract that the stream named.
func (e *Engine) traded(symbol string) (model.ContractID, error) {
	in := book.Contract{Symbol: symbol, Traded: true}
	e.book.Apply(&in)
	return in.ID, in.Err
}

// delivered notes that the stream brings data, wanted or filtered.
func (e *Engine) delivered(f *frame, span model.Span) {
	s := &e.stream
	if s.heardConn == f.conn && !s.heard.IsZero() {
		s.gaps.Add(f.at.Sub(s.heard), f.at)
	}
	s.heard, s.heardConn, s.silent = f.at, f.conn, false
	if span != 0 {
		s.heardSpan = span
		s.received = e.clock.Now()
	}
	m := &e.machine
	switch {
	case m.conn == nil || f.conn != m.conn.id:
	case m.phase == model.PhaseSubscribing:
		s.heardSpan = e.window.wanted
		e.goLive()
	case m.phase == model.PhaseQuiet:
		e.enter(model.PhaseLive, 0, "")
		e.machine.entered = s.liveSince
	}
}

// measureLag follows how long after its window's end a bar arrives.
func (e *Engine) measureLag(end int64) {
	s := &e.stream
	lag := float64(max(e.clock.Now()-end, 0))
	if lag > clock.StreamBehind {
		return // no delay is as long: one of the clocks is wrong
	}
	if !s.lagKnown {
		s.lag, s.lagKnown = lag, true
	}
	s.lag += (lag - s.lag) * lagShare
}

// delayOr is the measured delay in ms, or a guess before there is one.
func (s *streamStats) delayOr(guess int64) int64 {
	if s.lagKnown {
		return int64(s.lag)
	}
	return guess
}

// tellDelay passes the measured delay on when it has changed enough to matter.
func (e *Engine) tellDelay() {
	s := &e.stream
	delay := s.delayOr(0)
	if diff := delay - s.delayTold; s.lagKnown && (diff > 500 || diff < -500) {
		s.delayTold = delay
		e.book.Apply(&book.Delay{Delay: delay, Delayed: e.lateFeed()})
	}
	if late := e.lateFeed(); late != s.late {
		s.late = late
		e.book.Apply(&book.Delay{Delay: delay, Delayed: late})
		e.book.Apply(&book.Flags{Flags: e.flags()})
	}
	if e.lateFeed() {
		delay = s.delayOr(delayedHost)
		e.plan.Delayed = max((delay+minuteMillis/2)/minuteMillis*minuteMillis, minuteMillis)
	} else {
		e.plan.Delayed = 0
	}
}

// flags are those that every row carries now.
func (e *Engine) flags() model.Flags {
	var f model.Flags
	if e.sim {
		f |= model.FlagSim
	}
	if e.stream.late {
		f |= model.FlagDelayed
	}
	return f
}

// lateFeed says whether the whole feed is a delayed one.
func (e *Engine) lateFeed() bool {
	return e.machine.delayed || e.stream.lagKnown && e.stream.lag > 10*minuteMillis || e.polledLate()
}

func (e *Engine) unreadable(f *frame, err error) {
	e.log.Debug("unreadable frame", "bytes", len(f.data), "err", err)
	e.stream.frameErrors++
	if m := &e.machine; e.stream.frameErrors >= unreadableMost && m.conn != nil && f.conn == m.conn.id {
		e.stream.frameErrors = 0
		e.lost("server sends what cannot be read", 0, true)
	}
}

// status acts on what the server said of a connection that is still ours.
func (e *Engine) status(conn uint64, s *massive.Status) {
	m := &e.machine
	if m.conn == nil || m.conn.id != conn || m.conn.wire == nil {
		return
	}
	if s.Kind.OfThePlan() {
		m.conn.planWords, m.conn.planAt = s.Message, e.now
	}
	switch s.Kind {
	case massive.StatusConnected:
		if m.phase == model.PhaseGreeting {
			e.enter(model.PhaseAuthenticating, authTimeout, m.reason)
			m.conn.tell(func(ctx context.Context, w Wire) error { return w.Auth(ctx) })
		}
	case massive.StatusAuthOK:
		if m.phase == model.PhaseAuthenticating || m.phase == model.PhaseGreeting {
			e.accept()
			e.subscribe()
		}
	case massive.StatusAuthFailed:
		e.denied(plan.Refused, s.Message, endedWait)
	case massive.StatusNoWebSocket:
		e.accept()
		e.denied(plan.NoPlan, s.Message, delayedWait)
	case massive.StatusDelayedOnly: // it ends the connection by itself
		e.accept()
		e.denied(plan.NoPlan, s.Message, endedWait)
	case massive.StatusAuthTimeout:
		e.lost("server says the login came too late", 0, true)
	case massive.StatusSubscribed:
		e.acknowledged(s.Pair, false)
	case massive.StatusUnsubscribed:
		e.acknowledged(s.Pair, true)
	case massive.StatusNotAuthorized:
		e.notAuthorized(s.Message, true)
	case massive.StatusError:
		e.notAuthorized(s.Message, false)
	case massive.StatusMaxConnections:
		e.stream.outageWhy = model.GapPaused
		e.evicted()
	default:
		e.log.Info("server status", "status", s.Status, "message", s.Message)
	}
}

// outage marks from when on the stream brings nothing.
func (e *Engine) outage(why model.GapReason) {
	s := &e.stream
	if s.outageFrom == 0 {
		s.outageFrom = s.newest
		if s.outageFrom == 0 {
			s.outageFrom = e.eventNow()
		}
	}
	if why != model.GapNone {
		s.outageWhy = why
	}
}

// outageEnds tells the accounts of the hole once the first bars after it are
// here.
func (e *Engine) outageEnds(bars []model.Bar) {
	s := &e.stream
	to := s.outageFrom
	for i := range bars {
		to = max(to, bars[i].Start)
	}
	why := s.outageWhy
	if why == model.GapNone {
		why = model.GapLost
	}
	e.book.Apply(&book.Lost{From: s.outageFrom, To: to, Reason: why})
	s.outageFrom, s.outageWhy = 0, model.GapNone
}

// overflowed tells the accounts of frames that were dropped unread.
func (e *Engine) overflowed() {
	n, _ := e.ring.drops()
	if n == 0 {
		return
	}
	e.count.DroppedFrames += n
	e.dirty = true
	e.outage(model.GapLost)
	e.log.Warn("frames dropped: more than could be read", "count", n)
}
