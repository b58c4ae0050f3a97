package alerts

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"optflow/model"
	"optflow/model/market"
	"optflow/model/rules"
	"optflow/model/tape"
)

const (
	batchRows = 1024
	// readPause is the least time between two looks at the tape: an alert goes out
	// within 100 ms, and a busy market need not wake us for every frame.
	readPause = 20 * time.Millisecond
	// tickEvery is how often the rules are told the time and asked of the day's
	// accounts, for as long as something came within tickFor: digests and sides
	// that are waited for are due within a minute.
	tickEvery = time.Second
	tickFor   = 70 * time.Second
	// wholeEvery is how often all accounts are read while a rule is asked of
	// contracts, and not those alone that traded: what a rule was false for must be
	// known before it turns true.
	wholeEvery = 10 * time.Second
	// observeTime bounds reading accounts, which waits for a turn of the engine.
	observeTime = 5 * time.Second
)

// runner reads the tape for the rules, like a face with a seat and a cursor of
// its own. All of it belongs to one goroutine.
type runner struct {
	o     *Options
	desk  *Desk
	seat  market.Seat // nil: nobody can be asked
	watch *rules.Watch

	tape   *tape.Tape
	docked uint64 // the market's generation
	begun  bool   // rules were put in force before
	moves  uint64
	cursor tape.Cursor
	batch  []model.Row

	touched  map[model.ContractID]struct{} // since the accounts were read last
	whole    time.Time                     // when all of them were
	accounts []model.Account
	spots    map[string]float64
}

func newRunner(o *Options, d *Desk) *runner {
	r := &runner{o: o, desk: d, batch: make([]model.Row, batchRows), touched: map[model.ContractID]struct{}{}, spots: map[string]float64{}}
	r.dock()
	return r
}

// dock begins with the rows that the market has now.
func (r *runner) dock() {
	r.docked, r.tape = r.o.Market.Generation(), r.o.Market.Rows()
	r.watch = rules.NewWatch(r.tape, rules.Options{Thresholds: r.o.Rules, Control: r.o.Ledger != nil})
	r.cursor = tape.Cursor{Next: r.tape.First()}
	r.moves = r.o.Market.State().Moves
	clear(r.touched)
	r.whole = time.Time{}
}

func (r *runner) run(ctx context.Context) {
	if r.seat = r.o.Market.Seat(); r.seat != nil {
		r.seat.Aside()
		defer r.seat.Leave()
	}
	r.enforce()
	r.restore()
	defer func() {
		r.watch.Flush()
		r.tell()
		r.desk.post.keep(r.state())
	}()
	var ticks <-chan time.Time
	tick := time.NewTicker(tickEvery)
	tick.Stop()
	defer tick.Stop()
	pause := time.NewTimer(0)
	defer pause.Stop()
	var last time.Time // when something came
	for {
		if g := r.o.Market.Generation(); g != r.docked {
			before := r.watch.State()
			r.dock()
			r.enforce()
			r.watch.Restore(before)
		}
		r.obey()
		if r.asleep() {
			select {
			case <-ctx.Done():
				return
			case <-r.desk.wake:
			}
			continue
		}
		changed := r.tape.Changed()
		if r.read() {
			if last = r.o.Now(); ticks == nil {
				ticks = tick.C
				tick.Reset(tickEvery)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-r.desk.wake:
		case <-changed:
			pause.Reset(readPause)
			select {
			case <-ctx.Done():
				return
			case <-pause.C:
			}
		case <-ticks:
			r.tick(ctx)
			if since := r.o.Now().Sub(last); since > tickFor || since < 0 {
				tick.Stop()
				ticks = nil // nothing is due any more: idle costs nothing
			}
		}
	}
}

// obey does what was asked of the rules.
func (r *runner) obey() {
	r.desk.mu.Lock()
	orders := r.desk.orders
	r.desk.orders = nil
	r.desk.mu.Unlock()
	for _, do := range orders {
		do(r)
	}
	if len(orders) > 0 {
		r.stand()
	}
}

// read tells the rules what is new on the tape, and reports whether anything was.
func (r *runner) read() (news bool) {
	accounts, _ := r.watch.Wants()
	if from := r.o.Market.State().Present(r.tape.Next()); r.cursor.Next < from { // nobody is called for what was before
		r.cursor.Next = from
	}
	for {
		state := r.o.Market.State()
		if state.Moves != r.moves {
			r.moves = state.Moves
			r.watch.Renamed()
		}
		n := r.tape.Read(&r.cursor, r.batch)
		if n == 0 {
			break
		}
		news = true
		r.watch.At(rules.MomentOf(state, r.o.marketTime()))
		for i := range r.batch[:n] {
			row := &r.batch[i]
			r.watch.Row(*row, r.cursor.Next-uint64(n-i))
			if accounts {
				r.touched[row.Contract] = struct{}{}
			}
		}
		r.tell()
		if n < len(r.batch) {
			break
		}
	}
	return news
}

// tick tells the rules the time, and what the day's accounts and sums are.
func (r *runner) tick(ctx context.Context) {
	state := r.o.Market.State()
	r.watch.At(rules.MomentOf(state, r.o.marketTime()))
	accounts, totals := r.watch.Wants()
	if totals {
		r.watch.Totals(state.Totals)
	}
	if whole := r.o.Now().Sub(r.whole) >= wholeEvery; accounts && r.seat != nil && (whole || len(r.touched) > 0) {
		r.observe(ctx, state, whole)
	}
	r.tell()
	r.stand()
}

// observe tells the accounts of the contracts that traded since the last time, or
// of all.
func (r *runner) observe(ctx context.Context, state *model.State, whole bool) {
	var ids []model.ContractID // none are all
	if !whole {
		ids = slices.Sorted(maps.Keys(r.touched))
	}
	ctx, cancel := context.WithTimeout(ctx, observeTime)
	defer cancel()
	list, err := r.seat.Observe(ctx, r.accounts, ids...)
	if err != nil {
		return // the next second asks again
	}
	if r.accounts = list; whole {
		r.whole = r.o.Now()
	}
	clear(r.touched)
	clear(r.spots)
	for i := range state.Totals {
		r.spots[state.Totals[i].Underlying] = state.Totals[i].Spot
	}
	r.watch.Accounts(list, func(underlying string) float64 {
		if spot, known := r.spots[underlying]; known {
			return spot
		}
		return math.NaN()
	})
}

// tell hands on what fired, was held back or turned out wrong. What must outlive
// the run is kept before anything goes out.
func (r *runner) tell() {
	events := r.watch.Drain()
	if len(events) == 0 {
		return
	}
	if slices.ContainsFunc(events, func(e rules.Event) bool { return e.Kind == rules.Fired && e.Rule.Over == nil }) {
		r.desk.post.hold() // so that the ledger has what goes out
		r.desk.post.keep(r.state())
	}
	r.desk.take(events)
	if r.o.Ledger != nil && r.desk.post.holds() {
		r.o.Ledger.Take(events)
	}
	r.stand()
}

// state is what must outlive the run.
func (r *runner) state() []byte {
	text, err := json.Marshal(r.watch.State())
	if err != nil {
		return nil // cannot happen: it holds texts and whole numbers
	}
	return text
}

// restore takes over what an earlier run left.
func (r *runner) restore() {
	text, err := r.desk.post.kept()
	var s rules.State
	if err == nil && len(text) > 0 {
		err = json.Unmarshal(text, &s)
	}
	if err != nil {
		r.desk.Trouble("what fired in earlier runs cannot be read: only its ids hold back what fires again")
		return
	}
	r.watch.At(rules.MomentOf(r.o.Market.State(), r.o.marketTime()))
	r.watch.Restore(s)
	r.stand()
}

// asleep reports whether there is no rule to read the tape for. Then there is no
// control for the ledger either: who has no rules pays nothing.
func (r *runner) asleep() bool { return len(r.watch.Rules()) == 0 }

// enforce puts the desk's rules in force. Who comes when there were none takes
// what comes from now on: the tape is read up to here first.
func (r *runner) enforce() {
	var list []*rules.Rule
	r.desk.mu.Lock()
	for _, f := range r.desk.rules {
		if f.rule != nil && !f.Off {
			list = append(list, f.rule)
		}
	}
	r.desk.mu.Unlock()
	before := r.watch.State()
	again := r.begun && len(list) > 0 && r.asleep()
	if again {
		r.desk.post.hold() // so that the ledger has the first alert, too
		r.dock()
		r.read()
	}
	r.watch.Set(list)
	r.whole = time.Time{} // a new rule has to know what it is false for
	if again {
		r.watch.Restore(before)
	}
	r.begun = true
}

// mute holds a rule's alerts back.
func (r *runner) mute(rule string, long time.Duration) {
	now := r.o.marketTime()
	r.watch.At(rules.MomentOf(r.o.Market.State(), now))
	r.watch.Mute(rule, now+long.Milliseconds())
	r.desk.post.keep(r.state())
}

// stand has the desk know how the rules stand.
func (r *runner) stand() {
	r.desk.mu.Lock()
	defer r.desk.mu.Unlock()
	changed := false
	for _, f := range r.desk.rules {
		s, ok := r.watch.Stats(f.Name)
		if !ok {
			continue
		}
		lacked := ""
		if s.Lacked > 0 {
			lacked = fmt.Sprintf("%d lacked %s", s.Lacked, s.Lacks)
		}
		muted := r.watch.Muted(f.Name)
		if muted > 0 {
			muted += r.o.Now().UnixMilli() - r.o.marketTime()
		}
		if f.lacked != lacked || (f.muted == 0) != (muted == 0) {
			f.lacked, f.muted, changed = lacked, muted, true
		}
		if more := s.Beyond - f.beyond; more != 0 { // held back and not told one by one
			if more < 0 { // another session
				more = s.Beyond
			}
			f.beyond = s.Beyond
			f.counts.Fired += uint64(more)
			f.counts.Held += uint64(more)
			changed = true
		}
	}
	if changed {
		r.desk.publish()
	}
}
