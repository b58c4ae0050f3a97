package feed

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"optflow/feed/link"
	"optflow/feed/rest"
	"optflow/feed/source"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/clock"
	"optflow/model/crash"
	face "optflow/model/market"
	"optflow/model/tape"
)

const (
	tickEvery    = 100 * time.Millisecond // granularity of every deadline
	calmEvery    = 500 * time.Millisecond // the same while nothing happens
	calmAfter    = time.Second            // without data
	drainFrames  = 64                     // frames decoded before the other inputs are looked at
	drainBytes   = 128 << 10              // and of these so many bytes, unless it is one frame alone
	finishMost   = 300 * time.Millisecond // for what has arrived when the run is over
	bookEvery    = 250 * time.Millisecond
	publishEvery = 250 * time.Millisecond
)

// Engine merges stream and polls into the tape. Its methods may be called from
// any goroutine and never wait.
type Engine struct {
	o     Options
	tape  *tape.Writer
	clock *clock.Clock
	log   *slog.Logger
	book  *accounts

	inbox *inbox
	seats seats
	ring  *ring
	posts chan func()                        // hand-overs of our own goroutines
	spawn func(func(context.Context))        // starts one that Run waits for
	post  func(context.Context, func()) bool // false: the run is over

	// All that follows belongs to the goroutine in Run.
	now     time.Time // of this turn of the loop
	started time.Time
	source  source.Source
	batch   source.Batch
	frames  [drainFrames]frame
	parting func() // the connection's end, once all that came before it is read; nil: none

	machine *link.Machine
	line    link.State // what the machine came to
	socket  *socket    // nil: none
	stream  stream
	rest    *rest.Desk
	plan    model.Plan
	count   model.Counters
	notes   notes
	suspend link.Sleep
	time    timekeeping

	bookAt, publishAt time.Time
	dirty             bool         // there is something to publish
	sim               bool         // the market is an invented one
	trouble           string       // why nothing is written down
	recoveredTo       uint64       // rows before this one are of the run before
	recovered         *model.State // the last of the run before, whose accounts go on; nil: they begin
	turned            func()       // told of the end of each turn of the loop; nil but in tests
}

// New returns an engine that does nothing until Run.
func New(o Options) *Engine {
	o = o.withDefaults()
	e := &Engine{
		o: o, tape: o.Tape, clock: o.Clock, log: o.Log,
		posts: make(chan func()),
		inbox: newInbox(),
		seats: seats{opened: opening{tickers: o.Tickers, span: o.Span, off: !o.AutoRefresh}},
		notes: notes{log: o.Log},
	}
	if e.book = (&accounts{Book: o.Book}); o.Book == nil {
		e.book.Book = book.New(o.Tape, book.Options{Span: o.Span, Flags: e.flags()})
	}
	e.rest = rest.New(rest.Options{
		Source: o.REST, Book: e.book, Registry: o.Tape.Registry, Clock: o.Clock, Notes: &e.notes, Log: o.Log, Rand: o.Rand,
		Plan: &e.plan, Count: &e.count, PollInterval: o.PollInterval, EnrichInterval: o.EnrichInterval, Floor: o.Floor,
		Watched: e.seats.watched, Snapshots: e.snapshots,
		Renamed: func() { e.source.Refollow(); e.step(link.Names{Changed: true}) }, Grown: func() { e.step(link.Names{}) },
	})
	follows := e.rest.Following.Follows
	e.source = o.Stream.Open(source.Market{Contracts: o.Tape.Registry, Intern: e.traded, Keep: follows})
	e.ring = newRing(ringFrames, ringBytes, e.source.Matters)
	e.machine = link.New(link.Options{
		Span: o.Span, Subscribe: o.Subscribe, Beliefs: o.beliefs(), Names: wanted{&o.Tape.Registry.Contracts, follows}, Rand: o.Rand,
	})
	e.line = e.machine.State()
	return e
}

// Market is the feed as faces see it.
func (e *Engine) Market() face.Market {
	return face.Open{Tape: &e.tape.Tape, Time: e.clock, Sit: func() face.Seat { return e.seats.sit(e.inbox) }}
}

// Retake tries again at once what waits for a person: a connection that
// another program took, a key that was refused, a plan that had no WebSocket.
func (e *Engine) Retake() { e.inbox.order(retake) }

// Run works until ctx ends and returns once all that it started has ended. It
// may be called once.
func (e *Engine) Run(ctx context.Context) error {
	if e.o.Tape == nil || e.o.REST == nil {
		return errors.New("running the feed: options without a tape or REST")
	}
	ctx, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	defer group.Wait()
	defer cancel()
	defer e.inbox.close()
	broke := make(chan error, 1)
	e.spawn = func(f func(context.Context)) {
		group.Go(crash.Guarded("feed", func() { guarded(e.log, broke, func() { f(ctx) }) }))
	}
	e.post = func(own context.Context, f func()) bool {
		select {
		case e.posts <- f:
			return true
		case <-ctx.Done():
		case <-own.Done():
		}
		return false
	}
	ticker := time.NewTicker(tickEvery)
	defer ticker.Stop()
	if e.o.Recorder != nil {
		defer e.o.Recorder.End()
	}
	e.turn()
	e.recover(ctx)
	e.start()
	for pace := tickEvery; ; {
		if wanted := e.pace(); wanted != pace {
			pace = wanted
			ticker.Reset(pace)
		}
		select {
		case <-ctx.Done():
			e.finish()
			return nil
		case err := <-broke:
			e.finish()
			return err
		case <-e.ring.ready:
			e.turn()
			e.drain()
		case f := <-e.posts:
			e.turn()
			f()
			e.work()
		case <-e.inbox.signal:
			e.turn()
			e.obey()
			e.work()
		case <-ticker.C:
			e.turn()
			e.tick()
			e.work()
		}
		e.show()
		if e.turned != nil {
			e.turned()
		}
	}
}

// pace is how often the loop turns by itself: rarely while the stream is live
// and silent and REST has nothing to do, since each turn wakes a processor.
func (e *Engine) pace() time.Duration {
	if e.line.Live() && e.now.Sub(e.line.Heard) >= calmAfter && e.rest.Budget.Idle() && !e.dirty {
		return calmEvery
	}
	return tickEvery
}

// guarded runs f and turns its panic into the end of Run: one that escaped from
// a goroutine would end the program with the terminal as the screen left it.
func guarded(log *slog.Logger, broke chan<- error, f func()) {
	defer func() {
		if value := recover(); value != nil {
			log.Error("panic", "value", fmt.Sprint(value), "stack", string(debug.Stack()))
			select {
			case broke <- fmt.Errorf("panic in the feed: %v", value):
			default: // Run ends for an earlier one already
			}
		}
	}()
	f()
}

// turn begins a turn of the loop. Whoever answered said so before anything of
// the answer is looked at, so no row of an invented market goes unmarked.
func (e *Engine) turn() {
	e.now = e.o.Machine.Now()
	if !e.sim && e.o.Sim != nil && e.o.Sim() {
		e.sim, e.dirty = true, true
		e.book.Apply(&book.Flags{Flags: e.flags()})
	}
}

func (e *Engine) start() {
	e.started = e.now
	e.suspend.Start(e.now, e.o.Machine.Wall())
	e.rest.Follow(e.moment(), e.o.Tickers)
	if e.recovered != nil {
		e.rest.Recovered(e.recovered, func(name string) bool { return e.book.Totals([]string{name})[0].Whole })
	}
	switch {
	case !e.o.AutoRefresh:
		e.step(link.Pause{})
	case e.o.Yield != "":
		e.rest.Sweeps.All(e.moment(), rest.ForSweep)
		e.step(link.Yield{Why: e.o.Yield})
	default:
		e.resume()
	}
	e.obey()
	e.work()
	e.show()
}

// tick is everything that happens because time has passed.
func (e *Engine) tick() {
	if gone := e.suspend.Check(e.now, e.o.Machine.Wall()); gone > 0 {
		e.slept(gone)
	}
	span := e.line.Span
	e.step(e.socket.tick(e.o.Late != nil && e.o.Late()))
	e.rest.Standing.Due(e.now)
	if e.line.Span != span || e.link() != e.tape.State().Link { // some of it is a matter of time alone
		e.dirty = true
	}
	if e.now.Before(e.bookAt) {
		return
	}
	e.bookAt = e.now.Add(bookEvery)
	e.overflowed()
	e.tellDelay()
	e.keepTime()
	market := e.clock.At(e.now)
	e.dirty = e.rest.Pulses.Feel(e.moment()) || e.dirty
	e.dirty = e.rest.Calendar.Update(market) || e.dirty
	e.book.Apply(&book.Tick{Now: market})
	if e.o.Recorder != nil {
		e.recorded()
	}
	if !e.line.Paused() {
		e.rest.Schedule(e.moment())
	}
}

// work sends what the budget permits.
func (e *Engine) work() {
	for j := e.rest.Budget.Next(e.now); j != nil; j = e.rest.Budget.Next(e.now) {
		e.count.Requests++
		e.spawn(func(ctx context.Context) {
			take, err := j.Do(ctx)
			e.post(ctx, func() { e.answered(j, take, err) })
		})
	}
}

// drain decodes frames, but not for ever: the other inputs want their turn.
func (e *Engine) drain() {
	n := e.ring.take(e.frames[:], drainBytes)
	for i := range n {
		e.frame(&e.frames[i])
	}
	e.ring.recycle(e.frames[:n])
	if e.parting != nil && e.ring.empty() {
		goodbye := e.parting
		e.parting = nil
		goodbye()
		e.work()
	}
}

// finish leaves the tape as it is to be read for ever. What has arrived counts,
// as far as there is time: who ends the program does not wait for a flood.
func (e *Engine) finish() {
	e.turn()
	for !e.ring.empty() && e.o.Machine.Now().Sub(e.now) < finishMost {
		e.drain()
	}
	if n := e.ring.drop(); n > 0 {
		e.count.DroppedFrames += uint64(n)
		e.log.Warn("frames dropped at the end", "count", n)
	}
	e.book.Apply(&book.Settle{})
	e.publish()
}
