package feed

import (
	"time"

	"optflow/feed/link"
	"optflow/feed/rest"
	"optflow/model"
	"optflow/model/book"
)

// pause stops all that happens by itself.
func (e *Engine) pause() {
	e.outage(model.GapPaused)
	e.step(link.Pause{})
	e.rest.Pause(e.moment())
}

// resume starts, or starts again after a pause.
func (e *Engine) resume() {
	if h := &e.stream.outage; h.from != 0 {
		e.book.Apply(&book.Lost{From: h.from, To: e.eventNow(), Reason: model.GapPaused})
		*h = outage{}
	}
	e.rest.Sweeps.All(e.moment(), rest.ForSweep)
	e.step(link.Connect{})
}

// refresh switches what happens by itself on or off.
func (e *Engine) refresh(on bool) {
	switch {
	case on && e.line.Paused():
		e.resume()
	case !on && !e.line.Paused():
		e.pause()
	}
}

func retake(e *Engine) { e.step(link.Retake{}) }

// pollNow is a key press: read everything once.
func (e *Engine) pollNow() {
	if e.line.Phase == model.PhaseRefused {
		e.step(link.Retake{})
		if e.line.Refused {
			return
		}
	}
	e.rest.Calendar.Ask(e.now)
	e.rest.Sweeps.All(e.moment(), rest.ForUser)
}

// slept is the end of this machine's sleep.
func (e *Engine) slept(gone time.Duration) {
	e.log.Info("machine slept", "for", gone)
	e.outage(model.GapPaused)
	e.rest.Calendar.Doubt() // the hour may be another, and the session
	e.step(link.Woke{})
}

// eventNow is market time as the stream sees it: behind by its delay.
func (e *Engine) eventNow() int64 {
	return e.line.EventNow(e.clock.At(e.now), e.stream.lag.or(delayedHost))
}

// wanted is what may be subscribed to by name: the living contracts of followed
// tickers.
type wanted struct {
	contracts *model.Contracts
	follows   func(underlying string) bool
}

func (w wanted) Len() int { return w.contracts.Len() }

func (w wanted) Wants(id model.ContractID, today model.Date) bool {
	c := w.contracts.At(id)
	return c.Expiry >= today && w.follows(c.Underlying)
}
