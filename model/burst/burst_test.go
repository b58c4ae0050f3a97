package burst

import (
	"math"
	"slices"
	"testing"
	"time"

	"optflow/model"
)

// burstTest feeds windows of contracts that it makes up, at second offsets from
// 10:00 on one day.
type burstTest struct {
	*Set
	contracts *model.Registry
	log       []model.Row // what was added; the sequence number is the index
}

var burstStart = model.MakeDate(2026, 11, 23).At(10, 0).UnixMilli()

func newBurstTest(t testing.TB, o Options, copies bool) *burstTest {
	t.Helper()
	b := &burstTest{contracts: model.NewRegistry()}
	for _, symbol := range []string{"O:NVDA261218C00180000", "O:SPY261218P00655000", "O:QQQ261218C00600000", "O:NVDA261218P00170000"} {
		if _, err := b.contracts.Intern(symbol); err != nil {
			t.Fatal(err)
		}
	}
	if !copies {
		o.At = func(seq uint64) (model.Row, bool) { return b.log[seq], true }
	}
	b.Set = New(&b.contracts.Contracts, o)
	return b
}

func (b *burstTest) add(r model.Row) {
	b.log = append(b.log, r)
	b.Add(r, uint64(len(b.log)-1))
}

// all is every burst held, oldest first.
func (b *burstTest) all() []Burst {
	var all []Burst
	for _, e := range b.Newest(ShelfOver | ShelfUnder | ShelfGaps) {
		all = append(all, *e)
	}
	slices.Reverse(all)
	return all
}

// bar is a second bar at an offset in seconds: size lots at price.
func bar(contract model.ContractID, second float64, size uint32, price float32) model.Row {
	nan := float32(math.NaN())
	return model.Row{
		Start: burstStart + int64(second*1000), Contract: contract, Span: model.Second, Size: size,
		Premium: float64(price) * float64(size) * 100, DayVolume: model.UnknownCount, OpenInterest: model.UnknownCount,
		Open: price, High: price, Low: price, Close: price, Vwap: price, Prints: 1,
		Spot: nan, IV: nan, Delta: nan, Bid: nan, Ask: nan, QuoteAge: model.NoQuote,
	}
}

func with(r model.Row, edit func(*model.Row)) model.Row { edit(&r); return r }

// cuts are the offsets and numbers of windows of the bursts, in order of time.
func cuts(all []Burst) (cuts [][2]int) {
	for _, e := range all {
		cuts = append(cuts, [2]int{int((e.Row.Start - burstStart) / 1000), int(e.Windows)})
	}
	return cuts
}

func TestBurstCuts(t *testing.T) {
	every := func(step, until int) (at []float64) {
		for s := 0; s < until; s += step {
			at = append(at, float64(s))
		}
		return at
	}
	tests := []struct {
		name     string
		interval Interval
		at       []float64
		want     [][2]int
	}{
		{"single windows", IntervalOff, []float64{0, 1, 2}, [][2]int{{0, 1}, {1, 1}, {2, 1}}},
		{"ten seconds join", Interval10s, []float64{0, 10, 20}, [][2]int{{0, 3}}},
		{"eleven do not", Interval10s, []float64{0, 11, 21}, [][2]int{{0, 1}, {11, 2}}},
		{"sixty seconds in all", Interval10s, every(10, 130), [][2]int{{0, 6}, {60, 6}, {120, 1}}},
		{"the window at 59 ends at 60", Interval10s, every(1, 61), [][2]int{{0, 60}, {60, 1}}},
		{"a minute of the clock", Interval1m, []float64{0, 59, 60, 119}, [][2]int{{0, 2}, {60, 2}}},
		{"five minutes of the clock", Interval5m, []float64{1, 299, 300}, [][2]int{{1, 2}, {300, 1}}},
		{"half an hour of the clock", Interval30m, []float64{1, 1799, 1800}, [][2]int{{1, 2}, {1800, 1}}},
	}
	for _, test := range tests {
		b := newBurstTest(t, Options{Interval: test.interval}, false)
		for _, at := range test.at {
			b.add(bar(0, at, 10, 1))
			b.add(bar(1, at, 10, 1)) // another contract does not interfere
		}
		var mine []Burst
		for _, e := range b.all() {
			if e.Row.Contract == 0 {
				mine = append(mine, e)
			}
		}
		if got := cuts(mine); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestMinuteBarsStandAlone(t *testing.T) {
	b := newBurstTest(t, Options{Interval: Interval10s}, false)
	for _, at := range []float64{0, 60} {
		b.add(with(bar(0, at, 10, 1), func(r *model.Row) { r.Span = model.Minute }))
	}
	b.add(bar(0, 65, 10, 1))
	if got := cuts(b.all()); !slices.Equal(got, [][2]int{{0, 1}, {60, 1}, {65, 1}}) {
		t.Errorf("%v", got)
	}
}

func TestBurstSums(t *testing.T) {
	b := newBurstTest(t, Options{Interval: Interval10s}, false)
	b.add(with(bar(0, 0, 100, 4.80), func(r *model.Row) {
		r.High, r.Low, r.Close, r.DayVolume = 4.90, 4.70, 4.85, 1_000
		r.Flags = model.FlagPast | model.FlagSim
	}))
	b.add(with(bar(0, 2, 300, 5.00), func(r *model.Row) {
		r.High, r.Low, r.Close, r.DayVolume, r.Prints = 5.10, 4.95, 5.05, 1_400, 2
		r.Spot, r.OpenInterest, r.Delta, r.Bid, r.Ask, r.QuoteAge = 178, 1_840, 0.48, 4.9, 5, 200
		r.Source, r.Flags = model.SourceBackfill, model.FlagSim
	}))
	b.add(with(bar(0, 5, 100, 5.00), func(r *model.Row) {
		r.Spot, r.OpenInterest, r.IV, r.Bid, r.Ask, r.QuoteAge = 179, 9, 0.41, 1, 2, 3
		r.DayVolume, r.Flags = 1_300, model.FlagSim|model.FlagApproximate
	}))
	all := b.all()
	if len(all) != 1 {
		t.Fatalf("%d bursts", len(all))
	}
	e := all[0]
	want := with(bar(0, 0, 500, 0), func(r *model.Row) {
		r.Kind, r.Span, r.Prints, r.DayVolume = model.KindBurst, 6*model.Second, 4, 1_400
		r.Premium = float64(float32(4.80))*100*100 + 5*400*100
		r.Open, r.High, r.Low, r.Close, r.Vwap = 4.80, 5.10, 4.70, 5.00, 4.96
		r.Spot, r.OpenInterest, r.Delta, r.IV, r.Bid, r.Ask, r.QuoteAge = 178, 1_840, 0.48, 0.41, 4.9, 5, 200
		r.Source, r.Flags = model.SourceBackfill, model.FlagSim|model.FlagApproximate|model.FlagAlone
	})
	if !sameRow(e.Row, want) || e.Windows != 3 || !e.Over {
		t.Errorf("got  %+v (%d windows, over %v)\nwant %+v", e.Row, e.Windows, e.Over, want)
	}
	b.add(with(bar(0, 7, 1, 5), func(r *model.Row) { r.Source = model.SourceREST; r.Prints = float32(math.NaN()) }))
	if e := b.all()[0]; e.Row.Source != model.SourceREST || model.Known32(e.Row.Prints) {
		t.Errorf("after a polled row: source %d, prints %v", e.Row.Source, e.Row.Prints)
	}
	rows, ok := b.Windows(0, nil)
	if !ok || len(rows) != 4 || rows[1].Size != 300 {
		t.Errorf("windows: %v %v", len(rows), ok)
	}
}

// sameRow compares bit for bit, so that an unknown equals an unknown.
func sameRow(a, b model.Row) bool {
	for _, f := range []func(*model.Row) *float32{
		func(r *model.Row) *float32 { return &r.Open }, func(r *model.Row) *float32 { return &r.High },
		func(r *model.Row) *float32 { return &r.Low }, func(r *model.Row) *float32 { return &r.Close },
		func(r *model.Row) *float32 { return &r.Vwap }, func(r *model.Row) *float32 { return &r.Prints },
		func(r *model.Row) *float32 { return &r.Spot }, func(r *model.Row) *float32 { return &r.IV },
		func(r *model.Row) *float32 { return &r.Delta }, func(r *model.Row) *float32 { return &r.Bid },
		func(r *model.Row) *float32 { return &r.Ask },
	} {
		x, y := f(&a), f(&b)
		if model.Known32(*x) != model.Known32(*y) || model.Known32(*x) && *x != *y {
			return false
		}
		*x, *y = 0, 0
	}
	return a == b
}

func TestBurstSide(t *testing.T) {
	type piece struct {
		side      model.Side
		certainty model.Certainty
		size      uint32
	}
	tests := []struct {
		name      string
		pieces    []piece
		side      model.Side
		certainty model.Certainty
	}{
		{"one", []piece{{model.SideAsk, model.CertaintySure, 10}}, model.SideAsk, model.CertaintySure},
		{"70 % is enough", []piece{{model.SideAsk, model.CertaintySure, 70}, {model.SideBid, model.CertaintyLoose, 30}}, model.SideAsk, model.CertaintySure},
		{"69 % is not", []piece{{model.SideAsk, model.CertaintySure, 69}, {model.SideBid, model.CertaintySure, 31}}, model.SideMid, model.CertaintyLoose},
		{"letters of a family add up", []piece{{model.SideAsk, model.CertaintySure, 30}, {model.SideNearAsk, model.CertaintyFair, 41}, {model.SideMid, model.CertaintyLoose, 29}}, model.SideNearAsk, model.CertaintyFair},
		{"70 % sure", []piece{{model.SideAsk, model.CertaintySure, 70}, {model.SideAsk, model.CertaintyLoose, 30}}, model.SideAsk, model.CertaintySure},
		{"sure of other letters of the family", []piece{{model.SideAsk, model.CertaintySure, 40}, {model.SideNearAsk, model.CertaintySure, 30}, {model.SideAsk, model.CertaintyLoose, 30}}, model.SideAsk, model.CertaintySure},
		{"sure of both sides is sure of neither", []piece{{model.SideAsk, model.CertaintySure, 50}, {model.SideBid, model.CertaintySure, 50}}, model.SideMid, model.CertaintyLoose},
		{"69 % sure, the rest fairly", []piece{{model.SideAsk, model.CertaintySure, 69}, {model.SideAsk, model.CertaintyFair, 31}}, model.SideAsk, model.CertaintyFair},
		{"69 % fairly", []piece{{model.SideAsk, model.CertaintyFair, 69}, {model.SideAsk, model.CertaintyLoose, 31}}, model.SideAsk, model.CertaintyLoose},
		{"beyond claims more than half can bear", []piece{{model.SideBelowBid, model.CertaintySure, 50}, {model.SideBid, model.CertaintySure, 50}}, model.SideBid, model.CertaintySure},
		{"69 % beyond", []piece{{model.SideAboveAsk, model.CertaintySure, 69}, {model.SideAsk, model.CertaintySure, 31}}, model.SideAsk, model.CertaintySure},
		{"70 % beyond", []piece{{model.SideAboveAsk, model.CertaintySure, 70}, {model.SideAsk, model.CertaintySure, 30}}, model.SideAboveAsk, model.CertaintySure},
		{"between", []piece{{model.SideMid, model.CertaintySure, 70}, {model.SideAsk, model.CertaintySure, 30}}, model.SideMid, model.CertaintySure},
		{"nothing known", []piece{{model.SideUnknown, model.CertaintyNone, 60}, {model.SideUnknown, model.CertaintyNone, 40}}, model.SideUnknown, model.CertaintyNone},
		{"too much unknown for M", []piece{{model.SideUnknown, model.CertaintyNone, 31}, {model.SideAsk, model.CertaintySure, 69}}, model.SideUnknown, model.CertaintyNone},
		{"a little unknown", []piece{{model.SideUnknown, model.CertaintyNone, 30}, {model.SideAsk, model.CertaintySure, 35}, {model.SideBid, model.CertaintyFair, 35}}, model.SideMid, model.CertaintyLoose},
		{"unknown beside 70 %", []piece{{model.SideUnknown, model.CertaintyNone, 30}, {model.SideBid, model.CertaintyFair, 70}}, model.SideBid, model.CertaintyFair},
	}
	for _, test := range tests {
		b := newBurstTest(t, Options{Interval: Interval10s}, false)
		for i, p := range test.pieces {
			b.add(with(bar(0, float64(i), p.size, 1), func(r *model.Row) { r.Side, r.Certainty = p.side, p.certainty }))
		}
		if r := b.all()[0].Row; r.Side != test.side || r.Certainty != test.certainty {
			t.Errorf("%s: %q %q, want %q %q", test.name, r.Side, r.Certainty, test.side, test.certainty)
		}
	}
}

func TestLateWindows(t *testing.T) {
	tests := []struct {
		name string
		at   []float64
		want [][2]int
	}{
		{"joins two bursts", []float64{0, 20, 10}, [][2]int{{0, 3}}},
		{"extends to the left", []float64{20, 25, 12}, [][2]int{{12, 3}}},
		{"stands before", []float64{20, 25, 1}, [][2]int{{1, 1}, {20, 2}}},
		{"moves the cuts of a long run", []float64{10, 20, 30, 40, 50, 60, 70, 0}, [][2]int{{0, 6}, {60, 2}}},
	}
	for _, test := range tests {
		b := newBurstTest(t, Options{Interval: Interval10s}, false)
		for _, at := range test.at {
			b.add(bar(0, at, 10, 1))
		}
		if got := cuts(b.all()); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestBurstChanges(t *testing.T) {
	b := newBurstTest(t, Options{Interval: Interval10s}, false)
	expect := func(want ...Change) {
		t.Helper()
		if got := b.Drain(); !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
	at := func(s int64) int64 { return burstStart + s*1000 }
	b.add(bar(0, 20, 100, 1))
	b.add(bar(0, 21, 100, 1))
	expect(Change{at(20), 0, Added})
	b.add(bar(0, 22, 100, 1))
	expect(Change{at(20), 0, Grew})
	b.add(bar(0, 0, 100, 1))
	expect(Change{at(0), 1, Added})
	b.add(bar(0, 15, 100, 1)) // the later burst now begins earlier
	expect(Change{at(20), 0, Moved})
	b.add(bar(0, 8, 100, 1)) // and now the two are one
	expect(Change{at(0), 1, Grew}, Change{at(15), 0, Went})
	if e := b.Get(0); e.Row.Start != at(15) {
		t.Errorf("a burst that went must be readable until the next Drain")
	}
	if e := b.Get(1); e.Over || e.Windows != 6 || e.Row.Premium != 60_000 && e.Over {
		t.Logf("%+v", e)
	}
	expect()
	b.add(bar(1, 0, 10, 1))
	expect(Change{at(0), 0, Added}) // the slot is used again
	if b.Get(7) != nil {
		t.Error("a handle that was never given out")
	}
}

func TestIntervalNames(t *testing.T) {
	i := IntervalOff
	for range intervals {
		if got, err := ParseInterval(" " + i.String() + " "); err != nil || got != i {
			t.Errorf("%s: %v %v", i, got, err)
		}
		i = i.Next()
	}
	if i != IntervalOff {
		t.Error("Next does not go round")
	}
	if _, err := ParseInterval("7s"); err == nil {
		t.Error("7s is no interval")
	}
	offset := func(at time.Time) int { _, s := at.Zone(); return s }
	for month := time.January; month <= time.December; month++ {
		if offset(model.MakeDate(2026, month, 15).At(12, 0))%3600 != 0 {
			t.Error("New York's offset is not whole hours; buckets would not be those of its clock")
		}
	}
}

// A burst of one window reads as the window does, whatever the interval, and
// follows it when its side is settled: no screen has a letter of its own.
func TestBurstOfOneWindowReadsAsTheWindow(t *testing.T) {
	for _, interval := range []Interval{IntervalOff, Interval10s, Interval5m} {
		for side := model.SideMid; side < model.NumSides; side++ {
			for certainty := model.CertaintyLoose; certainty <= model.CertaintySure; certainty++ {
				b := newBurstTest(t, Options{Interval: interval}, false)
				first := with(bar(0, 0, 10, 1), func(r *model.Row) { r.Side, r.Certainty = model.SideMid, model.CertaintyLoose })
				b.add(first)
				settled := with(first, func(r *model.Row) { r.Side, r.Certainty, r.Revision = side, certainty, 1 })
				b.add(settled)
				if all := b.all(); len(all) != 1 || all[0].Row.Side != side || all[0].Row.Certainty != certainty {
					t.Errorf("%v: %q %q became %+v", interval, side, certainty, all)
				}
			}
		}
	}
}
