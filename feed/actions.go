package feed

import (
	"context"
	"log/slog"
	"time"

	"optflow/feed/link"
	"optflow/feed/plan"
	"optflow/feed/rest"
	"optflow/feed/source"
	"optflow/model"
	"optflow/model/book"
)

// step tells the connection's machine what happened, and does what it says.
func (e *Engine) step(ev link.Event) { e.stepAt(ev, e.clock.At(e.now)) }

// stepAt is step where market time is known.
func (e *Engine) stepAt(ev link.Event, market int64) {
	now := link.Now{At: e.now, Market: market, Delay: e.stream.lag.or(delayedHost), Open: e.rest.Calendar.Busy()}
	actions := e.machine.Step(ev, now)
	e.line = e.machine.State()
	if e.plan.NoWebSocket = e.line.NoStream; e.line.NoStream {
		e.plan.Known = true
	}
	for _, a := range actions {
		e.carry(a)
		e.dirty = true
	}
}

// carry does one thing that the machine says.
func (e *Engine) carry(a link.Action) {
	switch a := a.(type) {
	case link.Entered:
		if a.From != a.To {
			e.log.Log(context.Background(), severity(a.To), "feed", "from", a.From.String(), "to", a.To.String(), "reason", a.Reason)
		}
		e.publishAt = time.Time{} // a transition is shown at once
	case link.Dial:
		e.dial(a)
	case link.Close:
		e.socket.end(a.Abrupt)
		e.socket = nil
	case link.Login:
		e.socket.tell(func(ctx context.Context, c source.Conn) error { return c.Login(ctx) })
	case link.Ask:
		e.socket.ask(a, &e.tape.Registry.Contracts)
	case link.Probe:
		e.rest.Probe.Ask(e.moment(), func(newer bool) { e.step(link.Probed{Conn: a.Conn, Newer: newer}) })
	case link.Live:
		e.rest.Live(e.moment(), a.Again)
	case link.Fallen:
		e.outage(model.GapNone)
		e.rest.Polls.Fallen()
	case link.Evicted:
		e.stream.outage.why = model.GapPaused
	case link.SpanFrom:
		e.book.Apply(&book.Span{Span: a.Span, From: a.At})
	case link.Discover:
		e.rest.Discover(e.moment())
	case link.Note:
		e.notes.Note(a.Text)
	case link.Log:
		e.log.Info(a.Text, a.Args...)
	default:
		e.key(a)
	}
}

// key does what is said of the key.
func (e *Engine) key(a link.Action) {
	switch a := a.(type) {
	case link.KeyTaken:
		e.rest.Standing.Start()
	case link.KeyStopped:
		e.rest.Standing.Stop()
	case link.KeyDoubted:
		if e.rest.Standing.Off() {
			e.rest.Standing.Probe()
		}
	case link.KeyRests:
		e.rest.Standing.Pause(e.now, max(a.For, rest.KeyPause))
		if e.line.Begun { // the stream takes the key: only REST does not
			e.rest.Standing.Trouble = rest.TroubleKey
			e.notes.Note(rest.TroubleKey + ": " + a.Text + plan.AgainIn(max(a.For, rest.KeyPause)))
		}
	}
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
