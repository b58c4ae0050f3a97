// Package replica is a book and a tape of its own that are told by the blocks of
// a day log what the book of a running feed was told: so they are the same. A
// recording is played with it, and another program's market followed.
//
// It publishes like an engine, to any number of faces. While it catches up it
// waits for those that say how far they have read, so that none of them misses a
// row; otherwise it waits for nobody.
package replica

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/clock"
	"optflow/model/daylog"
	"optflow/model/market"
	"optflow/model/tape"
	"optflow/model/ticker"
)

const (
	// aheadMost is how many rows may be applied that a face has not read: 20 MB.
	aheadMost = 200 << 10
	// patience is how long a face that reads nothing at all is waited for.
	patience = 10 * time.Second
	// showEvery is how often totals are reckoned while catching up.
	showEvery = 250 * time.Millisecond
)

// Asker answers what only who writes the log can: its seats are asked what a
// replica's are, all but the accounts.
type Asker interface{ Seat() market.Seat }

// Options set a Replica up.
type Options struct {
	Clock *clock.Clock // nil: one of its own
	// Learns has the clock learn from the ticks of the log, once it has caught up.
	// Else whoever plays the log drives it.
	Learns bool
	// Asker is passed on what the faces ask; nil: it is a recording, which answers
	// what it can.
	Asker Asker
	// Pace is called before each tick of that market time, in ms, with all shown that
	// came before; it may wait. An error ends the block, and the replica has to be
	// renewed. nil: nobody paces.
	Pace func(now int64) error
	// Amend may change a state of the log before it is published, one that is its own;
	// nil: it is as the log says.
	Amend func(*model.State)
	// Hole is told what the log says is missing; nil: nobody is.
	Hole func(daylog.Hole)
	// Tickers are followed from the start; none: those of the log. Each face may
	// choose others (Seat.Follow).
	Tickers []string
	// Sim says that the market is an invented one, before the log's first state does.
	Sim bool
	// Options of the tape; those of the feed whose log it is.
	Tape tape.Options
}

// Replica is such a book. Block, Renew, Catch and Follow belong to one
// goroutine; all else may be used by any.
type Replica struct {
	o     Options
	clock *clock.Clock
	made  atomic.Pointer[generation]
	ended chan struct{}
	once  sync.Once

	seats seats
	ahead uint64 // how many rows may be applied that a face has not read

	mu       sync.Mutex // guards the book of the generation, between its readers and Block
	state    *model.State
	catching bool
	shownAt  time.Time
}

// generation is what is begun anew with Renew.
type generation struct {
	number  uint64
	tape    *tape.Writer
	book    *book.Book
	decoder daylog.Decoder
	holding bool // rows that faces have not read
	broke   error
}

// ErrEnded says that the replica was closed.
var ErrEnded = errors.New("the replica has ended")

// New returns an empty replica.
func New(o Options) *Replica {
	if o.Clock == nil {
		o.Clock = clock.New()
	}
	r := &Replica{o: o, clock: o.Clock, ahead: aheadMost, ended: make(chan struct{})}
	r.seats.moved, r.seats.begun = make(chan struct{}, 1), make(chan struct{})
	r.begin(0, &model.State{Covers: model.Unknown, Sim: o.Sim})
	return r
}

// begin makes an empty generation.
func (r *Replica) begin(number uint64, s *model.State) {
	w := tape.New(r.o.Tape)
	w.SetState(s)
	r.made.Store(&generation{number: number, tape: w, book: book.New(w, book.Options{})})
}

// Renew begins anew, as the next generation. The state stays until the log says
// another.
func (r *Replica) Renew() {
	r.mu.Lock()
	defer r.mu.Unlock()
	old := r.made.Load()
	if r.state != nil {
		r.state = withoutBook(r.state)
	}
	r.begin(old.number+1, withoutBook(old.tape.State()))
	old.tape.Over()
}

// withoutBook is a state without what follows from a book that is no more.
func withoutBook(s *model.State) *model.State {
	n := *s
	n.Totals, n.Newest, n.Received, n.Counters = nil, 0, 0, model.Counters{}
	return &n
}

// Close ends what waits, and what was asked.
func (r *Replica) Close() { r.once.Do(func() { close(r.ended) }) }

// Catch says whether the blocks to come are of the past, so that faces are waited
// for and totals reckoned a few times a second only.
func (r *Replica) Catch(up bool) {
	r.mu.Lock()
	was := r.catching
	r.catching = up
	r.mu.Unlock()
	if was && !up {
		r.Show()
	}
}

// Block applies a block to book and tape, and publishes them. Ops are those of
// the block, unpacked. After an error it has to be renewed.
func (r *Replica) Block(b *daylog.Block, ops []byte) error {
	g := r.made.Load()
	if err := r.await(g); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	err := g.decoder.Ops(ops, daylog.Reader{
		Input: func(in book.Input) { r.input(g, in) },
		State: func(s *model.State) { r.said(g, s) },
		Hole: func(h daylog.Hole) {
			if r.o.Hole != nil && g.broke == nil {
				r.o.Hole(h)
			}
		},
	})
	if g.broke != nil {
		return g.broke
	}
	g.tape.Publish()
	return err
}

// input tells the book something. The caller holds mu.
func (r *Replica) input(g *generation, in book.Input) {
	if g.broke != nil {
		return
	}
	if tick, is := in.(*book.Tick); is {
		if g.broke = r.tick(g, tick.Now); g.broke != nil {
			return
		}
	}
	g.book.Apply(in)
}

// tick has whoever paces wait for a time, and the clock learn it.
func (r *Replica) tick(g *generation, now int64) error {
	if r.o.Pace != nil {
		g.tape.Publish()
		r.mu.Unlock()
		err := r.o.Pace(now)
		r.mu.Lock()
		if err != nil {
			return err
		}
	}
	if r.o.Learns && !r.catching {
		r.clock.Set(now, time.Now())
	}
	return nil
}

// said takes over what the log says of the feed. The caller holds mu.
func (r *Replica) said(g *generation, s *model.State) {
	if g.broke != nil {
		return
	}
	r.state = s
	if !r.catching || time.Since(r.shownAt) >= showEvery {
		r.show(g)
	}
}

// Show publishes what was applied so far.
func (r *Replica) Show() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.show(r.made.Load())
}

// show publishes rows and state. The caller holds mu.
func (r *Replica) show(g *generation) {
	g.tape.Publish()
	if r.state == nil && r.o.Amend == nil {
		return
	}
	s := model.State{Covers: model.Unknown, Sim: r.o.Sim}
	if r.state != nil {
		s = *r.state
	}
	if r.o.Asker == nil {
		s.Tickers = chosen(s.Tickers, r.seats.follow(), r.o.Tickers)
	}
	daylog.Fill(&s, g.book)
	if r.o.Amend != nil {
		r.o.Amend(&s)
	}
	g.tape.SetState(&s)
	r.shownAt = time.Now()
}

// Said is the last state that the log said, nil for none.
func (r *Replica) Said() *model.State {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state
}

// Give hands book and tape over to an engine that goes on with them. The replica
// must be told nothing more.
func (r *Replica) Give() (*tape.Writer, *book.Book) {
	r.mu.Lock()
	defer r.mu.Unlock()
	g := r.made.Load()
	g.tape.Hold(tape.NoSeq)
	return g.tape, g.book
}

// chosen are those of the recorded underlyings that somebody wants; all if nobody
// says which.
func chosen(recorded []string, wanted ...[]string) []string {
	for _, names := range wanted {
		if len(names) > 0 {
			return slices.DeleteFunc(slices.Clone(recorded), func(r string) bool {
				return !slices.ContainsFunc(names, func(n string) bool { return ticker.Same(n, r) })
			})
		}
	}
	return recorded
}

// Market is the replica as faces see it.
func (r *Replica) Market() market.Market { return face{r} }

// Accounts are those of the day as they are now, of the contracts named or of all.
func (r *Replica) Accounts(into []model.Account, only ...model.ContractID) []model.Account {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.made.Load().book.AccountsOf(into, only...)
}

// face is the Market.
type face struct{ r *Replica }

func (f face) Rows() *tape.Tape            { return &f.r.made.Load().tape.Tape }
func (f face) Contracts() *model.Contracts { return f.Rows().Contracts }
func (f face) State() *model.State         { return f.Rows().State() }
func (f face) Clock() market.Clock         { return f.r.clock }
func (f face) Generation() uint64          { return f.r.made.Load().number }
func (f face) Seat() market.Seat           { return f.r.seats.sit(f.r) }
