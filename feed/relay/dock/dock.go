// Package dock is a market whose maker changes: a follower of another program, an
// engine of ours that polls, the same engine once the key is ours. Faces stay where
// they are: their seats move with it, and what they want is said there anew.
package dock

import (
	"slices"
	"sync"
	"sync/atomic"

	"optflow/model"
	"optflow/model/market"
	"optflow/model/tape"
)

// Dock is such a market.
type Dock struct {
	opened Wants
	now    atomic.Pointer[berth]

	mu    sync.Mutex
	seats []*seat
}

// Wants is what a face wants.
type Wants struct {
	Tickers []string
	Span    model.Span
	Rests   bool // no auto-refresh
}

// berth is where it lies.
type berth struct {
	market.Market
	number uint64 // that its generation 0 has here
}

func (b *berth) Generation() uint64 { return b.number + b.Market.Generation() }

// New is one at a market. Its faces want opened until they say otherwise.
func New(m market.Market, opened Wants) *Dock {
	d := &Dock{opened: opened}
	d.now.Store(&berth{Market: m})
	return d
}

// Move goes to another market. Where that has the same rows faces notice nothing;
// else it is the next generation.
func (d *Dock) Move(to market.Market) {
	d.mu.Lock()
	defer d.mu.Unlock()
	old := d.now.Load()
	next, rows := old.Generation(), old.Rows()
	same := rows == to.Rows()
	if !same {
		next++
	}
	d.now.Store(&berth{Market: to, number: next - to.Generation()}) // wraps, and comes back
	for _, s := range d.seats {
		s.move(to, !same)
	}
	if !same {
		rows.Over()
	}
}

// Rows are those of now.
func (d *Dock) Rows() *tape.Tape { return d.now.Load().Rows() }

// Contracts are those of now.
func (d *Dock) Contracts() *model.Contracts { return d.now.Load().Contracts() }

// State is that of now.
func (d *Dock) State() *model.State { return d.now.Load().State() }

// Clock goes on wherever it lies, and shows the time that is shown there.
func (d *Dock) Clock() market.Clock { return clock{d} }

// Generation is raised where rows and contracts begin anew.
func (d *Dock) Generation() uint64 { return d.now.Load().Generation() }

// Seat opens a session of a face.
func (d *Dock) Seat() market.Seat {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := &seat{dock: d, wants: d.opened}
	s.move(d.now.Load().Market, true)
	d.seats = append(d.seats, s)
	return s
}

func (d *Dock) leave(s *seat) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seats = slices.DeleteFunc(d.seats, func(o *seat) bool { return o == s })
}

type clock struct{ dock *Dock }

func (c clock) Now() int64 {
	if now := c.dock.now.Load().Clock(); now != nil {
		return now.Now()
	}
	return 0
}
