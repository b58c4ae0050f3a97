package feed

import (
	"context"
	"fmt"

	"optflow/feed/massive"
	"optflow/feed/plan"
	"optflow/model"
)

// backfillAhead bounds the requests asked of the book at a time: which gap
// matters most is decided late.
const backfillAhead = 12

// backfillState is what filling gaps has come to.
type backfillState struct {
	waiting int
	off     plan.Denial // the plan has no aggregates
}

// scheduleBackfill asks for the bars of closed gaps, largest premium first.
func (e *Engine) scheduleBackfill() {
	b := &e.backfill
	if b.off.Holds(e.now) || b.waiting >= backfillAhead {
		return
	}
	for _, req := range e.book.Wanted(backfillAhead - b.waiting) {
		e.fill(req)
	}
}

func (e *Engine) fill(req model.GapRequest) {
	c := e.tape.Contracts.At(req.Contract)
	b := &e.backfill
	b.waiting++
	giveBack := func() {
		b.waiting--
		e.book.Failed(req)
	}
	added := e.budget.add(&job{
		class: classBackfill, rank: req.Premium, owner: c.Underlying,
		key: fmt.Sprintf("aggs/%d/%d/%d", req.Contract, req.Span, req.From),
		do: func(ctx context.Context) (func(), error) {
			bars, whole, err := e.o.REST.Aggs(ctx, c.Symbol, req.Span, req.From, req.To)
			return func() {
				b.waiting--
				b.off.Lift()
				for i := range bars {
					bars[i].Contract = req.Contract
				}
				e.book.Filled(req, bars, whole)
				for i := range bars {
					if row := e.book.Window(req.Contract, bars[i].Start, bars[i].Span); row != nil {
						e.sides.want(&bars[i], row.Premium)
					}
				}
			}, err
		},
		fail: func(err error) {
			switch kindOf(err) {
			case massive.ErrorNotEntitled:
				if lasts := b.off.Deny(e.now); lasts > 0 {
					e.note("no bars by REST, gaps stay open: " + err.Error() + askedAgainIn(lasts))
				}
			case massive.ErrorNotFound:
				b.waiting--
				e.book.Filled(req, nil, true)
				return
			}
			giveBack()
		},
		gone: giveBack,
	})
	if !added {
		giveBack()
	}
}
