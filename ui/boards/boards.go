// Package boards has bursts that many screens of one process share: the windows of
// the tape are joined once for all who look at them by the same interval and
// floors, by a goroutine that runs while anybody does.
package boards

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"optflow/model"
	"optflow/model/board"
	"optflow/model/burst"
	"optflow/model/crash"
	"optflow/model/market"
	"optflow/model/tape"
)

const (
	// publishEvery is how far apart two views are at least.
	publishEvery = 100 * time.Millisecond
	// readRows is how many rows are read at once; meanwhile nobody reads windows.
	readRows = 1024
	// most is how many boards there are at most: each holds the bursts of a day.
	most = 8
)

var errFull = errors.New("too many floors and intervals are looked at here already; use one that others use")

// Boards are those of one market. They may be used from any goroutine.
type Boards struct {
	market  market.Market
	maxRows int

	mu   sync.Mutex
	open map[string]*shared
}

// New has no boards yet. MaxRows is how many bursts over the floor each keeps.
func New(m market.Market, maxRows int) *Boards {
	return &Boards{market: m, maxRows: maxRows, open: make(map[string]*shared)}
}

// shared is a board that somebody looks at.
type shared struct {
	of         *Boards
	key        string
	tape       *tape.Tape
	seat       market.Seat // that hears how far the tape is read; nil: none
	generation uint64

	looking int           // under Boards.mu
	end     chan struct{} // closed once nobody looks

	mu     sync.Mutex // of board and cursor, but for what is published
	board  *board.Board
	cursor tape.Cursor
	moves  uint64

	published atomic.Pointer[published]
}

// published is what all see.
type published struct {
	*board.View
	behind  bool // there are rows to be read
	missed  uint64
	changed chan struct{} // closed once there is something else
}

// Look looks at the board of an interval and the floors of some rules, which is
// begun with the windows that the tape still has if nobody looks at it yet.
func (b *Boards) Look(interval burst.Interval, rules *model.Rules) (*Look, error) {
	generation := b.market.Generation()
	rows, key := b.market.Rows(), keyOf(generation, interval, rules)
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.open[key]
	if s == nil {
		if len(b.open) >= most {
			return nil, errFull
		}
		s = &shared{of: b, key: key, tape: rows, generation: generation, seat: b.market.Seat(), end: make(chan struct{}), cursor: tape.Cursor{Next: rows.First()}, moves: b.market.State().Moves}
		s.board = board.New(burst.New(rows.Contracts, burst.Options{Interval: interval, Rules: rules, MaxRows: b.maxRows, At: rows.At}))
		s.published.Store(&published{View: s.board.Last(), behind: true, changed: make(chan struct{})})
		if s.seat != nil {
			s.seat.Aside()
		}
		b.open[key] = s
		crash.Go("board", s.run)
	}
	s.looking++
	now := s.published.Load()
	return &Look{shared: s, at: now, next: now, missed: now.missed}, nil
}

// keyOf tells boards that differ.
func keyOf(generation uint64, interval burst.Interval, rules *model.Rules) string {
	var key strings.Builder
	fmt.Fprint(&key, generation, interval, rules.Floor)
	for _, t := range slices.Sorted(maps.Keys(rules.Floors)) {
		fmt.Fprint(&key, " ", t, rules.Floors[t])
	}
	return key.String()
}

// run reads the tape until nobody looks any more.
func (s *shared) run() {
	if s.seat != nil {
		defer s.seat.Leave()
	}
	batch := make([]model.Row, readRows)
	for {
		changed := s.tape.Changed()
		began := time.Now()
		behind := true
		for behind && time.Since(began) < publishEvery {
			behind = s.read(batch)
		}
		s.publish(behind)
		if !behind {
			select {
			case <-s.end:
				return
			case <-changed:
			}
		}
		select {
		case <-s.end:
			return
		case <-time.After(time.Until(began.Add(publishEvery))):
		}
	}
}

// read reads some rows, and reports whether there may be more.
func (s *shared) read(batch []model.Row) (more bool) {
	moves := s.tape.State().Moves
	n := s.tape.Read(&s.cursor, batch)
	s.mu.Lock()
	defer s.mu.Unlock()
	if moves != s.moves {
		s.moves = moves
		s.board.Renamed()
	}
	for i := range n {
		s.board.Add(batch[i], s.cursor.Next-uint64(n-i))
	}
	if s.seat != nil && n > 0 {
		s.seat.Read(s.generation, s.cursor.Next)
	}
	return n == len(batch)
}

// publish shows what was read, and wakes who waits for it or for another State.
func (s *shared) publish(behind bool) {
	s.mu.Lock()
	v := s.board.Publish()
	s.mu.Unlock()
	was := s.published.Swap(&published{View: v, behind: behind, missed: s.cursor.Trimmed, changed: make(chan struct{})})
	close(was.changed)
}

// leave is one that looks less.
func (s *shared) leave() {
	s.of.mu.Lock()
	defer s.of.mu.Unlock()
	if s.looking--; s.looking == 0 {
		delete(s.of.open, s.key)
		close(s.end)
	}
}
