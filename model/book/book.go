// Package book keeps the accounts: whatever comes twice, late, in another order
// or never, no contract is counted twice and none goes missing unmarked.
package book

import (
	"math"

	"optflow/model"
	"optflow/model/tape"
)

// Options set a Book up.
type Options struct {
	Span  model.Span  // of the stream; 0 means Second. Changed by SetSpan
	Flags model.Flags // FlagSim and FlagDelayed as they apply to every row; changed by SetFlags
}

// Book keeps the accounts of every contract and merges stream, polls and
// backfill into the tape, so that for each contract and day
//
//	past + exact + polled + pending + gaps = day
//
// holds after every call (docs/words.md#the-accounts). None of the parts is
// added up along the way: they follow from the day volumes heard and from the
// bars held, so duplicates, losses and another order of arrival end in the same
// sums; only what is polled and what is a gap may share differently, since a
// poll takes over volume that is still pending when it comes. It is owned by
// one goroutine, which also publishes the tape.
type Book struct {
	tape    *tape.Writer
	flags   model.Flags
	spans   []spanFrom // spans in force, by their first window, ascending
	delay   int64      // ms: measured delay of the feed
	delayed bool       // a delayed host: snapshots may be ahead of the stream by all of the delay

	now     int64      // market time as far as it is known here
	event   int64      // end of the newest window from the stream
	date    model.Date // the current trading date, 0 before anything is known
	days    []*bookDay
	unsure  bool     // one source alone says what time it is
	facts   []*facts // by contract number; nil: nothing known
	sources map[string]*underlying
	ghosts  map[model.ContractID]*windows // windows of accounts that were forgotten
	queue   []*account                    // accounts with pending holes
	holes   int                           // of all accounts
	most    int                           // holes of one
	checks  []*account                    // accounts with a snapshot that waits for the stream
	thinned int                           // number of the last account that thin looked at
	rebuilt int64                         // when the totals were last recomputed from the accounts

	rows, duplicates, corrections uint64
	beyond                        model.Beyond
}

// spanFrom says which span is in force from a window start on.
type spanFrom struct {
	from int64
	span model.Span
}

// New returns an empty book that writes to a tape.
func New(to *tape.Writer, o Options) *Book {
	if o.Span == 0 {
		o.Span = model.Second
	}
	return &Book{
		tape:    to,
		flags:   o.Flags,
		spans:   []spanFrom{{from: math.MinInt64, span: o.Span}},
		sources: make(map[string]*underlying),
		most:    holesMost,
		ghosts:  make(map[model.ContractID]*windows),
	}
}

func (b *Book) setSpan(span model.Span, boundary int64) {
	for len(b.spans) > 1 && b.spans[len(b.spans)-1].from >= boundary {
		b.spans = b.spans[:len(b.spans)-1] // a change that was taken back before it took effect
	}
	if b.spans[len(b.spans)-1].span != span {
		b.spans = append(b.spans, spanFrom{from: boundary, span: span})
	}
}

// spanAt is the span in force for a window that starts at a time.
func (b *Book) spanAt(start int64) model.Span {
	i := len(b.spans) - 1
	for b.spans[i].from > start {
		i--
	}
	return b.spans[i].span
}

func (b *Book) tick(now int64) {
	b.now = max(b.now, now)
	b.judge()
	b.mature()
	b.dropOldDays()
	b.expireTwins()
	b.thin()
	if b.now-b.rebuilt >= int64(model.Minute) {
		b.rebuild()
	}
}

func (b *Book) settle() {
	b.judge()
	for _, a := range b.queue {
		for i := range a.holes {
			if c := &a.holes[i]; c.pending {
				b.openGap(a, c, model.GapPending)
			}
		}
		a.queued = false
	}
	b.queue = b.queue[:0]
}
