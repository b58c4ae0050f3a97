package book

import (
	"slices"
	"testing"

	"optflow/feed/faults"
	"optflow/model"
	"optflow/model/tape"
)

// ledgerTest is a book with one contract and second-by-second input. Seconds count
// from 10:00 in New York.
type ledgerTest struct {
	*testing.T
	tape *tape.Writer
	book *Book
	id   model.ContractID
}

func newLedgerTest(t *testing.T) *ledgerTest {
	return newLedgerTestOn(t, tape.New(tape.Options{}))
}

func newLedgerTestOn(t *testing.T, tape *tape.Writer) *ledgerTest {
	return &ledgerTest{T: t, tape: tape, book: New(tape, Options{}), id: internTest(tape, 0)}
}

// ask is what bars are wanted for, asked for as the feed does.
func ask(b *Book, most int) []GapRequest {
	wanted := b.Wanted(most)
	b.Apply(&Asked{Requests: wanted})
	return wanted
}

func at(second int64) int64 { return marketOpen + second*1000 }

func (l *ledgerTest) newBar(second, v, av int64) model.Bar {
	return model.Bar{
		Contract: l.id, Span: model.Second, Start: at(second), Volume: v, DayVolume: av,
		Open: 2, High: 2, Low: 2, Close: 2, Vwap: 2, DayVwap: 2, AvgSize: float64(v),
	}
}

func (l *ledgerTest) bar(second, v, av int64) { l.book.Apply(&Bar{Bar: l.newBar(second, v, av)}) }

func (l *ledgerTest) newSnapshot(second, volume int64) *model.Snapshot {
	return &model.Snapshot{
		Contract: l.id, Read: at(second), HasDay: true, DayUpdated: at(second), DayVolume: volume, DayVwap: 2,
		DayOpen: 2, DayHigh: 3, DayLow: 1, DayClose: 2, LastTrade: 2.5,
		OpenInterest: model.Unknown, IV: model.Unknown, Delta: model.Unknown, Gamma: model.Unknown, Theta: model.Unknown, Vega: model.Unknown, Spot: model.Unknown,
	}
}

func (l *ledgerTest) snapshot(mode Mode, second, volume int64) {
	l.book.Apply(&Snapshot{l.newSnapshot(second, volume), mode})
}

// others lets the stream go on with another contract, so that event time moves.
func (l *ledgerTest) others(second int64) {
	bar := l.newBar(second, 1, 1)
	bar.Contract = internTest(l.tape, 1)
	l.book.Apply(&Bar{Bar: bar})
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
func (l *ledgerTest) latest(kind model.Kind) []model.Row {
	rows := make(map[model.Identity]model.Row)
	l.tape.Publish()
	for seq := l.tape.First(); seq < l.tape.Next(); seq++ {
		if row, _ := l.tape.At(seq); row.Contract == l.id && row.Kind == kind {
			rows[row.Identity()] = row
		}
	}
	var list []model.Row
	for _, row := range rows {
		list = append(list, row)
	}
	slices.SortFunc(list, func(a, b model.Row) int { return int(a.Start - b.Start) })
	return list
}

// gap is what a gap row says.
type gap struct {
	from, to int64 // seconds
	size     uint32
	reason   model.GapReason
}

// gaps are the open gap rows.
func (l *ledgerTest) gaps(want ...gap) {
	l.Helper()
	var got []gap
	for _, row := range l.latest(model.KindGap) {
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
	l.book.Apply(&Tick{Now: at(30)})
	l.parts(105, 40, 25, 0, 0, 40)
	l.gaps(gap{9, 10, 40, model.GapLost})
}

func TestFault36Corrections(t *testing.T) {
	faults.Open(t, 36)
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
	rows := l.latest(model.KindBar)
	if len(rows) != 1 || rows[0].Size != 7 || rows[0].Revision != 1 || rows[0].Replaces != 1 {
		t.Fatalf("%+v", rows)
	}
	changed := l.newBar(10, 7, 107)
	changed.Vwap = 1.9 // the same size at another price is a correction too
	l.book.Apply(&Bar{Bar: changed})
	if rows = l.latest(model.KindBar); rows[0].Revision != 2 || rows[0].Premium != 1.9*7*100 {
		t.Fatalf("%+v", rows)
	}
	l.parts(107, 100, 7, 0, 0, 0)
}

func TestFault36CorrectionTooLate(t *testing.T) {
	faults.Open(t, 36)
	l := newLedgerTestOn(t, tape.New(tape.Options{KeepMillis: 1, KeepRows: 1, MaxRows: tape.ChunkRows}))
	l.bar(10, 5, 105)
	for i := range int64(2 * tape.ChunkRows) {
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
	if w := ask(l.book, 10); len(w) != 0 {
		t.Fatalf("pending volume is asked for: %+v", w)
	}
	l.book.Apply(&Tick{Now: at(22)})
	l.parts(30, 0, 10, 0, 20, 0)
	l.book.Apply(&Tick{Now: at(23)})
	l.parts(30, 0, 10, 0, 0, 20)
	l.gaps(gap{11, 13, 20, model.GapLost})
	w := ask(l.book, 10)
	if len(w) != 1 || w[0].From != at(11) || w[0].To != at(13) || w[0].Span != model.Second || w[0].Volume != 20 || w[0].Premium != 20*2*100 {
		t.Fatalf("%+v", w)
	}
	if again := ask(l.book, 10); len(again) != 0 {
		t.Fatal("handed out twice")
	}
	l.book.Apply(&Filled{Request: w[0], Bars: []model.Bar{l.newBar(11, 20, -1), l.newBar(12, 6, -1), l.newBar(14, 99, -1)}, Whole: true})
	l.parts(30, 0, 30, 0, 0, 0) // the stream's own bar stays, and what was not asked for is left out
	l.gaps()
	rows := l.latest(model.KindBar)
	if len(rows) != 3 || rows[1].Source != model.SourceBackfill || rows[1].DayVolume != model.UnknownCount || rows[2].Source != model.SourceWS {
		t.Fatalf("%+v", rows)
	}
	if g := l.latest(model.KindGap); len(g) != 1 || g[0].Size != 0 || g[0].Revision != 1 || g[0].Replaces == 0 {
		t.Fatalf("%+v", g)
	}
}

func TestBookBackfilledBarTurnsUpInTheStream(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(10, 5, 5)
	l.bar(12, 5, 30)
	l.book.Apply(&Tick{Now: at(30)})
	l.book.Apply(&Filled{Request: ask(l.book, 1)[0], Bars: []model.Bar{l.newBar(11, 18, -1)}, Whole: true})
	l.parts(30, 0, 28, 0, 0, 2)
	l.gaps(gap{11, 13, 2, model.GapNotInBars})
	l.bar(11, 20, 25)
	l.parts(30, 0, 30, 0, 0, 0)
	if rows := l.latest(model.KindBar); len(rows) != 3 || rows[1].Source != model.SourceWS || rows[1].Revision != 1 {
		t.Fatalf("%+v", rows)
	}
}
