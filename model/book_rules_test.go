package model

import (
	"math"
	"slices"
	"testing"
)

// ledgerTest is a book with one contract and second-by-second input. Seconds count
// from 10:00 in New York.
type ledgerTest struct {
	*testing.T
	tape *Tape
	book *Book
	id   ContractID
}

func newLedgerTest(t *testing.T) *ledgerTest {
	tape := NewTape(TapeOptions{})
	return &ledgerTest{T: t, tape: tape, book: NewBook(tape, BookOptions{}), id: internTest(tape, 0)}
}

func at(second int64) int64 { return marketOpen + second*1000 }

func (l *ledgerTest) newBar(second, v, av int64) Bar {
	return Bar{
		Contract: l.id, Span: Second, Start: at(second), Volume: v, DayVolume: av,
		Open: 2, High: 2, Low: 2, Close: 2, Vwap: 2, DayVwap: 2, AvgSize: float64(v),
	}
}

func (l *ledgerTest) bar(second, v, av int64) { l.book.Bar(l.newBar(second, v, av)) }

func (l *ledgerTest) newSnapshot(second, volume int64) *Snapshot {
	return &Snapshot{
		Contract: l.id, Read: at(second), HasDay: true, DayUpdated: at(second), DayVolume: volume, DayVwap: 2,
		DayOpen: 2, DayHigh: 3, DayLow: 1, DayClose: 2, LastTrade: 2.5,
		OpenInterest: Unknown, IV: Unknown, Delta: Unknown, Gamma: Unknown, Theta: Unknown, Vega: Unknown, Spot: Unknown,
	}
}

func (l *ledgerTest) snapshot(mode SnapshotMode, second, volume int64) {
	l.book.Snapshot(l.newSnapshot(second, volume), mode)
}

// others lets the stream go on with another contract, so that event time moves.
func (l *ledgerTest) others(second int64) {
	bar := l.newBar(second, 1, 1)
	bar.Contract = internTest(l.tape, 1)
	l.book.Bar(bar)
}

// parts are day, past, exact, polled, pending, gaps.
func (l *ledgerTest) parts(want ...int64) {
	l.Helper()
	a, _ := l.book.Account(l.id)
	if got := partsOf(a); !slices.Equal(got[:], want) {
		l.Fatalf("day, past, exact, polled, pending, gaps are %v, want %v", got, want)
	}
	checkBook(l, l.book)
}

// latest are the latest versions of the contract's rows of a kind, by start.
func (l *ledgerTest) latest(kind Kind) []Row {
	rows := make(map[Identity]Row)
	l.tape.Publish()
	for seq := l.tape.First(); seq < l.tape.Next(); seq++ {
		if row, _ := l.tape.At(seq); row.Contract == l.id && row.Kind == kind {
			rows[row.Identity()] = row
		}
	}
	var list []Row
	for _, row := range rows {
		list = append(list, row)
	}
	slices.SortFunc(list, func(a, b Row) int { return int(a.Start - b.Start) })
	return list
}

// gap is what a gap row says.
type gap struct {
	from, to int64 // seconds
	size     uint32
	reason   GapReason
}

// gaps are the open gap rows.
func (l *ledgerTest) gaps(want ...gap) {
	l.Helper()
	var got []gap
	for _, row := range l.latest(KindGap) {
		if row.Size > 0 {
			got = append(got, gap{(row.Start - marketOpen) / 1000, (row.End() - marketOpen) / 1000, row.Size, row.Reason})
		}
	}
	if !slices.Equal(got, want) {
		l.Fatalf("gaps %v, want %v", got, want)
	}
}

func TestBookWithoutBaselineWhatCameBeforeIsPast(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(10, 5, 105)
	l.parts(105, 100, 5, 0, 0, 0)
	l.bar(8, 20, 60) // an earlier bar turns up, and between the two 40 traded
	l.parts(105, 40, 25, 0, 40, 0)
	l.book.Tick(at(30))
	l.parts(105, 40, 25, 0, 0, 40)
	l.gaps(gap{9, 10, 40, GapLost})
}

func TestBookDuplicatesAndCorrections(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(10, 5, 105)
	l.bar(10, 5, 105)
	if c := l.book.Counters(); c.Rows != 1 || c.Duplicates != 1 || c.Corrections != 0 {
		t.Fatalf("%+v", c)
	}
	l.bar(10, 7, 107)
	l.parts(107, 100, 7, 0, 0, 0)
	if c := l.book.Counters(); c.Rows != 2 || c.Corrections != 1 {
		t.Fatalf("%+v", c)
	}
	rows := l.latest(KindBar)
	if len(rows) != 1 || rows[0].Size != 7 || rows[0].Revision != 1 || rows[0].Replaces != 1 {
		t.Fatalf("%+v", rows)
	}
	changed := l.newBar(10, 7, 107)
	changed.Vwap = 1.9 // the same size at another price is a correction too
	l.book.Bar(changed)
	if rows = l.latest(KindBar); rows[0].Revision != 2 || rows[0].Premium != 1.9*7*100 {
		t.Fatalf("%+v", rows)
	}
	l.parts(107, 100, 7, 0, 0, 0)
}

func TestBookCorrectionOfATrimmedRowChangesTheAccountOnly(t *testing.T) {
	l := newLedgerTest(t)
	l.tape.keep = TapeOptions{KeepMillis: 1, KeepRows: 1, MaxRows: chunkRows}
	l.bar(10, 5, 105)
	for i := range int64(2 * chunkRows) {
		l.others(20 + i)
		l.tape.Publish()
	}
	if l.tape.First() == 0 {
		t.Fatal("nothing was trimmed")
	}
	rows := l.book.Counters().Rows
	l.bar(10, 7, 107)
	if a, _ := l.book.Account(l.id); a.Exact != 7 || !a.Whole() || a.Revised != 1 {
		t.Fatalf("%+v", a)
	}
	if l.book.Counters().Rows != rows {
		t.Error("a row was appended whose version before is gone")
	}
}

func TestBookLostBarIsPendingThenAGapThenFilled(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(10, 5, 5)
	l.bar(12, 5, 30)
	l.parts(30, 0, 10, 0, 20, 0)
	if w := l.book.Wanted(10); len(w) != 0 {
		t.Fatalf("pending volume is asked for: %+v", w)
	}
	l.book.Tick(at(22))
	l.parts(30, 0, 10, 0, 20, 0)
	l.book.Tick(at(23))
	l.parts(30, 0, 10, 0, 0, 20)
	l.gaps(gap{11, 13, 20, GapLost})
	w := l.book.Wanted(10)
	if len(w) != 1 || w[0].From != at(11) || w[0].To != at(13) || w[0].Span != Second || w[0].Volume != 20 || w[0].Premium != 20*2*100 {
		t.Fatalf("%+v", w)
	}
	if again := l.book.Wanted(10); len(again) != 0 {
		t.Fatal("handed out twice")
	}
	l.book.Filled(w[0], []Bar{l.newBar(11, 20, -1), l.newBar(12, 6, -1), l.newBar(14, 99, -1)}, true)
	l.parts(30, 0, 30, 0, 0, 0) // the stream's own bar stays, and what was not asked for is left out
	l.gaps()
	rows := l.latest(KindBar)
	if len(rows) != 3 || rows[1].Source != SourceBackfill || rows[1].DayVolume != UnknownCount || rows[2].Source != SourceWS {
		t.Fatalf("%+v", rows)
	}
	if g := l.latest(KindGap); len(g) != 1 || g[0].Size != 0 || g[0].Revision != 1 || g[0].Replaces == 0 {
		t.Fatalf("%+v", g)
	}
}

func TestBookBackfilledBarTurnsUpInTheStream(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(10, 5, 5)
	l.bar(12, 5, 30)
	l.book.Tick(at(30))
	l.book.Filled(l.book.Wanted(1)[0], []Bar{l.newBar(11, 18, -1)}, true)
	l.parts(30, 0, 28, 0, 0, 2)
	l.gaps(gap{11, 13, 2, GapNotInBars})
	l.bar(11, 20, 25)
	l.parts(30, 0, 30, 0, 0, 0)
	if rows := l.latest(KindBar); len(rows) != 3 || rows[1].Source != SourceWS || rows[1].Revision != 1 {
		t.Fatalf("%+v", rows)
	}
}

func TestBookGapReasons(t *testing.T) {
	t.Run("not in bars", func(t *testing.T) {
		l := newLedgerTest(t)
		l.bar(10, 5, 5)
		l.bar(11, 5, 13) // 3 late prints that update volume only
		l.book.Tick(at(30))
		l.gaps(gap{11, 12, 3, GapLost})
		l.book.Filled(l.book.Wanted(1)[0], []Bar{l.newBar(11, 5, -1)}, true)
		l.gaps(gap{11, 12, 3, GapNotInBars})
		l.book.Tick(at(4000))
		if w := l.book.Wanted(9); len(w) != 0 {
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
		l.book.Lost(at(11), at(50), GapPaused)
		l.bar(60, 5, 30)
		l.book.Tick(at(80))
		l.gaps(gap{11, 61, 20, GapPaused})
		if c := l.book.Counters(); c.LostVolume != 0 || c.Missing != 20 {
			t.Fatalf("%+v", c)
		}
		if len(l.book.Wanted(9)) != 1 {
			t.Error("REST is not asked for what was missed while paused")
		}
	})
	t.Run("since unknown", func(t *testing.T) {
		l := newLedgerTest(t)
		l.others(0)
		l.book.Lost(at(11), at(50), GapLost)
		l.bar(60, 5, 30)
		l.parts(30, 0, 5, 0, 25, 0)
		l.book.Tick(at(80))
		l.gaps(gap{-1800, 61, 25, GapSinceUnknown}) // since 9:30
		if c := l.book.Counters(); c.LostVolume != 25 {
			t.Fatalf("%+v", c)
		}
		l.bar(70, 5, 38)
		l.book.Tick(at(90))
		l.gaps(gap{-1800, 61, 25, GapSinceUnknown}, gap{61, 71, 3, GapLost})
		l.bar(8, 10, 20) // it had been heard of before the outage after all
		l.parts(38, 10, 20, 0, 0, 8)
	})
	t.Run("first heard of after an outage of another ticker's time", func(t *testing.T) {
		l := newLedgerTest(t)
		l.book.Lost(at(11), at(50), GapLost) // nothing was followed yet
		l.bar(60, 5, 30)
		l.parts(30, 25, 5, 0, 0, 0)
	})
	t.Run("an outage told of late", func(t *testing.T) {
		l := newLedgerTest(t)
		l.others(0)
		l.bar(60, 5, 30)
		l.parts(30, 25, 5, 0, 0, 0)
		l.book.Lost(at(11), at(50), GapLost)
		l.parts(30, 0, 5, 0, 25, 0)
		l.book.Tick(at(80))
		l.gaps(gap{-1800, 60, 25, GapSinceUnknown})
	})
	t.Run("a whole baseline covers it", func(t *testing.T) {
		l := newLedgerTest(t)
		l.book.CompleteBaseline("SPY", at(5))
		l.book.Lost(at(11), at(50), GapLost)
		l.bar(60, 5, 30)
		l.book.Tick(at(80))
		l.parts(30, 0, 5, 0, 0, 25)
		l.gaps(gap{-10, 61, 25, GapLost}) // the sweep may lie 15 s behind
	})
	t.Run("its own baseline tells what came before", func(t *testing.T) {
		l := newLedgerTest(t)
		l.others(0)
		l.book.Lost(at(11), at(12), GapLost)
		l.snapshot(SnapshotBaseline, 20, 100)
		l.parts(100, 100, 0, 0, 0, 0)
		l.bar(60, 5, 130)
		l.book.Tick(at(80))
		l.parts(130, 100, 5, 0, 0, 25)
		l.gaps(gap{20, 61, 25, GapLost})
	})
	t.Run("a sweep after the outage finds a contract", func(t *testing.T) {
		l := newLedgerTest(t)
		l.others(0)
		l.book.Lost(at(11), at(12), GapLost)
		l.snapshot(SnapshotCheck, 20, 100)
		l.others(30)
		l.book.Tick(at(40))
		l.book.Tick(at(60))
		l.parts(100, 0, 0, 0, 0, 100)
		l.gaps(gap{-1800, 20, 100, GapSinceUnknown})
	})
	t.Run("without an outage that contract was only not looked at", func(t *testing.T) {
		l := newLedgerTest(t)
		l.others(0)
		l.snapshot(SnapshotCheck, 20, 100)
		l.others(30)
		l.book.Tick(at(40))
		l.parts(100, 100, 0, 0, 0, 0)
	})
	t.Run("two pieces of pending volume in one gap are asked for as one", func(t *testing.T) {
		l := newLedgerTest(t)
		l.snapshot(SnapshotBaseline, 8, 20)
		l.bar(10, 5, 55)
		l.parts(55, 20, 5, 0, 30, 0)
		behind := l.newSnapshot(9, 4711)
		behind.DayUpdated = 1 // nothing today, as of 15 s ago
		l.book.Snapshot(behind, SnapshotBaseline)
		l.book.Tick(at(30))
		l.parts(55, 0, 5, 0, 0, 50)
		l.gaps(gap{-6, 11, 50, GapLost})
		w := l.book.Wanted(9)
		if len(w) != 1 || w[0].From != at(-6) || w[0].To != at(11) {
			t.Fatalf("%+v", w)
		}
	})
	t.Run("pending at the end", func(t *testing.T) {
		l := newLedgerTest(t)
		l.bar(10, 5, 5)
		l.bar(12, 5, 30)
		l.book.Settle()
		l.parts(30, 0, 10, 0, 0, 20)
		l.gaps(gap{11, 13, 20, GapPending})
		l.bar(11, 20, 25)
		l.parts(30, 0, 30, 0, 0, 0)
	})
}

func TestBookBaseline(t *testing.T) {
	t.Run("its volume is past", func(t *testing.T) {
		l := newLedgerTest(t)
		l.snapshot(SnapshotBaseline, 0, 100)
		l.parts(100, 100, 0, 0, 0, 0)
		l.bar(5, 5, 105)
		l.parts(105, 100, 5, 0, 0, 0)
	})
	t.Run("ahead of the stream", func(t *testing.T) {
		l := newLedgerTest(t)
		l.snapshot(SnapshotBaseline, 10, 100)
		l.bar(5, 5, 90)
		l.parts(90, 85, 5, 0, 0, 0)
		l.bar(8, 10, 100)
		l.others(20)
		l.book.Tick(at(20))
		l.parts(100, 85, 15, 0, 0, 0)
	})
	t.Run("behind the stream", func(t *testing.T) {
		l := newLedgerTest(t)
		snap := l.newSnapshot(10, 80)
		snap.DayUpdated = at(2)
		l.book.Snapshot(snap, SnapshotBaseline)
		l.bar(8, 10, 100)
		l.parts(100, 80, 10, 0, 10, 0)
		l.book.Tick(at(30))
		l.gaps(gap{2, 9, 10, GapLost})
	})
	t.Run("of another date says 0", func(t *testing.T) {
		l := newLedgerTest(t)
		snap := l.newSnapshot(0, 4711)
		snap.DayUpdated -= 24 * 60 * int64(Minute)
		l.book.Snapshot(snap, SnapshotBaseline)
		l.bar(5, 5, 15)
		l.parts(15, 0, 5, 0, 10, 0)
	})
	t.Run("without a date says nothing", func(t *testing.T) {
		l := newLedgerTest(t)
		snap := l.newSnapshot(0, 4711)
		snap.DayUpdated = 0
		l.book.Snapshot(snap, SnapshotBaseline)
		l.book.CompleteBaseline("SPY", at(0))
		l.bar(5, 5, 15)
		l.parts(15, 10, 5, 0, 0, 0)
	})
	t.Run("whole after the first bar", func(t *testing.T) {
		l := newLedgerTest(t)
		l.bar(5, 5, 15)
		l.parts(15, 10, 5, 0, 0, 0)
		l.book.CompleteBaseline("SPY", at(6))
		l.parts(15, 0, 5, 0, 10, 0)
	})
	t.Run("whole, of another ticker", func(t *testing.T) {
		l := newLedgerTest(t)
		l.book.CompleteBaseline("QQQ", at(0))
		l.bar(5, 5, 15)
		l.parts(15, 10, 5, 0, 0, 0)
	})
	t.Run("enrichment is no statement of volume", func(t *testing.T) {
		l := newLedgerTest(t)
		l.snapshot(SnapshotEnrich, 0, 100)
		if _, ok := l.book.Account(l.id); ok {
			t.Error("an account was opened")
		}
	})
}

func TestBookFall(t *testing.T) {
	t.Run("two later statements agree", func(t *testing.T) {
		l := newLedgerTest(t)
		l.bar(10, 50, 100)
		l.bar(10, 10, 60) // cancelled
		l.parts(100, 50, 10, 0, 40, 0)
		l.bar(40, 5, 65)
		l.parts(100, 50, 15, 0, 35, 0)
		l.bar(45, 5, 70)
		l.parts(70, 50, 20, 0, 0, 0)
	})
	t.Run("one does not count", func(t *testing.T) {
		l := newLedgerTest(t)
		l.bar(10, 50, 100)
		l.bar(40, 0, 60)
		l.bar(41, 5, 105)
		l.parts(105, 50, 55, 0, 0, 0)
		l.bar(80, 0, 60)
		l.parts(105, 50, 55, 0, 0, 0)
	})
	t.Run("repeating it is not agreeing", func(t *testing.T) {
		l := newLedgerTest(t)
		l.bar(10, 50, 100)
		l.bar(40, 0, 60)
		l.bar(40, 0, 60)
		l.parts(100, 50, 50, 0, 0, 0)
	})
	t.Run("snapshots behind the stream", func(t *testing.T) {
		l := newLedgerTest(t)
		l.bar(10, 50, 100)
		l.snapshot(SnapshotPoll, 15, 60)
		l.snapshot(SnapshotPoll, 20, 60)
		l.snapshot(SnapshotPoll, 25, 60)
		l.parts(100, 50, 50, 0, 0, 0)
	})
	t.Run("never below what is proven", func(t *testing.T) {
		l := newLedgerTest(t)
		l.bar(10, 50, 50)
		l.bar(40, 10, 20)
		l.bar(50, 10, 30)
		l.parts(70, 0, 70, 0, 0, 0)
	})
}

func TestBookCheck(t *testing.T) {
	t.Run("waits for the stream", func(t *testing.T) {
		l := newLedgerTest(t)
		l.bar(10, 5, 5)
		l.snapshot(SnapshotCheck, 20, 9)
		l.others(23) // ends at 24
		l.book.Tick(at(60))
		l.parts(5, 0, 5, 0, 0, 0)
		l.others(24)
		l.book.Tick(at(61))
		l.parts(9, 0, 5, 0, 4, 0)
		l.book.Tick(at(71))
		l.gaps(gap{11, 20, 4, GapLost})
	})
	t.Run("a contract that does not trade again", func(t *testing.T) {
		l := newLedgerTest(t)
		l.book.CompleteBaseline("SPY", at(0))
		l.book.Lost(at(5), at(15), GapLost)
		l.snapshot(SnapshotCheck, 20, 9)
		l.others(30)
		l.book.Tick(at(30))
		l.book.Tick(at(41))
		l.parts(9, 0, 0, 0, 0, 9)
		l.gaps(gap{-15, 20, 9, GapLost})
	})
	t.Run("the measured delay counts", func(t *testing.T) {
		l := newLedgerTest(t)
		l.book.SetDelay(3000, false)
		l.bar(10, 5, 5)
		l.snapshot(SnapshotCheck, 20, 9)
		l.others(21)
		l.book.Tick(at(25))
		l.parts(9, 0, 5, 0, 4, 0)
	})
	t.Run("minutes", func(t *testing.T) {
		l := newLedgerTest(t)
		l.book = NewBook(l.tape, BookOptions{Span: Minute})
		minute := func(n, v, av int64) {
			bar := l.newBar(n*60, v, av)
			bar.Span = Minute
			l.book.Bar(bar)
		}
		minute(0, 5, 5)
		l.snapshot(SnapshotCheck, 70, 9)
		minute(1, 4, 9)
		l.book.Tick(at(131))
		l.parts(9, 0, 9, 0, 0, 0)
		l.snapshot(SnapshotCheck, 130, 19)
		minute(2, 4, 13)
		l.book.Tick(at(185))
		l.parts(13, 0, 13, 0, 0, 0)
		minute(3, 4, 17)
		l.book.Tick(at(245))
		l.parts(19, 0, 17, 0, 2, 0)
		l.book.Tick(at(319))
		l.parts(19, 0, 17, 0, 2, 0)
		l.book.Tick(at(320))
		l.parts(19, 0, 17, 0, 0, 2)
	})
	t.Run("never on a delayed feed", func(t *testing.T) {
		l := newLedgerTest(t)
		l.book.SetDelay(900_000, true)
		l.bar(10, 5, 5)
		l.snapshot(SnapshotCheck, 20, 9)
		l.others(2000)
		l.book.Tick(at(3000))
		l.book.Settle()
		l.parts(5, 0, 5, 0, 0, 0)
	})
}

func TestBookSpanChange(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(58, 5, 5)
	l.book.SetSpan(Minute, at(60))
	early := l.newBar(0, 99, 99)
	early.Span = Minute
	l.book.Bar(early) // that minute counts in seconds
	l.bar(59, 5, 10)
	l.bar(61, 7, 17) // and this one in minutes
	l.parts(10, 0, 10, 0, 0, 0)
	minute := l.newBar(60, 20, 30)
	minute.Span = Minute
	l.book.Bar(minute)
	l.parts(30, 0, 30, 0, 0, 0)
	later := l.newBar(120, 20, 70)
	later.Span = Minute
	l.book.Bar(later)
	l.book.SetSpan(Second, at(180))
	l.book.Tick(at(260))
	l.bar(181, 10, 100)
	l.book.Tick(at(400))
	l.parts(100, 0, 60, 0, 0, 40)
	l.gaps(gap{120, 180, 20, GapLost}, gap{180, 182, 20, GapLost})
	w := l.book.Wanted(9)
	if len(w) != 2 || w[0].Span == w[1].Span {
		t.Fatalf("%+v", w)
	}
}

func TestBookAsksAcrossASpanChangeInParts(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(50, 5, 5)
	l.book.SetSpan(Minute, at(60))
	minute := l.newBar(120, 20, 65)
	minute.Span = Minute
	l.book.Bar(minute)
	l.book.Tick(at(300))
	l.gaps(gap{51, 180, 40, GapLost})
	w := l.book.Wanted(9)
	if len(w) != 1 || w[0].Span != Second || w[0].From != at(51) || w[0].To != at(60) {
		t.Fatalf("%+v", w)
	}
	l.book.Filled(w[0], []Bar{l.newBar(55, 10, -1)}, true)
	l.gaps(gap{51, 180, 30, GapLost})
	w = l.book.Wanted(9)
	if len(w) != 1 || w[0].Span != Minute || w[0].From != at(60) || w[0].To != at(180) {
		t.Fatalf("%+v", w)
	}
	l.book.Failed(w[0])
	if len(l.book.Wanted(9)) != 0 {
		t.Fatal("a failed request is handed out again at once")
	}
	l.book.Tick(at(300 + 15))
	w = l.book.Wanted(9)
	fill := l.newBar(60, 29, -1)
	fill.Span = Minute
	l.book.Filled(w[0], []Bar{fill}, true)
	l.gaps(gap{51, 180, 1, GapNotInBars})
	l.parts(65, 0, 64, 0, 0, 1)
}

func TestBookHistory(t *testing.T) {
	l := newLedgerTest(t)
	l.snapshot(SnapshotBaseline, 0, 100)
	l.bar(5, 5, 105)
	l.book.History([]Bar{l.newBar(-10, 30, -1), l.newBar(-5, 20, -1), l.newBar(5, 5, -1), l.newBar(7, 9, -1)})
	l.parts(105, 100, 5, 0, 0, 0)
	rows := l.latest(KindBar)
	if len(rows) != 3 || !rows[0].Is(FlagPast) || !rows[1].Is(FlagPast) || rows[2].Is(FlagPast) {
		t.Fatalf("%+v", rows)
	}
	l.book.History([]Bar{l.newBar(-10, 30, -1)})
	if n := len(l.latest(KindBar)); n != 3 {
		t.Fatalf("%d rows", n)
	}
	l.bar(-5, 20, 100) // the stream sends one of them again: it counts
	l.parts(105, 80, 25, 0, 0, 0)
	if row := l.latest(KindBar)[1]; row.Is(FlagPast) || row.Revision != 1 {
		t.Fatalf("%+v", row)
	}
	if tot := l.book.Totals([]string{"SPY"})[0]; tot.Premium != 25*2*100 {
		t.Errorf("rows from the past count in the premium since %v: %v", tot.Since, tot.Premium)
	}
}

func TestBookGapSpans(t *testing.T) {
	t.Run("a bar that comes late states the volume of its arrival", func(t *testing.T) {
		l := newLedgerTest(t)
		l.book.CompleteBaseline("SPY", at(0))
		l.others(60)
		l.bar(5, 5, 30)
		l.book.Tick(at(80))
		l.gaps(gap{-15, 61, 25, GapLost})
	})
	t.Run("so does one that is corrected late, but it was whole before", func(t *testing.T) {
		l := newLedgerTest(t)
		l.bar(5, 5, 5)
		l.others(60)
		l.bar(5, 6, 10)
		l.book.Tick(at(80))
		l.gaps(gap{6, 61, 4, GapLost})
	})
	t.Run("a correction downwards leaves a gap in its window", func(t *testing.T) {
		l := newLedgerTest(t)
		l.bar(5, 5, 5)
		l.bar(9, 5, 10)
		l.bar(5, 3, 10)
		l.book.Tick(at(80))
		l.gaps(gap{5, 6, 2, GapLost})
	})
	t.Run("a snapshot that agreed bounds it", func(t *testing.T) {
		l := newLedgerTest(t)
		l.bar(10, 5, 5)
		l.snapshot(SnapshotCheck, 20, 5)
		l.others(30)
		l.book.Tick(at(31))
		l.bar(40, 5, 20)
		l.book.Tick(at(60))
		l.gaps(gap{20, 41, 10, GapLost})
	})
	t.Run("it is asked for once REST has closed it", func(t *testing.T) {
		l := newLedgerTest(t)
		l.bar(10, 5, 5)
		l.bar(12, 5, 20)
		l.book.SetDelay(20_000, false)
		l.book.Tick(at(37))
		if w := l.book.Wanted(9); len(w) != 0 {
			t.Fatalf("%+v", w)
		}
		l.book.Tick(at(38))
		if w := l.book.Wanted(9); len(w) != 1 {
			t.Fatalf("%+v", w)
		}
	})
}

func TestBookShrinksPendingVolumeBeforeGaps(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(10, 5, 5)
	l.bar(12, 5, 20)
	l.book.Tick(at(30)) // 10 of [11, 13) are a gap
	l.bar(40, 5, 35)    // 10 more are pending
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
	l.book.Tick(at(30))
	l.gaps(gap{11, 12, 3, GapLost})
	l.bar(11, 8, 13)
	l.gaps()
	l.bar(11, 6, 13) // the same gap again: it goes on with its versions
	l.book.Tick(at(60))
	l.gaps(gap{11, 12, 2, GapLost})
	if g := l.latest(KindGap); len(g) != 1 || g[0].Revision != 2 {
		t.Fatalf("%+v", g)
	}
	l.bar(11, 4, 13) // more of the same span, beside the open one
	l.book.Tick(at(90))
	l.parts(13, 0, 9, 0, 0, 4)
	if g := l.latest(KindGap); len(g) != 2 || g[0].Identity() == g[1].Identity() {
		t.Fatalf("%+v", g)
	}
}

func TestBookDates(t *testing.T) {
	const day = 24 * 60 * 60
	l := newLedgerTest(t)
	l.bar(10, 5, 105)
	midnight := int64(14 * 60 * 60) // from 10:00
	l.bar(midnight-1, 5, 110)
	l.bar(midnight, 3, 3)
	l.parts(3, 0, 3, 0, 0, 0)
	if got := l.book.Date(); got != marketDay+1 {
		t.Fatalf("the date is %s", got)
	}
	l.bar(midnight-1, 8, 113) // a late bar of yesterday
	l.parts(3, 0, 3, 0, 0, 0)
	if old := l.book.days[0].held(l.id); old.exact != 13 || old.total != 113 || old.past != 100 {
		t.Fatalf("yesterday: %+v", old.view())
	}
	l.bar(midnight+10, 3, 16) // followed since before midnight: what is missing is lost, not past
	l.book.Tick(at(midnight + 60))
	l.parts(16, 0, 6, 0, 0, 10)
	other := l.newBar(midnight+70, 5, 25) // first heard of today, but its ticker was followed at midnight
	other.Contract = internTest(l.tape, 1)
	l.book.Bar(other)
	if a, _ := l.book.Account(other.Contract); partsOf(a) != [6]int64{25, 0, 5, 0, 20, 0} {
		t.Fatalf("%+v", a)
	}
	l.book.Tick(at(midnight + 3600))
	if len(l.book.days) != 1 {
		t.Error("yesterday is still held")
	}
	l.bar(midnight-1, 9, 114)
	l.parts(16, 0, 6, 0, 0, 10)
	l.bar(10+day, 3, 19)
	l.parts(19, 0, 9, 0, 0, 10)
}

func TestBookClosedDayIsFilledFromTheSnapshot(t *testing.T) {
	l := newLedgerTest(t)
	l.book.SetDate(marketDay - 3) // Friday is shown
	snap := l.newSnapshot(0, 100)
	snap.DayUpdated = (marketDay - 3).At(15, 59).UnixMilli()
	snap.Read = (marketDay - 2).At(12, 0).UnixMilli()
	l.book.Snapshot(snap, SnapshotBaseline)
	l.parts(100, 100, 0, 0, 0, 0)
	if tot := l.book.Totals([]string{"SPY"})[0]; tot.CallVolume != 100 || tot.CallPremium != 100*2*100 {
		t.Errorf("%+v", tot)
	}
}

func TestBookForget(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(10, 5, 5)
	l.bar(12, 5, 30)
	l.book.Tick(at(30))
	l.snapshot(SnapshotCheck, 31, 50)
	l.book.Forget("SPY")
	if _, ok := l.book.Account(l.id); ok {
		t.Fatal("the account is still there")
	}
	if c := l.book.Counters(); c.GapRows != 0 || c.Missing != 0 || len(l.book.Wanted(9)) != 0 {
		t.Fatalf("%+v", c)
	}
	l.others(60)
	l.book.Tick(at(60))
	l.bar(100, 5, 205)
	a, _ := l.book.Account(l.id)
	if partsOf(a) != [6]int64{205, 200, 5, 0, 0, 0} {
		t.Fatalf("%+v", a)
	}
	l.bar(12, 5, 30) // the stream repeats a bar that is on the tape already
	rows := l.latest(KindBar)
	if len(rows) != 3 || rows[1].Revision != 1 {
		t.Fatalf("a second row of one identity: %+v", rows)
	}
}

func TestBookRefusesNonsense(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(10, 5, 5)
	negative := l.newBar(11, -1, 5)
	l.book.Bar(negative)
	huge := l.newBar(11, math.MaxInt64/2, 5)
	l.book.Bar(huge)
	odd := l.newBar(11, 5, 10)
	odd.Start += 7
	l.book.Bar(odd)
	odd.Span = 17
	l.book.Bar(odd)
	stranger := l.newBar(11, 5, 10)
	stranger.Contract = 4711
	l.book.Bar(stranger)
	l.book.Snapshot(&Snapshot{Contract: 4711, HasDay: true}, SnapshotPoll)
	l.bar(11, 5, 3) // less in the day than in the window: the window counts
	l.parts(10, 0, 10, 0, 0, 0)
}

func TestBookFreezesWhatIsKnown(t *testing.T) {
	l := newLedgerTest(t)
	l.book.SetFlags(FlagSim | FlagDelayed)
	l.bar(10, 5, 5)
	snap := l.newSnapshot(11, 5)
	snap.HasQuote, snap.Quote = true, Quote{Bid: 1.9, Ask: 2, Updated: at(11) - 300, Read: at(12)}
	snap.OpenInterest, snap.IV, snap.Delta, snap.Spot, snap.SpotUpdated = 840, 0.41, 0.48, 655, at(11)
	l.book.Snapshot(snap, SnapshotEnrich)
	l.bar(11, 10, 15)
	rows := l.latest(KindBar)
	before, after := rows[0], rows[1]
	if Known32(before.Spot) || before.OpenInterest != UnknownCount || before.QuoteAge != NoQuote || before.Side != SideUnknown || Known32(before.IV) {
		t.Errorf("knows too much: %+v", before)
	}
	if after.Spot != 655 || after.OpenInterest != 840 || after.IV != 0.41 || after.Delta != 0.48 || after.Bid != 1.9 || after.Ask != 2 || after.QuoteAge != 300 {
		t.Errorf("knows too little: %+v", after)
	}
	if after.Side != SideAsk || after.Certainty != CertaintySure || after.Prints != 1 || after.Premium != 2*10*100 || after.DayVolume != 15 {
		t.Errorf("%+v", after)
	}
	if !after.Is(FlagSim|FlagDelayed) || after.Is(FlagPast) {
		t.Errorf("flags %b", after.Flags)
	}
	delayed := l.newSnapshot(13, 5)
	delayed.Spot, delayed.SpotUpdated, delayed.SpotDelayed = 650, at(12), true
	l.book.Snapshot(delayed, SnapshotEnrich)
	l.bar(14, 10, 25)
	if row := l.latest(KindBar)[2]; Known32(row.Spot) {
		t.Error("a delayed spot beside real-time options was used")
	}
	l.book.SetDelay(900_000, true)
	l.bar(15, 10, 35)
	if row := l.latest(KindBar)[3]; row.Spot != 650 {
		t.Error("a delayed spot beside delayed options was not used")
	}
}
