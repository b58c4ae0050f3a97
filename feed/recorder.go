package feed

import (
	"context"
	"fmt"
	"time"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/tape"
)

// Recorder writes down what the accounts are told, so that they can be had again.
// Its methods are called on the engine's own goroutine; all but Recover must
// neither wait nor keep what they are given.
type Recorder interface {
	// Recover tells the book what was written down of the day before this run, and
	// says now and then how far it is. It returns the market time in ms up to which
	// the feed had brought something, 0 where nothing was written down, and the last
	// state shown.
	Recover(ctx context.Context, b *book.Book, show func(done, total int64)) (until int64, last *model.State, err error)
	Begin(*book.Book)   // before the first input
	Telling(book.Input) // which the book is told next
	Told(book.Input)    // with the book's answers
	Shown(*model.State) // published
	End()               // after the last input
	Trouble() string    // why nothing is written, for the user; "" where all is
}

const (
	// aheadMost is how many rows recovery may be ahead of the faces: 20 MB.
	aheadMost = 200 << 10
	// patience is how long it waits for faces that do not read on.
	patience = 2 * time.Second
	readLook = 5 * time.Millisecond
	// unsettled is how long, in ms, before the log's end bars were still on their way.
	unsettled = 5_000
)

// recover puts the accounts where the run before left them. What traded since is
// lost, and asked for as any gap.
func (e *Engine) recover(ctx context.Context) {
	r := e.o.Recorder
	if r == nil {
		return
	}
	began := time.Now()
	var shown time.Time
	until, last, err := r.Recover(ctx, e.book.Book, func(done, total int64) {
		now := time.Now()
		if e.recoveredTo == 0 || now.Sub(began) >= time.Second && now.Sub(shown) >= publishEvery {
			e.recoveredTo, shown = tape.NoSeq, now
			e.showReading(done, total)
		}
		e.tape.Publish()
		e.seats.await(ctx, e.tape, aheadMost)
	})
	if e.recoveredTo > 0 {
		e.seats.await(ctx, e.tape, 0)
		e.tape.Hold(tape.NoSeq)
		e.recoveredTo = e.tape.Appended()
	}
	if ctx.Err() != nil {
		return // nothing is written of a book that may not be whole: the next run would begin with it
	}
	if err != nil {
		e.notes.Note("what was recorded today is not shown: " + err.Error())
	}
	r.Begin(e.book.Book)
	e.book.log = r
	e.turn()
	if until == 0 {
		return
	}
	e.log.Info("recovered", "rows", e.tape.Appended(), "until", time.UnixMilli(until).UTC(), "in", time.Since(began))
	e.goOn(until, last)
}

// showReading shows how far recovery is.
func (e *Engine) showReading(done, total int64) {
	s := e.state()
	s.Link, s.Reason, s.Besides = model.Starting, fmt.Sprintf("reading today's recording, %d%%", 100*done/max(total, 1)), ""
	e.tape.SetState(s)
}

// goOn has the accounts that were recovered go on in this run.
func (e *Engine) goOn(until int64, last *model.State) {
	until -= unsettled
	lag := &e.stream.lag
	if e.recovered = last; last == nil {
		e.recovered = &model.State{Covers: model.Unknown}
	} else {
		lag.late, lag.told = last.Plan.Delayed > 0, last.Plan.Delayed
	}
	market := e.clock.At(e.now)
	e.book.Apply(&book.Lost{From: until, To: max(until, market-lag.told), Reason: model.GapLost})
	e.book.Apply(&book.Provisional{})
	e.book.Apply(&book.Flags{Flags: e.flags()})
	e.book.Apply(&book.Span{Span: e.o.Span, From: market - market%minuteMillis + minuteMillis})
	e.stream.outage.begin(until, model.GapLost)
	e.recoveredTo = e.tape.Appended() // the gaps that this opened are of then as well
}

// await holds what faces have not read, and waits while that is too much.
func (s *seats) await(ctx context.Context, t *tape.Writer, most uint64) {
	least := s.read()
	for stuck := time.Now(); ; {
		t.Hold(least)
		if least == tape.NoSeq || t.Appended() <= least+most || ctx.Err() != nil || time.Since(stuck) > patience {
			return
		}
		time.Sleep(readLook)
		if now := s.read(); now != least {
			least, stuck = now, time.Now()
		}
	}
}

// recorded says once that nothing is written down, and once that it is again.
func (e *Engine) recorded() {
	trouble := e.o.Recorder.Trouble()
	switch {
	case trouble == e.trouble:
		return
	case trouble != "":
		e.notes.Again(trouble)
	default:
		e.notes.Again("history goes on")
	}
	e.trouble = trouble
}

// accounts are the book, and whoever writes down what it is told.
type accounts struct {
	*book.Book
	log Recorder // nil: nobody does, or not yet
}

// Apply tells the book something.
func (a *accounts) Apply(in book.Input) {
	if a.log == nil {
		a.Book.Apply(in)
		return
	}
	a.log.Telling(in)
	a.Book.Apply(in)
	a.log.Told(in)
}
