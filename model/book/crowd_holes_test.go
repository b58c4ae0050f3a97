package book

import (
	"testing"

	"optflow/model"
	"optflow/model/tape"
)

// Where a contract has more gaps than it may, the oldest become one that spans
// them: nothing that is missing is left out, and the row says of what time it is.
func TestGapsBeyondANumberAreJoined(t *testing.T) {
	l := newLedgerTest(t)
	l.book.gaps.most = 4
	day := int64(0)
	for i := range int64(5) {
		second := 100 * i
		day += 5
		l.bar(second, 5, day)
		day += 3 + i
		l.bar(second+1, 1, day+1) // 3 and more are missing
		day++
		l.book.Apply(&Tick{Now: at(second + 20)})
	}
	l.parts(55, 0, 30, 0, 0, 25)
	l.gaps(gap{1, 302, 18, model.GapLost}, gap{401, 402, 7, model.GapLost})
	if n := len(l.book.days.list[0].open[0].holes); n != l.book.gaps.many {
		t.Errorf("%d holes count as %d", n, l.book.gaps.many)
	}
	// REST has a part of it, and of the rest it says that it is in no bar.
	for _, req := range ask(l.book, 9) {
		l.book.Apply(&Filled{Request: req, Bars: []model.Bar{l.newBar(202, 4, -1)}, Whole: true})
	}
	l.parts(55, 0, 34, 0, 0, 21)
	l.gaps(gap{1, 302, 14, model.GapNotInBars}, gap{401, 402, 7, model.GapNotInBars})
}

// A gap that is filled is remembered while its rows are on the tape.
func TestFilledGapsAreForgottenWithTheirRows(t *testing.T) {
	l := newLedgerTestOn(t, tape.New(tape.Options{KeepRows: 1, KeepMillis: 1, MaxRows: 2 * tape.ChunkRows}))
	day := int64(0)
	for i := range int64(4000) {
		l.bar(3*i, 5, day+8) // 3 are missing
		l.book.Apply(&Tick{Now: at(3*i + 12)})
		l.bar(3*i, 8, day+8)
		day += 8
		l.tape.Publish()
	}
	a := l.book.days.list[0].held(l.id)
	if rows := int(l.tape.Next() - l.tape.First()); len(a.closed) > rows || a.missing != 0 {
		t.Errorf("%d filled gaps are remembered beside %d rows, %d lots are missing", len(a.closed), rows, a.missing)
	}
}

// Once there are many in all, what is missing of a contract waits together.
func TestGapsInACrowd(t *testing.T) {
	l := newLedgerTest(t)
	l.book.gaps.many = holesCrowded + 1
	day := int64(0)
	for i := range int64(200) {
		day += 5
		if i%3 == 0 {
			day += 10
		}
		l.bar(i, 5, day)
		l.book.Apply(&Tick{Now: at(i + 1)})
	}
	a := l.book.days.list[0].held(l.id)
	if len(a.holes) > holesFew+1 || cap(a.holes) > 2*holesFew {
		t.Errorf("%d holes", len(a.holes))
	}
	l.book.Apply(&Tick{Now: at(300)})
	l.parts(1670, 10, 1000, 0, 0, 660)
}
