// Package followup keeps the ledger of alerts: it writes down what fired and what
// was held back, asks the market what came of it when a mark is due, and keeps
// that beside it.
//
// It promises that nobody waits for it: it has one goroutine, and a queue that is
// bounded and counts what it drops; that it writes only while this program has
// the right to deliver; that a file is only ever appended to; and that what was
// missed while the program was off is filled in where the vendor still knows it,
// so that being off selects nothing.
package followup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"time"

	"optflow/model"
	"optflow/model/ledger"
	"optflow/model/market"
	"optflow/model/rules"
	"optflow/model/session"
)

const (
	queueMost  = 10_000           // events that wait
	askTime    = 20 * time.Second // for one answer
	idleEvery  = 30 * time.Second // between two looks for marks, while any is to come
	notOurs    = 5 * time.Second  // until it is looked again whether we may write
	pastAtOnce = 10               // marks of the past asked for in one go: who fires now does not wait for them
	triesMost  = 3                // of a mark that is not answered
	againAfter = time.Minute
	firstMark  = 5 * time.Minute // after an alert
	endTime    = time.Second     // the rules have for their last word
	// morningAgain is how long after the figures of a session should be out they are
	// asked for anew, and morningMost until when: then the next session has begun.
	morningAgain = 15 * time.Minute
	morningMost  = 4 * time.Hour
)

// Options are what a Keeper works with. All but Log are required.
type Options struct {
	Market   market.Market
	Calendar *session.Calendar // nil: the regular one
	Dir      string            // of the ledger's files
	Holds    func() bool       // whether this program may write now
	Trouble  func(text string) // is told what does not work
	Log      *slog.Logger      // nil: none
}

// Keeper keeps one ledger.
type Keeper struct {
	o     Options
	wake  chan struct{}
	last  chan struct{} // closed once there is nothing more to take
	ended chan struct{} // closed once all is written

	mu      sync.Mutex
	queue   []rules.Event
	dropped int

	// All that follows belongs to the goroutine in Run.
	seat   market.Seat
	files  files
	book   *ledger.Ledger // nil: not read, or somebody else may have written since
	pool   ledger.Reservoir
	tries  map[string]*try // by alert and horizon
	loaded bool
	next   int64 // ms of market time: the next look for marks
}

// try is how often a mark was asked for, and when it may be again.
type try struct {
	times int
	after int64 // ms of market time
}

// New returns a Keeper that does nothing until Run.
func New(o Options) *Keeper {
	o.Log = cmp.Or(o.Log, slog.New(slog.DiscardHandler))
	return &Keeper{o: o, wake: make(chan struct{}, 1), last: make(chan struct{}), ended: make(chan struct{}), files: files{dir: o.Dir}, tries: map[string]*try{}}
}

// Take is told what the rules said. It never waits.
func (k *Keeper) Take(events []rules.Event) {
	k.mu.Lock()
	if room := queueMost - len(k.queue); len(events) > room {
		k.dropped += len(events) - room
		events = events[:room]
	}
	k.queue = append(k.queue, events...)
	k.mu.Unlock()
	select {
	case k.wake <- struct{}{}:
	default: // it is awake
	}
}

// End says, once, that nothing more is told, and waits until what was is written.
func (k *Keeper) End() {
	close(k.last)
	select {
	case <-k.ended:
	case <-time.After(endTime):
	}
}

// take is what was told since the last time.
func (k *Keeper) take() (events []rules.Event) {
	k.mu.Lock()
	events, k.queue = k.queue, nil
	dropped := k.dropped
	k.dropped = 0
	k.mu.Unlock()
	if dropped > 0 {
		k.o.Trouble(fmt.Sprintf("%d alerts are not in the ledger: too many came at once", dropped))
	}
	return events
}

// Run works until ctx ends, and then until the rules have said their last.
func (k *Keeper) Run(ctx context.Context) error {
	defer close(k.ended)
	if k.seat = k.o.Market.Seat(); k.seat == nil {
		return nil // nothing can be asked
	}
	k.seat.Aside()
	defer k.seat.Leave()
	defer k.files.close()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			k.finish(ctx)
			return nil
		case <-k.wake:
		case <-timer.C:
		}
		pause, more := k.turn(ctx)
		timer.Stop()
		if more {
			timer.Reset(pause)
		}
	}
}

// turn does what is to be done now, and says when the next is due, if any is.
func (k *Keeper) turn(ctx context.Context) (pause time.Duration, more bool) {
	events := k.take()
	if !k.o.Holds() {
		k.files.close()
		k.book = nil
		return notOurs, true
	}
	if k.book == nil && !k.load() {
		return idleEvery, true
	}
	k.record(ctx, events)
	if now := k.now(); now >= k.next {
		k.next = math.MaxInt64
		if again := k.follow(ctx); again > 0 {
			k.next = now + again.Milliseconds()
		}
		if next := k.book.Next(k.o.Calendar, now); next > 0 {
			k.next = min(k.next, next)
		}
	}
	if k.next == math.MaxInt64 {
		return 0, false
	}
	return min(time.Duration(max(k.next-k.now(), 100))*time.Millisecond, idleEvery), true
}

// finish writes down what fired last. There is no time left to ask for its quotes.
func (k *Keeper) finish(ctx context.Context) {
	select {
	case <-k.last:
	case <-time.After(endTime):
	}
	if events := k.take(); len(events) > 0 && k.o.Holds() && (k.book != nil || k.load()) {
		k.record(ctx, events)
	}
}

// load reads what was written before.
func (k *Keeper) load() bool {
	book, skipped, err := Read(k.o.Dir)
	if err != nil {
		k.o.Trouble("the ledger cannot be read: " + err.Error())
		return false
	}
	if n := skipped.Torn + skipped.Wrong + skipped.Newer; n > 0 && !k.loaded {
		k.o.Log.Warn("lines of the ledger skipped", "torn", skipped.Torn, "wrong", skipped.Wrong, "newer", skipped.Newer)
	}
	k.book, k.loaded, k.next = book, true, 0
	k.pool = ledger.Reservoir{}
	for _, a := range book.Controls() {
		k.pool.Offer(a)
	}
	return true
}

func (k *Keeper) keep(r ledger.Record) {
	k.book.Add(r)
	if a, is := r.(*ledger.Alert); is {
		k.next = min(k.next, a.Seen+firstMark.Milliseconds())
	}
	switch err := k.files.append(model.TradingDate(k.now()), r); {
	case errors.Is(err, errFull):
		k.o.Trouble("the ledger's file of this month is full (50 MB): what fires is followed no more until the next")
	case err != nil:
		k.o.Trouble("the ledger cannot be written: " + err.Error())
	}
}

// now is market time in ms.
func (k *Keeper) now() int64 {
	if c := k.o.Market.Clock(); c != nil {
		return c.Now()
	}
	return k.o.Market.State().Newest
}
