package book

import (
	"slices"
	"testing"

	"optflow/model"
)

// A late bar states the volume of its arrival, so more is missing than it
// brings. That traded since the contract is watched, not since midnight: asking
// for the whole day would turn the past into rows.
func TestBookGapsDoNotReachBeforeTheStart(t *testing.T) {
	l := newLedgerTest(t)
	l.snapshot(ModeBaseline, 100, 92)
	l.others(110)
	l.bar(95, 5, 110)
	l.book.Apply(&Tick{Now: at(200)})
	l.parts(110, 92, 5, 0, 0, 13)
	l.gaps(gap{100 - snapshotSlack/1000, 111, 13, model.GapLost})

	l = newLedgerTest(t) // nor does a bar from before the start
	l.snapshot(ModeBaseline, 100, 92)
	l.others(110)
	l.bar(60, 5, 110)
	l.book.Apply(&Tick{Now: at(200)})
	l.parts(110, 92, 5, 0, 0, 13)
	l.gaps(gap{60, 111, 13, model.GapLost})
}

// A window of the history that comes to count is printed again without its
// mark, even when it is so old that its row is no longer remembered.
func TestBookHistoryThatCountsIsPrintedAgain(t *testing.T) {
	l := newLedgerTest(t)
	l.snapshot(ModeBaseline, 0, 100)
	l.book.Apply(&History{Bars: []model.Bar{l.newBar(-10, 30, -1)}})
	last := int64(hotMillis/1000) + 60
	volume := int64(100)
	for s := last; s < last+200; s++ { // until the old ones are packed
		volume++
		l.bar(s, 1, volume)
	}
	if a := l.book.days.list[0].held(l.id); a.windows.count == 0 {
		t.Fatal("nothing was packed")
	}
	l.bar(-10, 30, 100)
	l.parts(volume, 70, 230, 0, 0, 0)
	if row := l.latest(model.KindBar)[0]; row.Start != at(-10) || row.Size != 30 || row.Is(model.FlagPast) || row.Revision == 0 {
		t.Errorf("the last version is %+v", row)
	}
}

// A contract that trades between its baseline and the stream's first bar stands
// in one row: a bar of the history takes its volume from whatever held it.
func TestBookOnePast(t *testing.T) {
	marks := func(l *ledgerTest, want ...bool) {
		l.Helper()
		rows := slices.DeleteFunc(l.latest(model.KindBar), func(r model.Row) bool { return r.Size == 0 || r.Source == model.SourceREST })
		for i, row := range rows {
			if len(rows) != len(want) || row.Is(model.FlagPast) != want[i] {
				l.Fatalf("marked past as in %v: %+v", want, rows)
			}
		}
	}
	history := func(l *ledgerTest) {
		l.book.Apply(&History{Bars: []model.Bar{l.newBar(-10, 30, -1), l.newBar(4, 15, -1)}})
	}
	t.Run("from a polled row", func(t *testing.T) {
		l := newLedgerTest(t)
		l.snapshot(ModeBaseline, 0, 100)
		l.poll(10, 120, 2)
		l.parts(120, 100, 0, 20, 0, 0)
		history(l)
		l.parts(120, 100, 15, 5, 0, 0)
		marks(l, true, false)
	})
	t.Run("before it is polled", func(t *testing.T) {
		l := newLedgerTest(t)
		l.snapshot(ModeBaseline, 0, 100)
		history(l)
		l.poll(10, 120, 2)
		l.parts(120, 100, 15, 5, 0, 0)
		marks(l, true, false)
	})
	t.Run("from a gap", func(t *testing.T) {
		l := newLedgerTest(t)
		l.snapshot(ModeBaseline, 0, 100)
		l.bar(20, 5, 125)
		l.book.Apply(&Tick{Now: at(40)})
		l.parts(125, 100, 5, 0, 0, 20)
		history(l)
		l.parts(125, 100, 20, 0, 0, 5)
		marks(l, true, false, false)
	})
	t.Run("the baseline turns up last", func(t *testing.T) {
		l := newLedgerTest(t)
		history(l)
		l.parts(45, 45, 0, 0, 0, 0)
		l.bar(20, 5, 125)
		l.parts(125, 120, 5, 0, 0, 0)
		marks(l, true, true, false)
		l.snapshot(ModeBaseline, 0, 100)
		l.parts(125, 100, 20, 0, 5, 0)
		marks(l, true, false, false)
		if row := l.latest(model.KindBar)[1]; row.Revision != 1 || row.Premium != 15*2*100 || row.Vwap != 2 {
			t.Errorf("the row without its mark is %+v", row)
		}
		if tot := l.book.Totals([]string{"SPY"})[0]; tot.Premium != 20*2*100 {
			t.Errorf("the premium is %v", tot.Premium)
		}
	})
	t.Run("an earlier bar of the stream turns up last", func(t *testing.T) {
		l := newLedgerTest(t)
		l.bar(20, 5, 125)
		history(l)
		marks(l, true, true, false)
		l.bar(0, 2, 102)
		l.parts(125, 100, 22, 0, 3, 0)
		marks(l, true, false, false, false)
	})
	t.Run("nobody watched", func(t *testing.T) {
		l := newLedgerTest(t)
		l.others(-20) // its ticker is followed
		l.book.Apply(&Lost{From: at(-15), To: at(15), Reason: model.GapLost})
		l.bar(20, 5, 125)
		l.parts(125, 0, 5, 0, 120, 0)
		history(l)
		l.parts(125, 0, 50, 0, 75, 0)
		marks(l, false, false, false)
	})
	t.Run("a minute that the baseline falls in", func(t *testing.T) {
		l := newLedgerTest(t)
		l.book = New(l.tape, Options{})
		l.book.Apply(&Span{Span: model.Minute, From: at(-600)})
		l.snapshot(ModeBaseline, 30, 100)
		l.poll(70, 108, 2)
		l.parts(108, 100, 0, 8, 0, 0)
		minute := l.newBar(0, 20, -1) // 12 of it before the baseline
		minute.Span = model.Minute
		l.book.Apply(&History{Bars: []model.Bar{minute}})
		l.parts(108, 88, 20, 0, 0, 0)
		marks(l, false)
	})
	t.Run("more than the baseline had", func(t *testing.T) {
		l := newLedgerTest(t)
		l.snapshot(ModeBaseline, 0, 40)
		l.book.Apply(&History{Bars: []model.Bar{l.newBar(-10, 30, -1), l.newBar(-5, 15, -1)}}) // 5 of them were reported late
		l.parts(45, 30, 15, 0, 0, 0)
		l.poll(10, 45, 2)
		l.parts(45, 30, 15, 0, 0, 0)
		marks(l, true, false)
	})
}

// What was said of the past may count seconds that stand in windows as well. What
// an outage takes does not hide in them.
func TestBookOutageDoesNotHideInThePast(t *testing.T) {
	l := newLedgerTest(t)
	l.snapshot(ModeBaseline, 100, 92)
	l.book.Apply(&History{Bars: []model.Bar{l.newBar(100, 7, -1)}}) // of which some is in the 92
	l.bar(101, 5, 97)
	l.parts(97, 85, 12, 0, 0, 0)
	l.book.Apply(&Lost{From: at(102), To: at(200), Reason: model.GapLost})
	l.bar(201, 3, 104)
	l.book.Apply(&Tick{Now: at(300)})
	l.parts(104, 85, 15, 0, 0, 4)
	l.gaps(gap{102, 202, 4, model.GapLost})
}
