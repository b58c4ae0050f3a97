// Package backtest asks a rule of recorded days as it would have been asked then.
//
// A hit is what was known when the rule was true for the first time: rows come in
// the order and at the times in which they came, and nothing that came later
// changes it. What became of it stands beside it: its last version where that
// differs, and the underlying's price afterwards. There is no score.
package backtest

import (
	"cmp"
	"context"
	"slices"

	"optflow/feed/history"
	"optflow/feed/history/rerun"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/burst"
	"optflow/model/daylog"
	"optflow/model/filter"
	"optflow/model/rules"
	"optflow/model/session"
	"optflow/model/tape"
)

// Options say what is tested.
type Options struct {
	Rule       *rules.Rule
	Thresholds *model.Rules      // floor and marks
	After      []After           // when the underlying is looked at again
	Calendar   *session.Calendar // nil: the regular one
}

// Hit is one time that the rule was true.
type Hit struct {
	rules.Event              // Fired or Held, its row as it stood
	Last        *model.Burst // its last version, nil: it is the same
	Withdrawn   bool         // all its trades were taken back
	Revised     bool         // it turned out not to be true
	Spot        float64      // the underlying's price as the row knew it; NaN unknown
	After       []Later      // as Options.After

	handle uint32
	latest model.Burst
}

// Session is what a day has to say beside its hits.
type Session struct {
	Date          model.Date
	Hits          int // that would have been delivered
	Held, Revised int
	Beyond        int         // of Held, more than are told one by one
	Lacked        int         // bursts, contracts or tickers that could not be judged
	Lacks         filter.Lack // what they lacked
	Until         int64       // ms: the last that was recorded
	GapLots       uint64      // contracts in gaps that were not filled
	Holes         []daylog.Hole
	Older         bool // the book of then went by other rules than this program's
	Partial       bool // it was cancelled: there may be more
}

// Test asks the rule of one day after another, the oldest first.
type Test struct {
	o     Options
	state rules.State // what outlives a session: who fires once is spent
	begun bool
}

// New is a test of no days yet.
func New(o Options) *Test { return &Test{o: o} }

// Day asks it of a day. What was found is told, in the order of its hits, once the
// day is over or ctx has ended.
func (t *Test) Day(ctx context.Context, day history.Day, progress func(done, total int64)) ([]*Hit, Session, error) {
	r := &run{o: &t.o, session: Session{Date: day.Date}, feed: &model.State{}, batch: make([]model.Row, tape.ChunkRows), spots: spots{}}
	face := rerun.Face{
		Begins: func(rows *tape.Tape, b *book.Book) { r.begin(t, rows, b) },
		File:   func(h *history.Header) { r.session.Older = r.session.Older || h.Rules != book.Rules },
		Input:  r.input, Tick: r.tick,
		State: func(s *model.State) { r.feed = s },
		Hole:  func(h daylog.Hole) { r.session.Holes = append(r.session.Holes, h) },
	}
	err := rerun.Day(ctx, day, progress, face)
	r.settle(t)
	r.session.Partial = ctx.Err() != nil
	for _, h := range r.hits {
		r.after(h)
	}
	return r.hits, r.session, err
}

// run is a day under way.
type run struct {
	o       *Options
	session Session
	feed    *model.State // as it stood last
	hits    []*Hit
	spots   spots

	watch  *rules.Watch
	book   *book.Book
	rows   *tape.Tape
	cursor tape.Cursor
	batch  []model.Row
	moves  uint64
	gaps   map[model.Identity]uint32 // contracts in them

	open    map[model.ContractID][]*Hit // whose bursts may still change
	touched map[model.ContractID]struct{}
	asked   int64 // ms: when the sums of the day were asked for last
	whole   int64 // and all accounts
}

// begin begins with an empty book, as the program of then did.
func (r *run) begin(t *Test, rows *tape.Tape, b *book.Book) {
	r.settle(t)
	r.rows, r.book, r.cursor, r.moves = rows, b, tape.Cursor{}, r.feed.Moves
	r.watch = rules.NewWatch(rows, rules.Options{Thresholds: r.o.Thresholds})
	r.watch.Set([]*rules.Rule{r.o.Rule})
	if t.begun {
		r.watch.Restore(t.state)
	}
	r.watch.Told = r.told
	r.gaps, r.open = map[model.Identity]uint32{}, map[model.ContractID][]*Hit{}
	r.touched, r.asked, r.whole = map[model.ContractID]struct{}{}, 0, 0
}

// settle ends what was begun.
func (r *run) settle(t *Test) {
	if r.watch == nil {
		return
	}
	r.drain(nil)
	if stats, ok := r.watch.Stats(r.o.Rule.Name); ok {
		s := &r.session
		s.Hits, s.Held, s.Revised = s.Hits+stats.Fired, s.Held+stats.Held, s.Revised+stats.Revised
		s.Beyond, s.Lacked, s.Lacks = s.Beyond+stats.Beyond, s.Lacked+stats.Lacked, s.Lacks|stats.Lacks
	}
	for _, lots := range r.gaps {
		r.session.GapLots += uint64(lots)
	}
	t.state, t.begun = r.watch.State(), true
	r.watch = nil
}

// input notes what is said of the underlyings.
func (r *run) input(in book.Input) {
	if s, is := in.(*book.Snapshot); is {
		if c := r.rows.Contracts.At(s.Contract); c != nil {
			r.spots.add(c.Underlying, s.Snapshot)
		}
	}
}

// tick tells the rule what came until now, as the runner of alerts does.
func (r *run) tick(now int64) {
	r.session.Until = max(r.session.Until, now)
	if r.feed.Moves != r.moves {
		r.moves = r.feed.Moves
		r.watch.Renamed()
	}
	moment := rules.MomentOf(r.feed, now)
	r.watch.At(moment)
	r.drain(nil)
	for n := r.rows.Read(&r.cursor, r.batch); n > 0; n = r.rows.Read(&r.cursor, r.batch) {
		for i := range r.batch[:n] {
			row := &r.batch[i]
			r.touched[row.Contract] = struct{}{}
			if row.Kind == model.KindGap {
				r.gaps[row.Identity()] = row.Size
			}
			r.watch.Row(*row, r.cursor.Next-uint64(n-i))
		}
	}
	if now-r.asked >= askEvery {
		r.asked = now
		r.sums(now)
	}
}

const (
	askEvery   = 1_000  // ms: how often rules of contracts and tickers are asked
	wholeEvery = 10_000 // and of all contracts, not those alone that traded
)

// sums tells the day's accounts and sums, where the rule is asked of those.
func (r *run) sums(now int64) {
	accounts, totals := r.watch.Wants()
	switch {
	case totals:
		r.watch.Totals(r.book.Totals(r.feed.Tickers))
	case accounts:
		r.watch.Accounts(r.accounts(now), r.spotOf())
	}
	clear(r.touched)
	r.drain(nil)
}

// accounts are those of the contracts that traded, or now and then of all.
func (r *run) accounts(now int64) (list []model.Account) {
	if now-r.whole >= wholeEvery {
		r.whole = now
		return slices.Collect(r.book.Accounts)
	}
	for id := range r.touched {
		if a, ok := r.book.Account(id); ok {
			list = append(list, a)
		}
	}
	slices.SortFunc(list, func(a, b model.Account) int { return cmp.Compare(a.Contract, b.Contract) })
	return list
}

// spotOf is an underlying's price as the book knows it now.
func (r *run) spotOf() func(underlying string) float64 {
	known := map[string]float64{}
	for _, t := range r.book.Totals(r.feed.Tickers) {
		known[t.Underlying] = t.Spot
	}
	return func(underlying string) float64 {
		if spot, ok := known[underlying]; ok {
			return spot
		}
		return model.Unknown
	}
}

// told follows bursts that were hits, and hears of new ones.
func (r *run) told(change burst.Change, b *burst.Burst) {
	row := &b.Burst
	if row.Kind == model.KindGap {
		return
	}
	for _, h := range r.open[row.Contract] {
		switch {
		case change.Kind == burst.Went && h.handle == change.ID:
			h.Withdrawn = true
		case change.Kind != burst.Went && row.Start <= h.First && h.First < max(row.End(), row.Start+1):
			h.handle, h.latest, h.Withdrawn = change.ID, *row, false
		}
	}
	r.drain(&change)
}

// drain takes what the rule said. By is the version of a burst that it was told,
// nil: it was told something else.
func (r *run) drain(by *burst.Change) {
	for _, e := range r.watch.Drain() {
		switch e.Kind {
		case rules.Fired, rules.Held:
			h := &Hit{Event: e, Spot: e.Row.SpotPrice(), latest: e.Row}
			r.hits = append(r.hits, h)
			if by != nil {
				h.handle = by.ID
				r.open[e.Row.Contract] = append(r.open[e.Row.Contract], h)
			}
		case rules.Revised:
			for _, h := range r.hits {
				h.Revised = h.Revised || h.ID == e.ID
			}
		}
	}
}

// after says what became of a hit.
func (r *run) after(h *Hit) {
	if differs(&h.Row, &h.latest) || h.Withdrawn {
		last := h.latest
		if h.Withdrawn {
			last.Size, last.Premium = 0, 0
		}
		h.Last = &last
	}
	for _, a := range r.o.After {
		h.After = append(h.After, a.of(h, r))
	}
}

// differs reports whether a version says anything else than another. Rows hold
// NaN, which is not equal to itself.
func differs(a, b *model.Burst) bool {
	x, y := *a, *b
	for _, v := range []*model.Burst{&x, &y} {
		for _, f := range []*float32{&v.Open, &v.High, &v.Low, &v.Close, &v.Vwap, &v.Prints, &v.Spot, &v.IV, &v.Delta, &v.Bid, &v.Ask} {
			if *f != *f {
				*f = -1
			}
		}
		v.Replaces, v.Revision = 0, 0
	}
	return x != y
}
