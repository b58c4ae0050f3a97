package model

import "testing"

// A late bar states the volume of its arrival, so more is missing than it
// brings. That traded since the contract is watched, not since midnight: asking
// for the whole day would turn the past into rows.
func TestBookGapsDoNotReachBeforeTheStart(t *testing.T) {
	l := newLedgerTest(t)
	l.snapshot(SnapshotBaseline, 100, 92)
	l.others(110)
	l.bar(95, 5, 110)
	l.book.Tick(at(200))
	l.parts(110, 92, 5, 0, 0, 13)
	l.gaps(gap{100 - snapshotSlack/1000, 111, 13, GapLost})

	l = newLedgerTest(t) // nor does a bar from before the start
	l.snapshot(SnapshotBaseline, 100, 92)
	l.others(110)
	l.bar(60, 5, 110)
	l.book.Tick(at(200))
	l.parts(110, 92, 5, 0, 0, 13)
	l.gaps(gap{60, 111, 13, GapLost})
}

// A window of the history that comes to count is printed again without its
// mark, even when it is so old that its row is no longer remembered.
func TestBookHistoryThatCountsIsPrintedAgain(t *testing.T) {
	l := newLedgerTest(t)
	l.snapshot(SnapshotBaseline, 0, 100)
	l.book.History([]Bar{l.newBar(-10, 30, -1)})
	last := int64(hotMillis/1000) + 60
	volume := int64(100)
	for s := last; s < last+200; s++ { // until the old ones are packed
		volume++
		l.bar(s, 1, volume)
	}
	if a := l.book.days[0].held(l.id); a.windows.count == 0 {
		t.Fatal("nothing was packed")
	}
	l.bar(-10, 30, 100)
	l.parts(volume, 70, 230, 0, 0, 0)
	if row := l.latest(KindBar)[0]; row.Start != at(-10) || row.Size != 30 || row.Is(FlagPast) || row.Revision == 0 {
		t.Errorf("the last version is %+v", row)
	}
}
