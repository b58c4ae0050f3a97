package replica

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"optflow/model"
	"optflow/model/market"
	"optflow/model/tape"
)

// seats are the faces at one replica.
type seats struct {
	moved chan struct{} // somebody has read more, or left
	begun chan struct{} // closed once somebody reads
	once  sync.Once

	mu    sync.Mutex
	taken []*seat
}

// seat is one face's session. What a replica cannot do itself the Seat inside it
// does.
type seat struct {
	market.Seat
	r     *Replica
	wants []string // that this face follows; nil: what is recorded
	read  atomic.Pointer[place]
}

// place is how far a face has read.
type place struct {
	generation, next uint64
	gone             bool // it was waited for in vain
}

func (s *seats) sit(r *Replica) *seat {
	one := &seat{r: r}
	if r.o.Asker != nil {
		one.Seat = r.o.Asker.Seat()
	} else {
		one.Seat = recording{one}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken = append(s.taken, one)
	return one
}

// follow are the underlyings that any face follows, nil if none has said so.
func (s *seats) follow() (tickers []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.taken {
		tickers = append(tickers, one.wants...)
	}
	slices.Sort(tickers)
	return slices.Compact(tickers)
}

// least is the first row of a generation that a face has not read which says so,
// tape.NoSeq if there is none.
func (s *seats) least(generation uint64) (next uint64, slowest *seat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next = tape.NoSeq
	for _, one := range s.taken {
		at := one.read.Load()
		if at == nil || at.gone {
			continue
		}
		from := at.next
		if at.generation != generation {
			from = 0
		}
		if from < next {
			next, slowest = from, one
		}
	}
	return next, slowest
}

func (s *seats) wake() {
	select {
	case s.moved <- struct{}{}:
	default:
	}
}

// await holds what the faces have not read while the replica catches up, and waits
// for them where that is too much. Once it has caught up they have what is held
// yet, and nobody waits.
func (r *Replica) await(g *generation) error {
	r.mu.Lock()
	catching := r.catching
	r.mu.Unlock()
	for catching || g.holding {
		next, slowest := r.seats.least(g.number)
		ahead := uint64(0)
		if slowest != nil {
			ahead = g.tape.Appended() - next
		}
		if !catching && (ahead > 2*r.ahead || next >= g.tape.Oldest()) {
			next = tape.NoSeq
		}
		g.tape.Hold(next)
		if g.holding = next != tape.NoSeq; !catching || ahead <= r.ahead {
			return nil
		}
		r.Show() // what they have to read
		if err := r.awaitRead(slowest); err != nil {
			return err
		}
	}
	return nil
}

// awaitRead waits until a face has read, and no more for one that does not.
func (r *Replica) awaitRead(slowest *seat) error {
	at := slowest.read.Load()
	select {
	case <-r.seats.moved:
	case <-time.After(patience):
		if slowest.read.CompareAndSwap(at, &place{gone: true}) {
			r.seats.wake()
		}
	case <-r.ended:
		return ErrEnded
	}
	return nil
}

// Read says how far the face has read.
func (s *seat) Read(generation, next uint64) {
	s.read.Store(&place{generation: generation, next: next})
	s.r.seats.once.Do(func() { close(s.r.seats.begun) })
	s.r.seats.wake()
}

// Begun is closed once a face has begun to read.
func (r *Replica) Begun() <-chan struct{} { return r.seats.begun }

// Observe copies the accounts.
func (s *seat) Observe(ctx context.Context, into []model.Account, only ...model.ContractID) ([]model.Account, error) {
	return s.r.Accounts(into[:0], only...), ctx.Err()
}

// Leave gives the seat up.
func (s *seat) Leave() {
	s.r.seats.mu.Lock()
	s.r.seats.taken = slices.DeleteFunc(s.r.seats.taken, func(o *seat) bool { return o == s })
	s.r.seats.mu.Unlock()
	s.r.seats.wake()
	s.Seat.Leave()
}
