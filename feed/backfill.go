package feed

import (
	"context"
	"fmt"

	"optflow/feed/massive"
	"optflow/feed/plan"
	"optflow/feed/rest"
	"optflow/model/book"
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

func (e *Engine) fill(req book.GapRequest) {
	c := e.tape.Contracts.At(req.Contract)
	b := &e.backfill
	b.waiting++
	giveBack := func(rest.Moment) {
		b.waiting--
		e.book.Failed(req)
	}
	added := e.budget.Add(&rest.Job{
		Class: rest.ForBackfill, Rank: req.Premium, Owner: c.Underlying,
		Key: fmt.Sprintf("aggs/%d/%d/%d", req.Contract, req.Span, req.From),
		Do: func(ctx context.Context) (func(rest.Moment), error) {
			bars, whole, err := e.o.REST.Aggs(ctx, c.Symbol, req.Span, req.From, req.To)
			return func(rest.Moment) {
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
		Fail: func(_ rest.Moment, err error) {
			switch massive.KindOf(err) {
			case massive.ErrorNotEntitled:
				if lasts := b.off.Deny(e.now); lasts > 0 {
					e.note("no bars by REST, gaps stay open: " + err.Error() + askedAgainIn(lasts))
				}
			case massive.ErrorNotFound:
				b.waiting--
				e.book.Filled(req, nil, true)
				return
			}
			giveBack(rest.Moment{})
		},
		Gone: giveBack,
	})
	if !added {
		giveBack(rest.Moment{})
	}
}
