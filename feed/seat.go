package feed

import (
	"slices"

	"optflow/feed/link"
	"optflow/model"
	face "optflow/model/market"
)

// seat is one face's session. What the engine does is what all of them want
// together.
type seat struct {
	e *Engine

	// The engine's goroutine alone.
	tickers []string // nil: those that the feed was opened with
	span    model.Span
	off     bool // no auto-refresh

	// Under the inbox's lock.
	watch []model.ContractID
}

// Market is the feed as faces see it.
func (e *Engine) Market() face.Market {
	return face.Open{Tape: &e.tape.Tape, Time: e.clock, Sit: func() face.Seat { return e.sit() }}
}

func (e *Engine) sit() *seat {
	s := &seat{e: e, span: e.o.Span, off: !e.o.AutoRefresh}
	e.inbox.mu.Lock()
	e.inbox.seats = append(e.inbox.seats, s)
	e.inbox.mu.Unlock()
	return s
}

// seated are the seats taken now.
func (b *inbox) seated() []*seat {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.seats)
}

// Follow replaces the underlyings that this face follows, such as "SPY", "SPX".
func (s *seat) Follow(tickers []string) {
	tickers = append([]string{}, tickers...)
	s.e.inbox.put(func(e *Engine) {
		s.tickers = tickers
		e.followSeats()
	})
}

// followSeats follows what any face does.
func (e *Engine) followSeats() {
	var all []string
	for _, s := range e.inbox.seated() {
		if s.tickers == nil {
			all = append(all, e.o.Tickers...)
		}
		all = append(all, s.tickers...)
	}
	e.rest.Follow(e.moment(), all)
}

// Window changes the span of the tape's windows to model.Second or
// model.Minute. It takes effect at a minute boundary.
func (s *seat) Window(span model.Span) {
	if span != model.Second && span != model.Minute {
		return
	}
	s.e.inbox.put(func(e *Engine) {
		s.span = span
		e.spanSeats()
	})
}

// spanSeats takes the finest span that any face wants.
func (e *Engine) spanSeats() {
	span := model.Minute
	for _, s := range e.inbox.seated() {
		span = min(span, s.span)
	}
	e.step(link.Window{Span: span})
}

// AutoRefresh switches everything that happens by itself on, or off once no face
// wants it.
func (s *seat) AutoRefresh(on bool) {
	s.e.inbox.put(func(e *Engine) {
		s.off = !on
		e.refreshSeats()
	})
}

func (e *Engine) refreshSeats() {
	off := !slices.ContainsFunc(e.inbox.seated(), func(s *seat) bool { return !s.off })
	switch {
	case !off && e.line.Paused():
		e.resume()
	case off && !e.line.Paused():
		e.pause()
	}
}

// PollNow reads every followed chain once. It is the one thing that happens
// while auto-refresh is off, and a reason to try a refused key again.
func (s *seat) PollNow() { s.e.inbox.put((*Engine).pollNow) }

// Retake is the Engine's.
func (s *seat) Retake() { s.e.Retake() }

// Know has contracts numbered that a face remembers from an earlier run.
func (s *seat) Know(symbols []string) {
	s.e.inbox.put(func(e *Engine) {
		for _, symbol := range symbols {
			e.rest.Interner.Intern(symbol)
		}
	})
}

// Watch says which contracts are on screen now; their quotes are kept fresh.
func (s *seat) Watch(ids []model.ContractID) {
	b := &s.e.inbox
	b.mu.Lock()
	s.watch = append(s.watch[:0], ids...)
	b.seen = true
	b.mu.Unlock()
	// No wake: the next round of quotes looks at it.
}

// watched are the contracts on any screen, if they are new.
func (b *inbox) watched(into []model.ContractID) ([]model.ContractID, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.seen {
		return into, false
	}
	b.seen = false
	into = into[:0]
	for _, s := range b.seats {
		into = append(into, s.watch...)
	}
	if len(b.seats) > 1 {
		slices.Sort(into)
		into = slices.Compact(into)
	}
	return into, true
}

// Leave gives the seat up. The last one that goes changes nothing: the feed goes
// on with what was wanted last.
func (s *seat) Leave() {
	b := &s.e.inbox
	b.mu.Lock()
	b.seats = slices.DeleteFunc(b.seats, func(other *seat) bool { return other == s })
	b.seen = true
	empty := len(b.seats) == 0
	b.mu.Unlock()
	if !empty {
		b.put(func(e *Engine) {
			e.followSeats()
			e.spanSeats()
			e.refreshSeats()
		})
	}
}
