// Package book keeps the accounts: whatever comes twice, late, in another order
// or never, no contract is counted twice and none goes missing unmarked.
package book

import (
	"cmp"
	"math"

	"optflow/model"
	"optflow/model/tape"
)

// Options set a Book up.
type Options struct {
	Span  model.Span  // of the stream; 0 means Second. Changed by Span
	Flags model.Flags // FlagSim and FlagDelayed as they apply to every row; changed by Flags
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
//
// What it is told goes to its parts, of which each knows those above it alone.
type Book struct {
	tape *tape.Writer

	time     timing    // how far the market is
	known    knowledge // facts of contracts and underlyings
	days     days      // the accounts
	write    rowWriter // puts rows on the tape
	bars     bars      // windows of the accounts
	gaps     gaps      // what is missing in them
	parts    parts     // how their volume divides
	waiting  waiting   // snapshots that are ahead of the stream
	renaming renaming  // contracts that turn out to be others than was thought

	crowd   crowd // thins them out in a flood
	rebuilt int64 // when the totals were last recomputed from the accounts
}

// New returns an empty book that writes to a tape.
func New(to *tape.Writer, o Options) *Book {
	b := &Book{tape: to}
	b.time.spans = []spanFrom{{from: math.MinInt64, span: cmp.Or(o.Span, model.Second)}}
	b.known = knowledge{tape: to, sources: make(map[string]*underlying)}
	b.days = days{time: &b.time, known: &b.known, tape: to, ghosts: make(map[model.ContractID]*windows)}
	b.write = rowWriter{time: &b.time, tape: to, flags: o.Flags}
	b.bars = bars{days: &b.days, write: &b.write, tape: to}
	b.gaps = gaps{time: &b.time, write: &b.write, most: holesMost}
	b.parts = parts{time: &b.time, write: &b.write, gaps: &b.gaps}
	b.waiting = waiting{time: &b.time, parts: &b.parts}
	b.renaming = renaming{known: &b.known, days: &b.days, write: &b.write, tape: to}
	b.crowd = crowd{days: &b.days, tape: to, most: packedMost}
	return b
}

func (b *Book) tick(now int64) {
	b.time.now = max(b.time.now, now)
	b.waiting.judge()
	b.gaps.mature()
	if !b.time.unsure { // no late bar can come any more
		b.dropDays(func(d *bookDay) bool { return d.date < b.days.date && b.time.now >= d.to+keepOldDay })
	}
	b.expireTwins()
	b.crowd.thin()
	if b.time.now-b.rebuilt >= int64(model.Minute) {
		b.rebuild()
	}
}

func (b *Book) settle() {
	b.waiting.judge()
	for _, a := range b.gaps.queue {
		for i := range a.holes {
			if c := &a.holes[i]; c.pending {
				b.gaps.open(a, c, model.GapPending)
			}
		}
		a.queued = false
	}
	b.gaps.queue = b.gaps.queue[:0]
}

// Counters count what a Book met since its start. The gap figures are of
// now, and of the accounts still held.
type Counters struct {
	Rows        uint64       // versions appended to the tape
	Duplicates  uint64       // statements that said nothing new
	Corrections uint64       // later versions of a bar
	GapRows     uint64       // gap rows that are open now
	Missing     uint64       // contracts in them
	Pending     uint64       // contracts missing but not yet a gap
	LostGaps    uint64       // gap rows of reason lost or since unknown
	LostVolume  uint64       // contracts in those
	Beyond      model.Beyond // what was left out for want of room
}

// Into writes the figures into the state's counters; what was left out before it
// came to the Book is added to.
func (c Counters) Into(to *model.Counters) {
	to.Rows, to.Duplicates, to.Corrections = c.Rows, c.Duplicates, c.Corrections
	to.GapRows, to.Missing = c.GapRows, c.Missing
	to.LostGaps, to.LostVolume = c.LostGaps, c.LostVolume
	to.Beyond.Bars += c.Beyond.Bars
	to.Beyond.Lots += c.Beyond.Lots
}

// Counters returns what was counted. The figures of gaps are those of the
// current day's accounts.
func (b *Book) Counters() Counters {
	c := Counters{Rows: b.write.rows, Duplicates: b.bars.duplicates, Corrections: b.bars.corrections, Beyond: b.bars.beyond}
	day := b.days.today()
	if day == nil {
		return c
	}
	for _, a := range day.open {
		for i := range a.holes {
			hole := &a.holes[i]
			if hole.pending {
				c.Pending += uint64(hole.amount)
				continue
			}
			c.GapRows++
			c.Missing += uint64(hole.amount)
			if hole.lost() {
				c.LostGaps++
				c.LostVolume += uint64(hole.amount)
			}
		}
	}
	return c
}
