package feed

import (
	"slices"
	"sync/atomic"

	"optflow/feed/link"
	"optflow/model"
	face "optflow/model/market"
)

// seat is one face's session: what it follows, watches and asks.
type seat struct {
	inbox *inbox
	seats *seats
	wants opening            // the engine's goroutine alone
	watch []model.ContractID // under the seats' lock
	read  atomic.Uint64      // one more than the first row not read; 0: it has not said
}

var _ face.Seat = (*seat)(nil)

// Follow replaces the underlyings that this face follows, such as "SPY", "SPX".
func (s *seat) Follow(tickers []string) {
	tickers = slices.Clone(tickers)
	s.inbox.order(func(e *Engine) {
		s.wants.tickers = tickers
		e.rest.Follow(e.moment(), s.seats.follow())
	})
}

// Window changes the span of the tape's windows to model.Second or
// model.Minute, the finest that any face wants. It takes effect at a minute
// boundary.
func (s *seat) Window(span model.Span) {
	if span != model.Second && span != model.Minute {
		return
	}
	s.inbox.order(func(e *Engine) {
		s.wants.span = span
		e.step(link.Window{Span: s.seats.span()})
	})
}

// AutoRefresh switches everything that happens by itself on, or off once no face
// wants it.
func (s *seat) AutoRefresh(on bool) {
	s.inbox.order(func(e *Engine) {
		s.wants.off = !on
		e.refresh(s.seats.refresh())
	})
}

// PollNow reads every followed chain once. It is the one thing that happens
// while auto-refresh is off, and a reason to try a refused key again.
func (s *seat) PollNow() { s.inbox.order((*Engine).pollNow) }

// Retake is the Engine's.
func (s *seat) Retake() { s.inbox.order(retake) }

// Know has contracts numbered that a face remembers from an earlier run.
func (s *seat) Know(symbols []string) {
	symbols = slices.Clone(symbols)
	s.inbox.order(func(e *Engine) {
		for _, symbol := range symbols {
			e.rest.Interner.Intern(symbol)
		}
	})
}

// Watch says which contracts are on screen now; their quotes are kept fresh.
func (s *seat) Watch(ids []model.ContractID) {
	s.seats.mu.Lock()
	defer s.seats.mu.Unlock()
	s.watch, s.seats.fresh = append(s.watch[:0], ids...), true
	// The engine is not woken: the next round of quotes looks at it.
}

// Aside has this face want nothing of its own until it says so: what is followed,
// and how, is the others' to say.
func (s *seat) Aside() {
	s.inbox.order(func(*Engine) { s.wants = nothing })
}

// Read says how far the face has read, for which the engine waits while it reads
// what was recorded, and else for nobody.
func (s *seat) Read(_, next uint64) { s.read.Store(next + 1) }

// Leave gives the seat up. The last one that goes of those that did not stand aside
// changes nothing: the feed goes on with what was wanted last.
func (s *seat) Leave() {
	s.seats.leave(s)
	s.inbox.order(func(e *Engine) {
		if !s.wants.any() || !s.seats.firm() {
			return
		}
		e.rest.Follow(e.moment(), s.seats.follow())
		e.step(link.Window{Span: s.seats.span()})
		e.refresh(s.seats.refresh())
	})
}
