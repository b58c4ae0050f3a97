package book

import (
	"testing"

	"optflow/model"
	"optflow/model/tape"
)

// While a flood goes on, old windows are forgotten beyond a number of bytes. What
// they held stays in the account, and what comes for their times is counted.
func TestFullTapeForgetsOldWindows(t *testing.T) {
	l := newLedgerTestOn(t, tape.New(tape.Options{MaxRows: 2 * tape.ChunkRows}))
	l.book.crowd.most = 1000
	const bars = 12_000
	for i := range int64(bars) {
		l.bar(i, 2, 2*i+2)
		if i%50 == 0 {
			l.tape.Publish()
			for range crowdTurns {
				l.book.Apply(&Tick{Now: at(i)})
			}
		}
	}
	a := l.book.days.today().held(l.id)
	if len(a.windows.packed) > 2000 || a.windows.gone < bars/2 || a.windows.len() != bars {
		t.Errorf("%d bytes, %d windows forgotten of %d", len(a.windows.packed), a.windows.gone, a.windows.len())
	}
	is := func(day, exact, pending int64) {
		t.Helper()
		if v := a.view(); v.Day != day || v.Exact != exact || v.Pending != pending || v.Past != 0 || !v.Whole() {
			t.Errorf("%+v", v)
		}
	}
	is(2*bars, 2*bars, 0)
	l.bar(100, 2, 202) // once more
	l.bar(101, 9, 2*bars+7)
	is(2*bars+7, 2*bars, 7)
	if got := l.book.Counters().Beyond; got != (model.Beyond{Bars: 2, Lots: 11}) {
		t.Errorf("%+v are counted", got)
	}
	// What is left is as good as ever.
	l.bar(bars-1, 2, 2*bars+7)
	recent := int64(a.windows.base)/1000 + a.day.from/1000 - marketOpen/1000 + 1
	l.bar(recent, 3, 2*bars+7)
	is(2*bars+7, 2*bars+1, 6)
	if got := l.book.Counters().Beyond.Bars; got != 2 {
		t.Errorf("%d bars are counted", got)
	}
}
