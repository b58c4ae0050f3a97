package feed

import (
	"context"
	"slices"

	"optflow/feed/rest"
	"optflow/model"
)

// inquire has the engine ask something, and waits for the answer.
func inquire[A any](ctx context.Context, s *seat, doing string, ask func(f *rest.Followups, m rest.Moment, reply func(A, error))) (none A, _ error) {
	r := newReply[A]()
	if !s.inbox.order(func(e *Engine) { ask(e.rest.Followups, e.moment(), r.give) }) {
		return none, errEnded
	}
	return r.await(ctx, s.inbox, doing)
}

// Snapshots reads contracts as they stand now: one request, of 250 at most.
func (s *seat) Snapshots(ctx context.Context, symbols []string) ([]model.Snapshot, error) {
	symbols = slices.Clone(symbols)
	return inquire(ctx, s, "reading quotes", func(f *rest.Followups, m rest.Moment, reply func([]model.Snapshot, error)) {
		f.Now(m, symbols, reply)
	})
}

// AsOf reads what was in force of a contract at a past market time in ms.
func (s *seat) AsOf(ctx context.Context, symbol string, at int64) (model.Snapshot, error) {
	return inquire(ctx, s, "reading a quote of the past", func(f *rest.Followups, m rest.Moment, reply func(model.Snapshot, error)) {
		f.AsOf(m, symbol, at, reply)
	})
}

// Interest reads what is stated of a contract's session that is over.
func (s *seat) Interest(ctx context.Context, symbol string, session model.Date) (model.Interest, error) {
	return inquire(ctx, s, "reading open interest", func(f *rest.Followups, m rest.Moment, reply func(model.Interest, error)) {
		f.Interest(m, symbol, session, reply)
	})
}
