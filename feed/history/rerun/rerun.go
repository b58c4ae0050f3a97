// Package rerun goes through a recorded day once more, as it came, with a book and
// a tape of its own: what is known at a tick of it is what was known then, and
// nothing that came later.
package rerun

import (
	"context"
	"fmt"

	"optflow/feed/history"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
	"optflow/model/tape"
)

// Face is told what happens; what is nil is not told.
type Face struct {
	// Begins is told the tape and the book of all that follows, at the beginning and
	// wherever the program of then began with an empty one.
	Begins func(*tape.Tape, *book.Book)
	// File is told the first line of each file.
	File func(*history.Header)
	// Input is told what the book is told next. It is good until the call returns.
	Input func(book.Input)
	// Tick is told each market time, in ms, by which all that the tape has was known,
	// and last the end of the recording.
	Tick  func(now int64)
	State func(*model.State) // what the feed said of itself
	Hole  func(daylog.Hole)
}

// Day goes through a day until it ends or ctx does. Progress is told of the bytes
// gone through, nil is nobody.
func Day(ctx context.Context, day history.Day, progress func(done, total int64), f Face) error {
	r := run{face: f}
	for b, err := range day.Blocks(ctx, progress) {
		if err != nil {
			return err
		}
		if b.Hole != nil {
			r.hole(*b.Hole)
		}
		if b.Begins && f.File != nil {
			f.File(b.Header)
		}
		if r.book == nil || b.Begins && b.Header.Fresh {
			r.begin()
		}
		if err := r.decoder.Ops(b.Unpacked, daylog.Reader{Input: r.input, State: f.State, Hole: r.hole}); err != nil {
			return fmt.Errorf("going through %s of %s: %w", day.Date, day.Feed, err)
		}
	}
	if r.book != nil {
		r.tick(r.now)
	}
	return ctx.Err()
}

// run is a day that is gone through.
type run struct {
	face    Face
	decoder daylog.Decoder
	tape    *tape.Writer
	book    *book.Book
	now     int64 // ms: the last tick
}

func (r *run) begin() {
	if r.book != nil {
		r.tick(r.now)
	}
	r.tape = tape.New(tape.Options{})
	r.book = book.New(r.tape, book.Options{})
	r.decoder = daylog.Decoder{}
	if r.face.Begins != nil {
		r.face.Begins(&r.tape.Tape, r.book)
	}
}

func (r *run) input(in book.Input) {
	if r.face.Input != nil {
		r.face.Input(in)
	}
	r.book.Apply(in)
	if tick, is := in.(*book.Tick); is {
		r.now = tick.Now
		r.tick(tick.Now)
	}
}

func (r *run) tick(now int64) {
	r.tape.Publish()
	if r.face.Tick != nil {
		r.face.Tick(now)
	}
}

func (r *run) hole(h daylog.Hole) {
	if r.face.Hole != nil {
		r.face.Hole(h)
	}
}
