package rest

import (
	"context"
	"fmt"

	"optflow/feed/plan"
	"optflow/model"
	"optflow/model/book"
)

// backfillAhead bounds the requests asked of the book at a time: which gap
// matters most is decided late.
const backfillAhead = 12

// backfill asks for the bars of closed gaps, largest premium first.
type backfill struct {
	source    barSource
	budget    *Budget
	contracts *model.Contracts
	following *Following
	sides     *sides
	book      gapBook
	notes     Notes

	waiting int
	off     plan.Denial // the plan has no aggregates
}

type gapBook interface {
	teller
	windowBook
	Wanted(limit int) []book.GapRequest
}

// windowBook knows the row of a window, nil where there is none.
type windowBook interface {
	Window(id model.ContractID, start int64, span model.Span) *model.Row
}

func (b *backfill) schedule(m Moment) {
	if b.off.Holds(m.Now) || b.waiting >= backfillAhead {
		return
	}
	wanted := b.book.Wanted(backfillAhead - b.waiting)
	b.book.Apply(&book.Asked{Requests: wanted})
	for _, req := range wanted {
		b.fill(req)
	}
}

type barsAnswer struct {
	bars  []model.Bar
	whole bool
}

func (b *backfill) fill(req book.GapRequest) {
	c := b.contracts.At(req.Contract)
	b.waiting++
	added := b.budget.Add(&Job{
		Class: ForBackfill, Rank: req.Premium, Owner: b.following.chains[c.Underlying],
		Key: fmt.Sprintf("aggs/%d/%d/%d", req.Contract, req.Span, req.From),
		Do: asks(func(ctx context.Context) (a barsAnswer, err error) {
			a.bars, a.whole, err = b.source.Aggs(ctx, c.Symbol, req.Span, req.From, req.To)
			return a, err
		}, func(_ Moment, a barsAnswer) { b.got(req, a) }),
		Fail: func(m Moment, err error) { b.failed(m, req, err) },
		Gone: func(Moment) { b.giveBack(req) },
	})
	if !added {
		b.giveBack(req)
	}
}

func (b *backfill) giveBack(req book.GapRequest) {
	b.waiting--
	b.book.Apply(&book.Failed{Request: req})
}

func (b *backfill) got(req book.GapRequest, a barsAnswer) {
	b.waiting--
	b.off.Lift()
	b.book.Apply(&book.Filled{Request: req, Bars: barsOf(req.Contract, a.bars), Whole: a.whole})
	for i := range a.bars {
		if row := b.book.Window(req.Contract, a.bars[i].Start, a.bars[i].Span); row != nil {
			b.sides.want(&a.bars[i], row.Premium)
		}
	}
}

func (b *backfill) failed(m Moment, req book.GapRequest, err error) {
	denied(m, err, &b.off, b.notes, "no bars by REST, gaps stay open")
	b.giveBack(req)
}
