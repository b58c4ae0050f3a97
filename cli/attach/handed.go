package attach

import (
	"context"

	"optflow/feed"
	"optflow/feed/history"
	"optflow/feed/relay/follower"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
)

// had are the accounts of a follower that nobody tells any more.
type had struct {
	Accounts
	follower *follower.Follower
	until    int64 // ms: up to which its publisher had brought something
	last     *model.State
}

// handed is the recorder of an engine that goes on with such accounts: there is
// nothing to recover but what the follower was not told any more.
type handed struct {
	feed.Recorder
	had *had
}

// Recover tells the accounts what was written down that they have not.
func (h handed) Recover(ctx context.Context, _ *book.Book, _ func(done, total int64)) (int64, *model.State, error) {
	record, is := h.Recorder.(*history.Recorder)
	if !is {
		return h.had.until, h.had.last, nil
	}
	date, next := h.had.follower.Due()
	err := record.GoOn(ctx, date, next, func(b *daylog.Block, ops []byte) error { return h.had.follower.Apply(b, ops) })
	until, last := h.had.follower.Until()
	return until, last, err
}

// unwritten is the recorder where nothing is written down.
type unwritten struct{}

func (unwritten) Recover(context.Context, *book.Book, func(done, total int64)) (int64, *model.State, error) {
	return 0, nil, nil
}
func (unwritten) Begin(*book.Book)   {}
func (unwritten) Telling(book.Input) {}
func (unwritten) Told(book.Input)    {}
func (unwritten) Shown(*model.State) {}
func (unwritten) End()               {}
func (unwritten) Trouble() string    { return "" }
