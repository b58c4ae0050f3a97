package dock

import (
	"context"
	"errors"
	"slices"
	"sync"

	"optflow/model"
	"optflow/model/market"
)

// seat is one face's session, wherever the market lies.
type seat struct {
	dock *Dock

	mu    sync.Mutex
	at    market.Seat // nil: nothing can be asked there, or the face has left
	gone  bool
	wants Wants
	aside bool
	knows []string // contracts that the face had numbered
	watch []model.ContractID
}

var _ market.Seat = (*seat)(nil)

// move takes a seat at a market and says there what the face wants.
func (s *seat) move(to market.Market, anew bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone {
		return
	}
	old := s.at
	if s.at = to.Seat(); s.at != nil {
		s.settle(anew)
	}
	if old != nil {
		old.Leave()
	}
}

// settle says what the face wants. The caller holds mu.
func (s *seat) settle(anew bool) {
	if anew {
		s.watch = nil
	}
	if s.aside {
		s.at.Aside()
	} else {
		s.at.Follow(s.wants.Tickers)
		s.at.Window(s.wants.Span)
		s.at.AutoRefresh(!s.wants.Rests)
	}
	if len(s.watch) > 0 {
		s.at.Watch(s.watch)
	}
	if len(s.knows) > 0 && anew {
		s.at.Know(s.knows)
	}
}

// tell notes what the face wants, and says it where the market lies.
func (s *seat) tell(note func(), say func(market.Seat)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if note != nil {
		note()
	}
	if s.at != nil {
		say(s.at)
	}
}

func (s *seat) Follow(tickers []string) {
	tickers = slices.Clone(tickers)
	s.tell(func() { s.wants.Tickers, s.aside = tickers, false }, func(at market.Seat) { at.Follow(tickers) })
}

func (s *seat) Window(span model.Span) {
	s.tell(func() { s.wants.Span = span }, func(at market.Seat) { at.Window(span) })
}

func (s *seat) AutoRefresh(on bool) {
	s.tell(func() { s.wants.Rests = !on }, func(at market.Seat) { at.AutoRefresh(on) })
}

func (s *seat) Aside() {
	s.tell(func() { s.aside = true }, market.Seat.Aside)
}

func (s *seat) Watch(ids []model.ContractID) {
	s.tell(func() { s.watch = append(s.watch[:0], ids...) }, func(at market.Seat) { at.Watch(ids) })
}

// knowMost are the contracts that a face may have numbered again where the market
// goes on.
const knowMost = 1000

func (s *seat) Know(symbols []string) {
	s.tell(func() {
		for _, symbol := range symbols {
			if len(s.knows) < knowMost && !slices.Contains(s.knows, symbol) {
				s.knows = append(s.knows, symbol)
			}
		}
	}, func(at market.Seat) { at.Know(symbols) })
}

func (s *seat) PollNow() { s.tell(nil, market.Seat.PollNow) }

func (s *seat) Retake() { s.tell(nil, market.Seat.Retake) }

func (s *seat) Read(generation, next uint64) {
	b := s.dock.now.Load()
	s.tell(nil, func(at market.Seat) { at.Read(generation-b.number, next) })
}

func (s *seat) Leave() {
	s.dock.leave(s)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone = true; s.at != nil {
		s.at.Leave()
		s.at = nil
	}
}

var errNobody = errors.New("there is nobody to ask")

// here is the seat where the market lies.
func (s *seat) here() (market.Seat, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at == nil {
		return nil, errNobody
	}
	return s.at, nil
}

// ask asks where the market lies.
func ask[A any](s *seat, what func(market.Seat) (A, error)) (none A, _ error) {
	at, err := s.here()
	if err != nil {
		return none, err
	}
	return what(at)
}

func (s *seat) Lookup(ctx context.Context, symbol string) error {
	at, err := s.here()
	if err != nil {
		return err
	}
	return at.Lookup(ctx, symbol)
}

func (s *seat) Observe(ctx context.Context, into []model.Account, only ...model.ContractID) ([]model.Account, error) {
	return ask(s, func(at market.Seat) ([]model.Account, error) { return at.Observe(ctx, into, only...) })
}

func (s *seat) Day(ctx context.Context, id model.ContractID) ([]model.Bar, error) {
	return ask(s, func(at market.Seat) ([]model.Bar, error) { return at.Day(ctx, id) })
}

func (s *seat) Snapshots(ctx context.Context, symbols []string) ([]model.Snapshot, error) {
	return ask(s, func(at market.Seat) ([]model.Snapshot, error) { return at.Snapshots(ctx, symbols) })
}

func (s *seat) AsOf(ctx context.Context, symbol string, at int64) (model.Snapshot, error) {
	return ask(s, func(there market.Seat) (model.Snapshot, error) { return there.AsOf(ctx, symbol, at) })
}

func (s *seat) Interest(ctx context.Context, symbol string, session model.Date) (model.Interest, error) {
	return ask(s, func(at market.Seat) (model.Interest, error) { return at.Interest(ctx, symbol, session) })
}
