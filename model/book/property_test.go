package book

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"optflow/feed/faults"
	"optflow/model"
	"optflow/model/tape"
)

// step is one thing that happens to the book at a time.
type step struct {
	at   int64
	act  func(*Book)
	id   model.Identity // of a bar, so that its versions keep their order
	last int64          // of a bar: when it arrives at the latest, since its connection is cut after that
}

// script is what one run of the book is fed.
type script struct {
	market *market
	steps  []step
}

// disorder say what happens between the market and the book.
type disorder struct {
	looking    int64 // ms after the open: when the program starts; 0: before the first trade
	baseline   bool  // a sweep at the start
	complete   bool  // a whole one
	loss       int   // of 100 bars
	duplicates int   // of 100 bars
	jitter     int64 // ms by which bars arrive late, at most
	opens      int64 // ms after the start: when the stream first brings something
	history    bool  // bars of the past are read at the start
	asked      int64 // ms after the start: when that is asked for, at the latest
	reach      int64 // ms: how far they go back
	cut        bool  // the stream is cut once
	polls      bool  // and polled meanwhile, and until the stream opens
	checks     bool  // snapshots are compared while it is live
	final      bool  // the last statement is a truthful one
}

// write composes the steps.
func write(rng *rand.Rand, m *market, f disorder) *script {
	s := &script{market: m}
	start := marketOpen + f.looking
	end := m.until + 80_000 // late trades are all reported by then
	cutFrom, cutTo := int64(0), int64(0)
	if f.cut {
		cutFrom = start + 5000 + rng.Int64N(max(1, m.until-start))
		cutTo = cutFrom + 5000 + rng.Int64N(40_000)
		s.add(cutTo, func(b *Book) { b.Apply(&Lost{From: cutFrom, To: cutTo, Reason: model.GapLost}) })
	}
	lag := func() int64 { return rng.Int64N(15_000) }
	if f.baseline {
		at := start + rng.Int64N(3000)
		for _, id := range m.ids {
			snap := m.snapshot(id, at, lag())
			s.add(at, func(b *Book) { b.Apply(&Snapshot{snap, ModeBaseline}) })
		}
		if f.complete {
			s.add(at+1, func(b *Book) { b.Apply(&Baseline{Ticker: "SPY", Read: at}) })
		}
	}
	if f.history {
		for range 1 + rng.IntN(3) {
			asked := start + rng.Int64N(f.asked)
			to := asked - mod(asked, 1000)
			for _, id := range m.ids {
				bars := m.backfill(GapRequest{Contract: id, Span: model.Second, From: to - f.reach, To: to}, asked)
				s.add(asked+rng.Int64N(20_000), func(b *Book) { b.Apply(&History{Bars: bars}) })
			}
		}
	}
	for _, v := range m.stream(model.Second) {
		if v.at < start+f.opens || v.at >= cutFrom && v.at < cutTo || rng.IntN(100) < f.loss {
			continue
		}
		for again := true; again; again = rng.IntN(100) < f.duplicates {
			bar := v.bar
			id := model.Identity{Start: bar.Start, Contract: bar.Contract, Span: bar.Span}
			last := int64(math.MaxInt64)
			if v.at < cutFrom {
				last = cutFrom - 1
			}
			at := min(v.at+rng.Int64N(f.jitter+1), last)
			s.steps = append(s.steps, step{at: at, id: id, last: last, act: func(b *Book) { b.Apply(&Bar{Bar: bar}) }})
		}
	}
	poll := func(from, to int64) {
		for at := from + 1000; f.polls && at < to; at += 5000 {
			for _, id := range m.ids {
				snap := m.snapshot(id, at, lag())
				s.add(at, func(b *Book) { b.Apply(&Snapshot{snap, ModePoll}) })
			}
		}
	}
	poll(start+3000, start+f.opens)
	poll(cutFrom, cutTo)
	if f.checks {
		for at := start; at < end; at += 20_000 {
			for _, id := range m.ids {
				snap := m.snapshot(id, at, lag())
				s.add(at, func(b *Book) { b.Apply(&Snapshot{snap, ModeCheck}) })
			}
		}
	}
	if f.final {
		for _, id := range m.ids {
			snap := m.snapshot(id, end, 0)
			s.add(end, func(b *Book) { b.Apply(&Snapshot{snap, ModeCheck}) })
		}
	}
	for at := start; at < end; at += 1000 {
		s.add(at, func(b *Book) { b.Apply(&Tick{Now: at}) })
	}
	s.sort()
	return s
}

func (s *script) add(at int64, act func(*Book)) { s.steps = append(s.steps, step{at: at, act: act}) }

// sort puts the steps in the order in which they happen; versions of one bar
// keep theirs.
func (s *script) sort() {
	latest := make(map[model.Identity]int64)
	for i := range s.steps {
		if id := s.steps[i].id; id != (model.Identity{}) {
			s.steps[i].at = max(s.steps[i].at, latest[id])
			latest[id] = s.steps[i].at
		}
	}
	slices.SortStableFunc(s.steps, func(a, b step) int { return int(a.at - b.at) })
}

// end lets the grace times pass, so that only what is really missing is left.
func (s *script) end(b *Book) {
	end := s.market.until + 80_000
	b.time.event = max(b.time.event, end+60_000) // the stream went on with other contracts
	b.Apply(&Tick{Now: end + 60_000})
	b.Apply(&Tick{Now: end + 120_000})
}

// answer fills all gaps from the truth.
func (s *script) answer(b *Book) {
	for range 3 {
		for _, req := range ask(b, 1000) {
			b.Apply(&Filled{Request: req, Bars: s.market.backfill(req, req.To+1_000_000), Whole: true})
		}
	}
}

func drawMarket(t *rapid.T, tape *tape.Writer, late, barless bool) (*rand.Rand, *market) {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	return rng, newMarket(rng, tape, marketOptions{
		contracts: rapid.IntRange(1, 3).Draw(t, "contracts"),
		seconds:   rapid.IntRange(5, 120).Draw(t, "seconds"),
		trades:    rapid.IntRange(1, 150).Draw(t, "trades"),
		late:      late, barless: barless,
	})
}

// Whatever happens, every account is whole after every step, the tape's rows
// alone say the same, and no volume is made up.
func TestFault34AnyDisorder(t *testing.T) {
	faults.Open(t, 34)
	rapid.Check(t, func(t *rapid.T) {
		tape := tape.New(tape.Options{})
		late := rapid.Bool().Draw(t, "late")
		rng, m := drawMarket(t, tape, late, rapid.Bool().Draw(t, "barless"))
		f := disorder{
			looking:    rapid.Int64Range(0, 60_000).Draw(t, "looking"),
			baseline:   rapid.Bool().Draw(t, "baseline"),
			complete:   rapid.Bool().Draw(t, "complete"),
			loss:       rapid.IntRange(0, 50).Draw(t, "loss"),
			duplicates: rapid.IntRange(0, 50).Draw(t, "duplicates"),
			jitter:     rapid.Int64Range(0, 8000).Draw(t, "jitter"),
			cut:        rapid.Bool().Draw(t, "cut"),
			checks:     rapid.Bool().Draw(t, "checks"),
			final:      rapid.Bool().Draw(t, "final"),
			history:    rapid.Bool().Draw(t, "history"),
			reach:      1000 * rapid.Int64Range(1, 200).Draw(t, "reach"),
			opens:      rapid.SampledFrom([]int64{0, 4000, 40_000}).Draw(t, "opens"),
		}
		f.asked = f.opens + 5000
		f.polls = rapid.Bool().Draw(t, "polls")
		fill := rapid.IntRange(0, 3).Draw(t, "fill")
		s := write(rng, m, f)
		b := New(tape, Options{})
		b.gaps.most = rapid.SampledFrom([]int{holesMost, 1, 2, 4}).Draw(t, "holes")
		for i, step := range s.steps {
			step.act(b)
			b.Accounts(func(a model.Account) bool {
				if !a.Whole() {
					t.Fatalf("step %d: %+v", i, a)
				}
				return true
			})
			if fill > 0 && i%50 == 0 {
				for _, req := range ask(b, 10) {
					switch rng.IntN(4) {
					case 0:
						b.Apply(&Failed{Request: req})
					case 1:
						bars := m.backfill(req, step.at)
						b.Apply(&Filled{Request: req, Bars: bars[:rng.IntN(len(bars)+1)], Whole: false})
					default:
						b.Apply(&Filled{Request: req, Bars: m.backfill(req, step.at), Whole: true})
					}
				}
			}
			if i%100 == 0 {
				checkBook(t, b)
			}
		}
		s.end(b)
		b.Apply(&Settle{})
		checkBook(t, b)
		checkLots(t, b, m, !late && f.loss == 0 && f.jitter == 0 && fill == 0)
		b.Accounts(func(a model.Account) bool {
			truth, _, _ := m.volume(a.Contract, m.until+80_000)
			if a.Pending != 0 {
				t.Fatalf("pending after settling: %+v", a)
			}
			if a.Day > truth || f.final && a.Day != truth {
				t.Fatalf("the day is %d, in truth %d: %+v", a.Day, truth, a)
			}
			return true
		})
	})
}

// With the whole truth told in the end, whatever went wrong before, nothing is
// missing: what was lost is filled from REST.
func TestFault53CompleteInformation(t *testing.T) {
	faults.Open(t, 53)
	rapid.Check(t, func(t *rapid.T) {
		tape := tape.New(tape.Options{})
		rng, m := drawMarket(t, tape, rapid.Bool().Draw(t, "late"), false)
		f := disorder{
			baseline: true, complete: true, checks: true, final: true,
			looking:    rapid.Int64Range(0, 60_000).Draw(t, "looking"),
			duplicates: rapid.IntRange(0, 50).Draw(t, "duplicates"),
			jitter:     rapid.Int64Range(0, 8000).Draw(t, "jitter"),
			cut:        rapid.Bool().Draw(t, "cut"),
			history:    rapid.Bool().Draw(t, "history"),
			reach:      200_000, // half an hour in truth: always from before the start
			opens:      rapid.SampledFrom([]int64{0, 4000, 40_000}).Draw(t, "opens"),
		}
		f.asked = f.opens + 5000
		f.polls = rapid.Bool().Draw(t, "polls")
		s := write(rng, m, f)
		b := New(tape, Options{})
		for _, step := range s.steps {
			step.act(b)
		}
		s.end(b)
		s.answer(b)
		b.Apply(&Settle{})
		checkBook(t, b)
		b.Accounts(func(a model.Account) bool {
			truth, _, _ := m.volume(a.Contract, m.until+80_000)
			if a.Day != truth || a.Gaps != 0 && !((f.cut || f.looking > 0 || f.opens > 0) && lateTrades(m, a.Contract)) {
				t.Fatalf("the truth is %d: %+v", truth, a)
			}
			return true
		})
	})
}

// lateTrades reports whether a late trade may have changed a bar unseen: one that
// was sent already is never replaced by REST, which is not asked for it either.
func lateTrades(m *market, id model.ContractID) bool {
	return slices.ContainsFunc(m.trades, func(t trade) bool { return t.contract == id && t.reported != t.at })
}

// The order in which different bars arrive does not matter.
func TestFault35AnyOrder(t *testing.T) {
	faults.Open(t, 35)
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "shuffle")
		first := tape.New(tape.Options{})
		rng, m := drawMarket(t, first, rapid.Bool().Draw(t, "late"), rapid.Bool().Draw(t, "barless"))
		f := disorder{
			looking:    rapid.Int64Range(0, 60_000).Draw(t, "looking"),
			baseline:   rapid.Bool().Draw(t, "baseline"),
			complete:   rapid.Bool().Draw(t, "complete"),
			loss:       rapid.SampledFrom([]int{0, 10, 50}).Draw(t, "loss"),
			duplicates: rapid.IntRange(0, 30).Draw(t, "duplicates"),
			cut:        rapid.Bool().Draw(t, "cut"),
			final:      true,
			opens:      rapid.SampledFrom([]int64{0, 10_000}).Draw(t, "opens"),
			reach:      1000 * rapid.Int64Range(1, 200).Draw(t, "reach"),
		}
		late := slices.ContainsFunc(m.trades, func(t trade) bool { return t.reported != t.at })
		// What REST has of the time after the stream's first bar is left alone once that bar is there.
		f.asked, f.history = 5000, f.opens > 0 && !late && rapid.Bool().Draw(t, "history")
		f.polls = f.cut && f.loss == 0 && !late && rapid.Bool().Draw(t, "polls")
		s := write(rng, m, f)
		run := func(on *tape.Writer) *Book {
			for _, id := range m.ids {
				if got := internTest(on, int(id)); got != id {
					t.Fatalf("contract %d became %d", id, got)
				}
			}
			b := New(on, Options{})
			for _, step := range s.steps {
				step.act(b)
			}
			s.end(b)
			b.Apply(&Settle{})
			return b
		}
		one := run(first)
		jitter := rand.New(rand.NewPCG(seed, 2))
		for i := range s.steps {
			if step := &s.steps[i]; step.id != (model.Identity{}) {
				step.at = min(step.at+jitter.Int64N(8000), step.last)
			}
		}
		s.sort()
		other := run(tape.New(tape.Options{}))
		for _, id := range m.ids {
			a, _ := one.Account(id)
			o, _ := other.Account(id)
			pa, po := partsOf(a), partsOf(o)
			if f.polls { // whether pending volume is polled or becomes a gap first is a matter of time
				pa[5], po[5] = pa[3]+pa[5], po[3]+po[5]
				pa[3], po[3] = 0, 0
			}
			if pa != po {
				t.Fatalf("in one order\n%+v\nin another\n%+v", a, o)
			}
		}
	})
}

// partsOf are the five parts and the day.
func partsOf(a model.Account) [6]int64 {
	return [6]int64{a.Day, a.Past, a.Exact, a.Polled, a.Pending, a.Gaps}
}
