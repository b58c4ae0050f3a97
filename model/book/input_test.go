package book

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"unsafe"

	"pgregory.net/rapid"

	"optflow/model"
	"optflow/model/tape"
)

// told is a Book on a tape of its own with every row that it has put there.
type told struct {
	*Book
	rows []model.Row
}

func newTold() *told {
	w := tape.New(tape.Options{KeepMillis: 60_000, KeepRows: 1, MaxRows: 3 * tape.ChunkRows})
	return &told{Book: New(w, Options{})}
}

func (b *told) tell(in Input) {
	b.Apply(in)
	for n := uint64(len(b.rows)); n < b.tape.Appended(); n++ {
		b.rows = append(b.rows, *b.tape.Written(n))
	}
}

// ask asks whatever can be asked.
func (b *told) ask(rng *rand.Rand, now int64, tickers []string) {
	id := model.ContractID(rng.IntN(8))
	switch rng.IntN(8) {
	case 0:
		b.Account(id)
		b.DayVolume(id)
	case 1:
		b.Accounts(func(model.Account) bool { return rng.IntN(4) > 0 })
	case 2, 3:
		b.Totals(tickers)
	case 4:
		b.Counters()
		b.Date()
	case 5:
		b.Holds(now - 4*3600_000 + rng.Int64N(24*3600_000))
		b.Heard("SPY")
	case 6:
		b.Window(id, now/1000*1000-rng.Int64N(3600)*1000, model.Second)
	default:
		b.Wanted(10)
	}
}

// inputs draws what a feed may say, in the order of a day that ends or does not,
// with losses, repetitions, corrections, late bars and clocks that were wrong.
func inputs(rng *rand.Rand, start int64, steps int, tell func(Input), wanted func() []GapRequest) {
	symbols := []string{"O:SPY261218C00600000", "O:SPY261218P00600000", "O:SPXW261218C06000000", "O:SPX261218C06000000", "O:QQQ261218C00500000", "O:QQQ261218P00500000", "O:BRKB261218C00500000"}
	for _, s := range symbols {
		tell(&Contract{Symbol: s, Traded: rng.IntN(2) == 0})
	}
	day := make([]int64, len(symbols))
	var sent []model.Bar
	var open []GapRequest
	now, span := start, model.Second
	random := func() model.ContractID { return model.ContractID(rng.IntN(len(symbols))) }
	quote := func(at int64) model.Quote {
		bid := float64(rng.IntN(5)) / 10
		return model.Quote{Bid: bid, Ask: bid + 0.1, Updated: at - rng.Int64N(9000), Read: at}
	}
	bar := func(id model.ContractID, at int64) model.Bar {
		volume := 1 + rng.Int64N(80)
		day[id] += volume + rng.Int64N(2)*rng.Int64N(50)
		price := 0.1 + float64(rng.IntN(8))/10
		return model.Bar{Contract: id, Span: span, Start: at - mod(at, int64(span)), Volume: volume, DayVolume: day[id],
			Open: price, High: price + 0.05, Low: price, Close: price, Vwap: price, DayVwap: price, AvgSize: 2}
	}
	for range steps {
		now += rng.Int64N(1500)
		switch k := rng.IntN(100); {
		case k < 55:
			b := bar(random(), now-2000)
			if rng.IntN(20) > 0 {
				tell(&Bar{Bar: b})
			}
			sent = append(sent, b)
		case k < 62 && len(sent) > 0: // again, corrected, or late
			b := sent[len(sent)-1-rng.IntN(min(len(sent), 400))]
			if rng.IntN(2) == 0 {
				b.Volume, b.Vwap = b.Volume+1, b.Vwap+0.01
			}
			tell(&Bar{Bar: b})
		case k < 74:
			id := random()
			s := model.Snapshot{Contract: id, Read: now, HasDay: rng.IntN(9) > 0, DayUpdated: now - rng.Int64N(30_000), DayVolume: day[id], DayVwap: 0.5 + float64(rng.IntN(999))/9000, DayHigh: 2, DayLow: 0.1,
				HasQuote: rng.IntN(2) == 0, Quote: quote(now), OpenInterest: model.Unknown, IV: 0.3, Delta: 0.5, Spot: 600, SpotUpdated: now, LastTrade: 0.4, More: rng.IntN(200) == 0}
			tell(&Snapshot{&s, Mode(rng.IntN(4))})
		case k < 86:
			tell(&Tick{Now: now})
		case k < 88:
			tell(&Baseline{Ticker: []string{"SPY", "SPX", "QQQ"}[rng.IntN(3)], Read: now})
		case k < 89:
			now += rng.Int64N(120_000)
			tell(&Lost{From: now - rng.Int64N(120_000), To: now, Reason: []model.GapReason{model.GapLost, model.GapPaused}[rng.IntN(2)]})
		case k < 90:
			tell(&Forget{Ticker: []string{"SPY", "SPX", "QQQ"}[rng.IntN(3)]})
		case k < 91:
			tell(&Learn{Root: []string{"SPXW", "SPX", "BRKB"}[rng.IntN(3)], Name: []string{"SPX", "SPXW", "BRK.B"}[rng.IntN(3)]})
		case k < 92:
			tell(&Expect{Name: "BRK.B"})
			tell(&Shares{Contract: random(), Shares: []float64{0, 10, 100}[rng.IntN(3)]})
		case k < 93:
			tell(&Delay{Delay: rng.Int64N(3000), Delayed: rng.IntN(4) == 0})
			tell(&Flags{Flags: []model.Flags{0, model.FlagSim, model.FlagDelayed}[rng.IntN(3)]})
		case k < 94 && rng.IntN(4) == 0:
			span = []model.Span{model.Second, model.Minute}[rng.IntN(2)]
			now = now - mod(now, 60_000) + 60_000
			tell(&Span{Span: span, From: now})
		case k < 95:
			id := random()
			past := bar(id, now-rng.Int64N(1800)*1000)
			past.DayVolume = -1
			tell(&History{Bars: []model.Bar{past}})
		case k < 97 && len(sent) > 0:
			b := sent[len(sent)-1-rng.IntN(min(len(sent), 40))]
			tell(&Sides{Contract: b.Contract, Start: b.Start, Span: b.Span, Quotes: []model.Quote{quote(b.Start + 500), quote(b.Start - 1000)}})
		case k < 98:
			tell(&Provisional{Alone: rng.IntN(3) == 0})
			tell(&Date{Date: model.TradingDate(now)})
			if rng.IntN(5) == 0 {
				tell(&Rewind{Now: now - rng.Int64N(5000), Date: model.TradingDate(now)})
			}
		case len(open) == 0:
			open = wanted()
			tell(&Asked{Requests: open})
		default:
			for _, req := range open {
				b := bar(req.Contract, req.From)
				b.Span, b.Start, b.DayVolume, b.Volume = req.Span, req.From, -1, 1+rng.Int64N(max(1, req.Volume))
				if rng.IntN(3) == 0 {
					tell(&Failed{Request: req})
				} else {
					tell(&Filled{Request: req, Bars: []model.Bar{b}, Whole: rng.IntN(2) == 0})
				}
			}
			open = nil
		}
	}
	tell(&Settle{})
}

// What a Book holds follows from what it was told: asking it and showing what it
// has changes nothing, across midnight neither.
func TestSameInputsSameBook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		steps := rapid.IntRange(10, 6000).Draw(t, "steps")
		start := model.MakeDate(2026, 11, 23).At(rapid.SampledFrom([]int{10, 23}).Draw(t, "hour"), 30).UnixMilli()
		tickers := []string{"SPY", "SPX", "QQQ", "BRK.B"}

		asked, silent := newTold(), newTold()
		curious := rand.New(rand.NewPCG(seed, 2))
		inputs(rand.New(rand.NewPCG(seed, 1)), start, steps, func(in Input) {
			asked.tell(in)
			for range curious.IntN(3) {
				asked.ask(curious, asked.time.now, tickers)
			}
			if curious.IntN(10) == 0 {
				asked.tape.Publish()
			}
			silent.tell(in)
		}, func() []GapRequest { return asked.Wanted(5) })

		if len(asked.rows) != len(silent.rows) {
			t.Fatalf("%d rows, unasked %d", len(asked.rows), len(silent.rows))
		}
		for i := range asked.rows {
			if bits(&asked.rows[i]) != bits(&silent.rows[i]) {
				t.Fatalf("row %d is\n%+v, unasked\n%+v", i, asked.rows[i], silent.rows[i])
			}
		}
		for id := range model.ContractID(8) {
			a, _ := asked.Account(id)
			s, _ := silent.Account(id)
			if one, other := fmt.Sprintf("%+v", a), fmt.Sprintf("%+v", s); one != other {
				t.Fatalf("account\n%s, unasked\n%s", one, other)
			}
		}
		if one, other := fmt.Sprintf("%+v", asked.Totals(tickers)), fmt.Sprintf("%+v", silent.Totals(tickers)); one != other {
			t.Fatalf("totals\n%s, unasked\n%s", one, other)
		}
		if one, other := asked.Counters(), silent.Counters(); one != other {
			t.Fatalf("counters %+v, unasked %+v", one, other)
		}
	})
}

// bits are those of a row: unknown values are not equal to themselves.
func bits(r *model.Row) [unsafe.Sizeof(model.Row{})]byte {
	return *(*[unsafe.Sizeof(model.Row{})]byte)(unsafe.Pointer(r))
}

// Telling allocates nothing beyond what is kept.
func TestApplyAllocatesNothing(t *testing.T) {
	b := New(tape.New(tape.Options{}), Options{})
	id := internTest(b.tape, 0)
	bar := Bar{Bar: model.Bar{Contract: id, Span: model.Second, Start: marketOpen, Volume: 5, DayVolume: 5, Open: 1, High: 1, Low: 1, Close: 1, Vwap: 1, DayVwap: 1}}
	b.Apply(&bar)
	snapshot := model.Snapshot{Contract: id, Read: marketOpen + 3000, HasDay: true, DayUpdated: marketOpen + 500, DayVolume: 5}
	for name, tell := range map[string]func(){
		"bar":      func() { b.Apply(&bar) },
		"its copy": func() { b.Apply(&Bar{Bar: bar.Bar}) },
		"snapshot": func() { b.Apply(&Snapshot{&snapshot, ModePoll}) },
		"tick":     func() { b.Apply(&Tick{Now: marketOpen + 4000}) },
		"flags":    func() { b.Apply(&Flags{Flags: model.FlagSim}) },
		"date":     func() { b.Apply(&Date{Date: 1}) },
	} {
		if n := testing.AllocsPerRun(100, tell); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
