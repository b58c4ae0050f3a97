package book

import (
	"testing"

	"optflow/model"
)

func TestBookBaseline(t *testing.T) {
	t.Run("its volume is past", func(t *testing.T) {
		l := newLedgerTest(t)
		l.snapshot(ModeBaseline, 0, 100)
		l.parts(100, 100, 0, 0, 0, 0)
		l.bar(5, 5, 105)
		l.parts(105, 100, 5, 0, 0, 0)
	})
	t.Run("ahead of the stream", func(t *testing.T) {
		l := newLedgerTest(t)
		l.snapshot(ModeBaseline, 10, 100)
		l.bar(5, 5, 90)
		l.parts(90, 85, 5, 0, 0, 0)
		l.bar(8, 10, 100)
		l.others(20)
		l.book.Apply(&Tick{Now: at(20)})
		l.parts(100, 85, 15, 0, 0, 0)
	})
	t.Run("behind the stream", func(t *testing.T) {
		l := newLedgerTest(t)
		snap := l.newSnapshot(10, 80)
		snap.DayUpdated = at(2)
		l.book.Apply(&Snapshot{snap, ModeBaseline})
		l.bar(8, 10, 100)
		l.parts(100, 80, 10, 0, 10, 0)
		l.book.Apply(&Tick{Now: at(30)})
		l.gaps(gap{1, 9, 10, model.GapLost})
	})
	t.Run("of another date says 0", func(t *testing.T) {
		l := newLedgerTest(t)
		snap := l.newSnapshot(0, 4711)
		snap.DayUpdated -= 24 * 60 * int64(model.Minute)
		l.book.Apply(&Snapshot{snap, ModeBaseline})
		l.bar(5, 5, 15)
		l.parts(15, 0, 5, 0, 10, 0)
	})
	t.Run("without a date says nothing", func(t *testing.T) {
		l := newLedgerTest(t)
		snap := l.newSnapshot(0, 4711)
		snap.DayUpdated = 0
		l.book.Apply(&Snapshot{snap, ModeBaseline})
		l.book.Apply(&Baseline{Ticker: "SPY", Read: at(0)})
		l.bar(5, 5, 15)
		l.parts(15, 10, 5, 0, 0, 0)
	})
	t.Run("whole after the first bar", func(t *testing.T) {
		l := newLedgerTest(t)
		l.bar(5, 5, 15)
		l.parts(15, 10, 5, 0, 0, 0)
		l.book.Apply(&Baseline{Ticker: "SPY", Read: at(6)})
		l.parts(15, 0, 5, 0, 10, 0)
	})
	t.Run("whole, of another ticker", func(t *testing.T) {
		l := newLedgerTest(t)
		l.book.Apply(&Baseline{Ticker: "QQQ", Read: at(0)})
		l.bar(5, 5, 15)
		l.parts(15, 10, 5, 0, 0, 0)
	})
	t.Run("enrichment is no statement of volume", func(t *testing.T) {
		l := newLedgerTest(t)
		l.snapshot(ModeEnrich, 0, 100)
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
		l.snapshot(ModePoll, 15, 60)
		l.snapshot(ModePoll, 20, 60)
		l.snapshot(ModePoll, 25, 60)
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
		l.snapshot(ModeCheck, 20, 9)
		l.others(23) // ends at 24
		l.book.Apply(&Tick{Now: at(60)})
		l.parts(5, 0, 5, 0, 0, 0)
		l.others(24)
		l.book.Apply(&Tick{Now: at(61)})
		l.parts(9, 0, 5, 0, 4, 0)
		l.book.Apply(&Tick{Now: at(71)})
		l.gaps(gap{11, 20, 4, model.GapLost})
	})
	t.Run("a contract that does not trade again", func(t *testing.T) {
		l := newLedgerTest(t)
		l.book.Apply(&Baseline{Ticker: "SPY", Read: at(0)})
		l.book.Apply(&Lost{From: at(5), To: at(15), Reason: model.GapLost})
		l.snapshot(ModeCheck, 20, 9)
		l.others(30)
		l.book.Apply(&Tick{Now: at(30)})
		l.book.Apply(&Tick{Now: at(41)})
		l.parts(9, 0, 0, 0, 0, 9)
		l.gaps(gap{-15, 20, 9, model.GapLost})
	})
	t.Run("the measured delay counts", func(t *testing.T) {
		l := newLedgerTest(t)
		l.book.Apply(&Delay{Delay: 3000, Delayed: false})
		l.bar(10, 5, 5)
		l.snapshot(ModeCheck, 20, 9)
		l.others(21)
		l.book.Apply(&Tick{Now: at(25)})
		l.parts(9, 0, 5, 0, 4, 0)
	})
	t.Run("minutes", func(t *testing.T) {
		l := newLedgerTest(t)
		l.book = New(l.tape, Options{Span: model.Minute})
		minute := func(n, v, av int64) {
			bar := l.newBar(n*60, v, av)
			bar.Span = model.Minute
			l.book.Apply(&Bar{Bar: bar})
		}
		minute(0, 5, 5)
		l.snapshot(ModeCheck, 70, 9)
		minute(1, 4, 9)
		l.book.Apply(&Tick{Now: at(131)})
		l.parts(9, 0, 9, 0, 0, 0)
		l.snapshot(ModeCheck, 130, 19)
		minute(2, 4, 13)
		l.book.Apply(&Tick{Now: at(185)})
		l.parts(13, 0, 13, 0, 0, 0)
		minute(3, 4, 17)
		l.book.Apply(&Tick{Now: at(245)})
		l.parts(19, 0, 17, 0, 2, 0)
		l.book.Apply(&Tick{Now: at(319)})
		l.parts(19, 0, 17, 0, 2, 0)
		l.book.Apply(&Tick{Now: at(320)})
		l.parts(19, 0, 17, 0, 0, 2)
	})
	// Its snapshots may be as late as its stream, or not late at all.
	t.Run("on a delayed feed when the stream comes to the reading", func(t *testing.T) {
		l := newLedgerTest(t)
		l.book.Apply(&Delay{Delay: 900_000, Delayed: true})
		l.bar(10, 5, 5)
		l.snapshot(ModeCheck, 20, 9)
		l.others(23)
		l.book.Apply(&Tick{Now: at(23 + 900)})
		l.parts(5, 0, 5, 0, 0, 0)
		l.others(24)
		l.book.Apply(&Tick{Now: at(24 + 900)})
		l.parts(9, 0, 5, 0, 4, 0)
	})
}

// What a recorder missed by the clock lies back by the delay of the feed.
func TestLostByTheClock(t *testing.T) {
	const late = 15 * int64(model.Minute)
	var accounts []model.Account
	for _, lost := range []Lost{
		{From: marketOpen, To: marketOpen + 60_000, Reason: model.GapLost},
		{From: marketOpen + late, To: marketOpen + late + 60_000, Reason: model.GapLost, Clock: true},
		{From: marketOpen + late, To: marketOpen + late + 60_000, Reason: model.GapLost},
	} {
		b := newTold()
		b.Apply(&Delay{Delay: late, Delayed: true})
		b.Apply(&Expect{Name: "SPY"})
		for _, symbol := range []string{"O:SPY261218C00600000", "O:SPY261218P00600000"} {
			b.Apply(&Contract{Symbol: symbol})
		}
		b.Apply(&Bar{Bar: model.Bar{Contract: 0, Span: model.Second, Start: marketOpen - 1000, Volume: 5, DayVolume: 5}})
		b.Apply(&lost)
		b.Apply(&Bar{Bar: model.Bar{Contract: 1, Span: model.Second, Start: marketOpen + 61_000, Volume: 5, DayVolume: 50}})
		a, _ := b.Account(1)
		accounts = append(accounts, a)
	}
	if accounts[0].Past != 0 || accounts[1].Past != 0 || accounts[2].Past == 0 {
		t.Errorf("of what traded before the first window the past is %d, by the clock %d, by it as though windows were %d", accounts[0].Past, accounts[1].Past, accounts[2].Past)
	}
}
