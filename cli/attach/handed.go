package attach

import (
	"context"

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
	record *history.Recorder // nil: nothing is written down
	had    *had
}

// Recover tells the accounts what was written down that they have not.
func (h handed) Recover(ctx context.Context, _ *book.Book, _ func(done, total int64)) (int64, *model.State, error) {
	if h.record == nil {
		return h.had.until, h.had.last, nil
	}
	date, next := h.had.follower.Due()
	err := h.record.GoOn(ctx, date, next, func(b *daylog.Block, ops []byte) error { return h.had.follower.Apply(b, ops) })
	until, last := h.had.follower.Until()
	return until, last, err
}

func (h handed) Begin(b *book.Book) {
	if h.record != nil {
		h.record.Begin(b)
	}
}

func (h handed) Telling(in book.Input) {
	if h.record != nil {
		h.record.Telling(in)
	}
}

func (h handed) Told(in book.Input) {
	if h.record != nil {
		h.record.Told(in)
	}
}

func (h handed) Shown(s *model.State) {
	if h.record != nil {
		h.record.Shown(s)
	}
}

func (h handed) End() {
	if h.record != nil {
		h.record.End()
	}
}

func (h handed) Trouble() string {
	if h.record == nil {
		return ""
	}
	return h.record.Trouble()
}
