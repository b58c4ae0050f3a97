package feed

import (
	"context"
	"testing"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/tape"
)

// halted is a recorder at which the program is ended while the day is read back.
type halted struct {
	recorded
	end   func()
	wrote bool
}

func (r *halted) Recover(ctx context.Context, _ *book.Book, _ func(done, total int64)) (int64, *model.State, error) {
	r.end()
	return 0, nil, ctx.Err()
}

func (r *halted) Begin(*book.Book)   { r.wrote = true }
func (r *halted) Telling(book.Input) { r.wrote = true }
func (r *halted) Told(book.Input)    { r.wrote = true }

// Who ends the program while the day is read back finds all of it at the next start:
// of the book that has a part of it nothing is written.
func TestEndedWhileTheDayIsRead(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	r := &halted{end: end}
	e := New(Options{Tape: tape.New(tape.Options{}), REST: newMarket(), Tickers: []string{"SPY"}, Recorder: r, Stream: realtime(Endpoint{URL: "ws://x"})})
	if err := e.Run(ctx); err != nil {
		t.Error(err)
	}
	if r.wrote {
		t.Error("it writes what it has")
	}
}
