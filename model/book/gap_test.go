package book

import (
	"testing"

	"optflow/model"
)

func TestBookGapReasons(t *testing.T) {
	t.Run("not in bars", func(t *testing.T) {
		l := newLedgerTest(t)
		l.bar(10, 5, 5)
		l.bar(11, 5, 13) // 3 late prints that update volume only
		l.book.Apply(&Tick{Now: at(30)})
		l.gaps(gap{11, 12, 3, model.GapLost})
		l.book.Apply(&Filled{Request: ask(l.book, 1)[0], Bars: []model.Bar{l.newBar(11, 5, -1)}, Whole: true})
		l.gaps(gap{11, 12, 3, model.GapNotInBars})
		l.book.Apply(&Tick{Now: at(4000)})
		if w := ask(l.book, 9); len(w) != 0 {
			t.Fatalf("asked again: %+v", w)
		}
		if c := l.book.Counters(); c.LostGaps != 0 || c.LostVolume != 0 || c.GapRows != 1 || c.Missing != 3 {
			t.Fatalf("%+v", c)
		}
		l.bar(10, 8, 13) // the corrected bar comes after all
		l.parts(13, 0, 13, 0, 0, 0)
	})
	t.Run("paused", func(t *testing.T) {
		l := newLedgerTest(t)
		l.bar(10, 5, 5)
		l.book.Apply(&Lost{From: at(11), To: at(50), Reason: model.GapPaused})
		l.bar(60, 5, 30)
		l.book.Apply(&Tick{Now: at(80)})
		l.gaps(gap{11, 61, 20, model.GapPaused})
		if c := l.book.Counters(); c.LostVolume != 0 || c.Missing != 20 {
			t.Fatalf("%+v", c)
		}
		if len(ask(l.book, 9)) != 1 {
			t.Error("REST is not asked for what was missed while paused")
		}
	})
	t.Run("since unknown", func(t *testing.T) {
		l := newLedgerTest(t)
		l.others(0)
		l.book.Apply(&Lost{From: at(11), To: at(50), Reason: model.GapLost})
		l.bar(60, 5, 30)
		l.parts(30, 0, 5, 0, 25, 0)
		l.book.Apply(&Tick{Now: at(80)})
		l.gaps(gap{-1800, 61, 25, model.GapSinceUnknown}) // since 9:30
		if c := l.book.Counters(); c.LostVolume != 25 {
			t.Fatalf("%+v", c)
		}
		l.bar(70, 5, 38)
		l.book.Apply(&Tick{Now: at(90)})
		l.gaps(gap{-1800, 61, 25, model.GapSinceUnknown}, gap{61, 80, 3, model.GapLost}) // the bar came at 80
		l.bar(8, 10, 20)                                                                 // it had been heard of before the outage after all
		l.parts(38, 10, 20, 0, 0, 8)
	})
	t.Run("first heard of after an outage of another ticker's time", func(t *testing.T) {
		l := newLedgerTest(t)
		l.book.Apply(&Lost{From: at(11), To: at(50), Reason: model.GapLost}) // nothing was followed yet
		l.bar(60, 5, 30)
		l.parts(30, 25, 5, 0, 0, 0)
	})
	t.Run("an outage told of late", func(t *testing.T) {
		l := newLedgerTest(t)
		l.others(0)
		l.bar(60, 5, 30)
		l.parts(30, 25, 5, 0, 0, 0)
		l.book.Apply(&Lost{From: at(11), To: at(50), Reason: model.GapLost})
		l.parts(30, 0, 5, 0, 25, 0)
		l.book.Apply(&Tick{Now: at(80)})
		l.gaps(gap{-1800, 60, 25, model.GapSinceUnknown})
	})
	t.Run("a whole baseline covers it", func(t *testing.T) {
		l := newLedgerTest(t)
		l.book.Apply(&Baseline{Ticker: "SPY", Read: at(5)})
		l.book.Apply(&Lost{From: at(11), To: at(50), Reason: model.GapLost})
		l.bar(60, 5, 30)
		l.book.Apply(&Tick{Now: at(80)})
		l.parts(30, 0, 5, 0, 0, 25)
		l.gaps(gap{-10, 61, 25, model.GapLost}) // the sweep may lie 15 s behind
	})
	t.Run("its own baseline tells what came before", func(t *testing.T) {
		l := newLedgerTest(t)
		l.others(0)
		l.book.Apply(&Lost{From: at(11), To: at(12), Reason: model.GapLost})
		l.snapshot(ModeBaseline, 20, 100)
		l.parts(100, 100, 0, 0, 0, 0)
		l.bar(60, 5, 130)
		l.book.Apply(&Tick{Now: at(80)})
		l.parts(130, 100, 5, 0, 0, 25)
		l.gaps(gap{19, 61, 25, model.GapLost}) // what ended as it was read may not be in it
	})
	t.Run("a sweep after the outage finds a contract", func(t *testing.T) {
		l := newLedgerTest(t)
		l.others(0)
		l.book.Apply(&Lost{From: at(11), To: at(12), Reason: model.GapLost})
		l.snapshot(ModeCheck, 20, 100)
		l.others(30)
		l.book.Apply(&Tick{Now: at(40)})
		l.book.Apply(&Tick{Now: at(60)})
		l.parts(100, 0, 0, 0, 0, 100)
		l.gaps(gap{-1800, 20, 100, model.GapSinceUnknown})
	})
	t.Run("without an outage that contract was only not looked at", func(t *testing.T) {
		l := newLedgerTest(t)
		l.others(0)
		l.snapshot(ModeCheck, 20, 100)
		l.others(30)
		l.book.Apply(&Tick{Now: at(40)})
		l.parts(100, 100, 0, 0, 0, 0)
	})
	t.Run("two pieces of pending volume in one gap are asked for as one", func(t *testing.T) {
		l := newLedgerTest(t)
		l.snapshot(ModeBaseline, 8, 20)
		l.bar(10, 5, 55)
		l.parts(55, 20, 5, 0, 30, 0)
		behind := l.newSnapshot(9, 4711)
		behind.DayUpdated = 1 // nothing today, as of 15 s ago
		l.book.Apply(&Snapshot{behind, ModeBaseline})
		l.book.Apply(&Tick{Now: at(30)})
		l.parts(55, 0, 5, 0, 0, 50)
		l.gaps(gap{-6, 11, 50, model.GapLost})
		w := ask(l.book, 9)
		if len(w) != 1 || w[0].From != at(-6) || w[0].To != at(11) {
			t.Fatalf("%+v", w)
		}
	})
	t.Run("pending at the end", func(t *testing.T) {
		l := newLedgerTest(t)
		l.bar(10, 5, 5)
		l.bar(12, 5, 30)
		l.book.Apply(&Settle{})
		l.parts(30, 0, 10, 0, 0, 20)
		l.gaps(gap{11, 13, 20, model.GapPending})
		l.bar(11, 20, 25)
		l.parts(30, 0, 30, 0, 0, 0)
	})
}

func TestBookGapSpans(t *testing.T) {
	t.Run("a bar that comes late states the volume of its arrival", func(t *testing.T) {
		l := newLedgerTest(t)
		l.book.Apply(&Baseline{Ticker: "SPY", Read: at(0)})
		l.others(60)
		l.bar(5, 5, 30)
		l.book.Apply(&Tick{Now: at(80)})
		l.gaps(gap{-15, 61, 25, model.GapLost})
	})
	t.Run("so does one that is corrected late, but it was whole before", func(t *testing.T) {
		l := newLedgerTest(t)
		l.bar(5, 5, 5)
		l.others(60)
		l.bar(5, 6, 10)
		l.book.Apply(&Tick{Now: at(80)})
		l.gaps(gap{6, 61, 4, model.GapLost})
	})
	t.Run("a correction downwards leaves a gap in its window", func(t *testing.T) {
		l := newLedgerTest(t)
		l.bar(5, 5, 5)
		l.bar(9, 5, 10)
		l.bar(5, 3, 10)
		l.book.Apply(&Tick{Now: at(80)})
		l.gaps(gap{5, 6, 2, model.GapLost})
	})
	t.Run("a snapshot that agreed bounds it", func(t *testing.T) {
		l := newLedgerTest(t)
		l.bar(10, 5, 5)
		l.snapshot(ModeCheck, 20, 5)
		l.others(30)
		l.book.Apply(&Tick{Now: at(31)})
		l.bar(40, 5, 20)
		l.book.Apply(&Tick{Now: at(60)})
		l.gaps(gap{19, 41, 10, model.GapLost})
		l.book.Apply(&Filled{Request: ask(l.book, 1)[0], Bars: []model.Bar{l.newBar(19, 10, -1)}, Whole: true})
		l.parts(20, 0, 20, 0, 0, 0)
	})
	t.Run("it is asked for once REST has closed it", func(t *testing.T) {
		l := newLedgerTest(t)
		l.bar(10, 5, 5)
		l.bar(12, 5, 20)
		l.book.Apply(&Delay{Delay: 20_000, Delayed: false})
		l.book.Apply(&Tick{Now: at(37)})
		if w := ask(l.book, 9); len(w) != 0 {
			t.Fatalf("%+v", w)
		}
		l.book.Apply(&Tick{Now: at(38)})
		if w := ask(l.book, 9); len(w) != 1 {
			t.Fatalf("%+v", w)
		}
	})
}

func TestBookShrinksPendingVolumeBeforeGaps(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(10, 5, 5)
	l.bar(12, 5, 20)
	l.book.Apply(&Tick{Now: at(30)}) // 10 of [11, 13) are a gap
	l.bar(40, 5, 35)                 // 10 more are pending
	l.parts(35, 0, 15, 0, 10, 10)
	l.bar(10, 9, 35) // a correction that falls in neither
	l.parts(35, 0, 19, 0, 6, 10)
	l.bar(35, 2, 30) // one that falls in the pending one
	l.parts(35, 0, 21, 0, 4, 10)
	l.bar(11, 2, 7) // and one in the gap
	l.parts(35, 0, 23, 0, 4, 8)
	l.bar(10, 17, 35)
	l.parts(35, 0, 31, 0, 0, 4)
}

func TestBookGapIdentities(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(10, 5, 5)
	l.bar(11, 5, 13)
	l.book.Apply(&Tick{Now: at(30)})
	l.gaps(gap{11, 12, 3, model.GapLost})
	l.bar(11, 8, 13)
	l.gaps()
	l.bar(11, 6, 13) // the same gap again: it goes on with its versions
	l.book.Apply(&Tick{Now: at(60)})
	l.gaps(gap{11, 12, 2, model.GapLost})
	if g := l.latest(model.KindGap); len(g) != 1 || g[0].Revision != 2 {
		t.Fatalf("%+v", g)
	}
	l.bar(11, 4, 13) // more of the same span, beside the open one
	l.book.Apply(&Tick{Now: at(90)})
	l.parts(13, 0, 9, 0, 0, 4)
	if g := l.latest(model.KindGap); len(g) != 2 || g[0].Identity() == g[1].Identity() {
		t.Fatalf("%+v", g)
	}
}
