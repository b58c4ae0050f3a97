package book

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"optflow/feed/faults"
	"optflow/model"
)

// polledRow is what a polled row says.
type polledRow struct {
	from, to int64 // ms after 10:00
	size     uint32
	vwap     float32
	rough    bool
}

// polledRows are the latest versions of the polled rows.
func (l *ledgerTest) polledRows(want ...polledRow) {
	l.Helper()
	var got []polledRow
	for _, row := range l.latest(model.KindBar) {
		if row.Source == model.SourceREST {
			if !model.Known32(row.Vwap) {
				row.Vwap = 0
			}
			got = append(got, polledRow{row.Start - marketOpen, row.End() - marketOpen, row.Size, row.Vwap, row.Is(model.FlagApproximate)})
		}
	}
	if len(got) != len(want) {
		l.Fatalf("polled rows %+v, want %+v", got, want)
	}
	for i := range want {
		near := math.Abs(float64(got[i].vwap-want[i].vwap)) < 1e-4
		got[i].vwap = want[i].vwap
		if !near || got[i] != want[i] {
			l.Fatalf("polled rows %+v, want %+v", got, want)
		}
	}
}

// poll gives the book a polled snapshot.
func (l *ledgerTest) poll(second, volume int64, vwap float64) {
	snap := l.newSnapshot(second, volume)
	snap.DayVwap = vwap
	l.book.Apply(&Snapshot{snap, ModePoll})
}

func TestBookPolledRowIsTheDifferenceOfTwoPolls(t *testing.T) {
	l := newLedgerTest(t)
	l.snapshot(ModeBaseline, 0, 100) // at 2.00
	l.poll(5, 150, 2.1)              // 50 more at (150 x 2.1 - 100 x 2) / 50 = 2.30
	l.parts(150, 100, 0, 50, 0, 0)
	l.poll(10, 150, 2.1)
	l.poll(16, 160, 2.1)
	l.parts(160, 100, 0, 60, 0, 0)
	l.polledRows(polledRow{0, 5000, 50, 2.3, false}, polledRow{10000 - 5000, 16000, 10, 2.1, false})
}

// A page may name a contract again and again, with ever more volume: what it says
// at one time is one row.
func TestBookPollsOfOneTime(t *testing.T) {
	l := newLedgerTest(t)
	l.snapshot(ModeBaseline, 0, 100)
	for _, volume := range []int64{110, 130, 160, 200} {
		l.poll(5, volume, 2)
	}
	l.parts(200, 100, 0, 100, 0, 0)
	l.polledRows(polledRow{0, 5000, 10, 2, false}, polledRow{4999, 5000, 90, 2, false})
}

func TestBookPollWithoutBaseline(t *testing.T) {
	l := newLedgerTest(t)
	l.poll(5, 150, 2.1)
	l.parts(150, 150, 0, 0, 0, 0)
	l.poll(10, 170, 2.1)
	l.parts(170, 150, 0, 20, 0, 0)
}

func TestBookPollOfAContractThatStartsToTrade(t *testing.T) {
	l := newLedgerTest(t)
	l.book.Apply(&Baseline{Ticker: "SPY", Read: at(0)})
	l.poll(5, 7, 2.1)
	l.parts(7, 0, 0, 7, 0, 0)
	l.polledRows(polledRow{-15000, 5000, 7, 2.1, false})
}

func TestBookPollFirstHeardOfAfterAnOutage(t *testing.T) {
	l := newLedgerTest(t)
	l.others(0)
	l.book.Apply(&Lost{From: at(1), To: at(4), Reason: model.GapLost})
	l.poll(5, 7, 2.1)
	l.parts(7, 0, 0, 0, 7, 0)
	l.poll(10, 9, 2.1) // takes over nothing of it
	l.parts(9, 0, 0, 2, 7, 0)
	l.book.Apply(&Tick{Now: at(60)})
	if rows := l.latest(model.KindGap); len(rows) != 1 || rows[0].Reason != model.GapSinceUnknown || rows[0].Size != 7 {
		t.Fatalf("%+v", rows)
	}
}

func TestBookPolledPrice(t *testing.T) {
	tests := []struct {
		name         string
		base, volume int64
		baseVwap     float64
		change       func(*model.Snapshot)
		vwap         float32
		rough        bool
	}{
		{"the difference", 100, 150, 2, nil, 2.3, false},
		{"from nothing it is the vwap", 0, 150, 2, nil, 2.1, false},
		{"rounding beyond 1 %: the last trade", 100_000, 100_001, 2, nil, 2.5, true},
		{"above the day's high", 100, 150, 2, func(s *model.Snapshot) { s.DayHigh = 2.2 }, 2.5, true},
		{"below the day's low", 100, 150, 2, func(s *model.Snapshot) { s.DayLow = 2.4 }, 2.5, true},
		{"no last trade: the day's close", 100, 150, 2, func(s *model.Snapshot) { s.DayHigh, s.LastTrade = 2.2, model.Unknown }, 2, true},
		{"no vwap", 100, 150, 2, func(s *model.Snapshot) { s.DayVwap = model.Unknown }, 2.5, true},
		{"no price at all", 100, 150, 2, func(s *model.Snapshot) {
			s.DayVwap, s.DayClose, s.LastTrade = model.Unknown, model.Unknown, model.Unknown
		}, unknown32, true},
		{"the day was not at that price before", 100, 150, 1, nil, 2.5, true}, // would be 4.30
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := newLedgerTest(t)
			base := l.newSnapshot(0, tt.base)
			base.DayVwap = tt.baseVwap
			if tt.base == 0 {
				base.DayUpdated = 1
			}
			l.book.Apply(&Snapshot{base, ModeBaseline})
			l.book.Apply(&Baseline{Ticker: "SPY", Read: at(0)})
			snap := l.newSnapshot(5, tt.volume)
			snap.DayVwap = 2.1
			if tt.change != nil {
				tt.change(snap)
			}
			l.book.Apply(&Snapshot{snap, ModePoll})
			rows := l.latest(model.KindBar)
			if len(rows) != 1 {
				t.Fatalf("%d rows", len(rows))
			}
			row := rows[0]
			same := math.Abs(float64(row.Vwap-tt.vwap)) < 1e-3 || !model.Known32(row.Vwap) && !model.Known32(tt.vwap)
			if !same || row.Is(model.FlagApproximate) != tt.rough {
				t.Errorf("price %v approximate %v, want %v %v", row.Vwap, row.Is(model.FlagApproximate), tt.vwap, tt.rough)
			}
			if model.Known32(row.Vwap) && math.Abs(row.Premium-float64(row.Vwap)*float64(row.Size)*100) > 0.01*row.Premium {
				t.Errorf("premium %v of %d at %v", row.Premium, row.Size, row.Vwap)
			}
		})
	}
}

func TestBookPolledRowGivesWayToExactBars(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(0, 100, 500)
	l.poll(10, 600, 2)
	l.poll(15, 620, 2)
	l.parts(620, 400, 100, 120, 0, 0)
	l.bar(7, 30, 570) // the connection comes back and repeats some of it
	l.parts(620, 400, 130, 90, 0, 0)
	l.polledRows(polledRow{1000, 10000, 70, 2, false}, polledRow{10000, 15000, 20, 2, false})
	l.bar(12, 20, 620)
	l.parts(620, 400, 150, 70, 0, 0)
	l.polledRows(polledRow{1000, 10000, 70, 2, false}, polledRow{10000, 15000, 0, 0, false})
	l.bar(20, 5, 675) // and 50 are missing since
	l.book.Apply(&Tick{Now: at(60)})
	l.parts(675, 400, 155, 70, 0, 50)
	l.gaps(gap{14, 21, 50, model.GapLost})
	l.book.Apply(&Filled{Request: ask(l.book, 1)[0], Bars: []model.Bar{l.newBar(16, 50, -1)}, Whole: true})
	l.parts(675, 400, 205, 70, 0, 0)
}

// The same bars and polls in every order.
func TestFault53PollAndStreamInAnyOrder(t *testing.T) {
	faults.Open(t, 53)
	acts := []func(l *ledgerTest){
		func(l *ledgerTest) { l.poll(10, 600, 2) },
		func(l *ledgerTest) { l.bar(7, 30, 570) },
		func(l *ledgerTest) { l.bar(20, 30, 680) },
		func(l *ledgerTest) { l.bar(3, 10, 520) },
	}
	rapid.Check(t, func(r *rapid.T) {
		l := newLedgerTest(t)
		l.bar(0, 100, 500)
		for _, i := range rapid.Permutation([]int{0, 1, 2, 3}).Draw(r, "order") {
			acts[i](l)
		}
		l.parts(680, 400, 170, 60, 50, 0)
	})
}

func TestBookPollTakesOverWhatIsPending(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(0, 100, 500)
	l.bar(3, 10, 530)
	l.parts(530, 400, 110, 0, 20, 0)
	l.poll(10, 600, 2)
	l.parts(600, 400, 110, 90, 0, 0)
	l.polledRows(polledRow{1000, 10000, 90, 2.5, true}) // not simply a difference of two statements
}

func TestBookExcessLeavesThePastLast(t *testing.T) {
	l := newLedgerTest(t)
	l.snapshot(ModeBaseline, 0, 100)
	l.poll(5, 110, 2)
	l.parts(110, 100, 0, 10, 0, 0)
	// Backfilled bars of before the poll that were in the baseline already.
	l.book.Apply(&Filled{Request: GapRequest{Contract: l.id, Span: model.Second, From: at(-20), To: at(5)}, Bars: []model.Bar{l.newBar(-10, 30, -1), l.newBar(3, 4, -1)}, Whole: true})
	l.parts(110, 70, 34, 6, 0, 0)
	l.book.Apply(&Filled{Request: GapRequest{Contract: l.id, Span: model.Second, From: at(-60), To: at(-20)}, Bars: []model.Bar{l.newBar(-30, 73, -1)}, Whole: true})
	l.parts(110, 0, 107, 3, 0, 0)
	l.book.Apply(&Filled{Request: GapRequest{Contract: l.id, Span: model.Second, From: at(-60), To: at(-20)}, Bars: []model.Bar{l.newBar(-40, 13, -1)}, Whole: true})
	l.parts(120, 0, 120, 0, 0, 0)
}

func TestBookPolledSpansNeverLookLikeWindows(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(0, 100, 500)
	l.poll(2, 510, 2)
	l.bar(1, 5, 505)
	l.parts(510, 400, 105, 5, 0, 0)
	l.polledRows(polledRow{1001, 2000, 5, 2, false})
}

func TestBookLongPollingStaysFast(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(0, 100, 500)
	volume := int64(500)
	for second := int64(5); second < 4*3600; second += 5 {
		volume++
		l.poll(second, volume, 2)
	}
	l.bar(4*3600-8, 1, volume)
	a, _ := l.book.Account(l.id)
	if !a.Whole() || a.Polled != volume-501 || a.Exact != 101 {
		t.Fatalf("%+v", a)
	}
}

// After the close the stream stays silent: what a snapshot has more than it is
// missing all the same, a minute later.
func TestBookSnapshotIsHeldAgainstASilentStream(t *testing.T) {
	l := newLedgerTest(t)
	l.snapshot(ModeBaseline, 0, 100)
	l.bar(5, 10, 110)
	l.snapshot(ModeCheck, 30, 150)
	l.book.Apply(&Tick{Now: at(60)})
	l.parts(110, 100, 10, 0, 0, 0)
	l.book.Apply(&Tick{Now: at(95)})
	l.parts(150, 100, 10, 0, 40, 0)
	l.bar(20, 40, 150) // late, and all is well
	l.parts(150, 100, 50, 0, 0, 0)
}

// A statement counts of a window under way a part, or nothing: when REST brings
// the whole window, the polled rows before it give way only until a later statement
// shows that the day is larger.
func TestBookWindowUnderWayAtAStatement(t *testing.T) {
	l := newLedgerTest(t)
	state := func(mode Mode, second, ms, volume int64) {
		s := l.newSnapshot(second, volume)
		s.Read += ms
		s.DayUpdated = s.Read
		l.book.Apply(&Snapshot{s, mode})
	}
	state(ModeBaseline, 0, 0, 0)
	state(ModePoll, 10, 0, 100)
	state(ModePoll, 20, 10, 190)
	state(ModeCheck, 22, 410, 198)
	l.book.Apply(&Lost{From: at(0), To: at(23), Reason: model.GapLost})
	l.others(30)
	l.book.Apply(&Tick{Now: at(31)})
	l.book.Apply(&Tick{Now: at(45)})
	l.parts(198, 0, 0, 190, 0, 8)
	l.book.Apply(&Filled{Request: ask(l.book, 1)[0], Bars: []model.Bar{l.newBar(20, 8, -1), l.newBar(22, 20, -1)}, Whole: true})
	l.parts(198, 0, 28, 170, 0, 0) // 12 of the 20 traded later than the day's statement, at least
	l.bar(69, 7, 225)
	l.parts(225, 0, 35, 190, 0, 0)
	l.bar(70, 5, 236) // 6 are missing, and the rows stay as they are
	l.parts(236, 0, 40, 190, 6, 0)
}
