package book

import (
	"math"
	"testing"

	"optflow/model"
)

func TestBookSpanChange(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(58, 5, 5)
	l.book.Apply(&Span{Span: model.Minute, From: at(60)})
	early := l.newBar(0, 99, 99)
	early.Span = model.Minute
	l.book.Apply(&Bar{Bar: early}) // that minute counts in seconds
	l.bar(59, 5, 10)
	l.bar(61, 7, 17) // and this one in minutes
	l.parts(10, 0, 10, 0, 0, 0)
	minute := l.newBar(60, 20, 30)
	minute.Span = model.Minute
	l.book.Apply(&Bar{Bar: minute})
	l.parts(30, 0, 30, 0, 0, 0)
	later := l.newBar(120, 20, 70)
	later.Span = model.Minute
	l.book.Apply(&Bar{Bar: later})
	l.book.Apply(&Span{Span: model.Second, From: at(180)})
	l.book.Apply(&Tick{Now: at(260)})
	l.bar(181, 10, 100)
	l.book.Apply(&Tick{Now: at(400)})
	l.parts(100, 0, 60, 0, 0, 40)
	l.gaps(gap{120, 180, 20, model.GapLost}, gap{180, 260, 20, model.GapLost}) // its bar came 78 s late, and states the day as of then
	w := ask(l.book, 9)
	if len(w) != 2 || w[0].Span == w[1].Span {
		t.Fatalf("%+v", w)
	}
}

func TestBookAsksAcrossASpanChangeInParts(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(50, 5, 5)
	l.book.Apply(&Span{Span: model.Minute, From: at(60)})
	minute := l.newBar(120, 20, 65)
	minute.Span = model.Minute
	l.book.Apply(&Bar{Bar: minute})
	l.book.Apply(&Tick{Now: at(300)})
	l.gaps(gap{51, 180, 40, model.GapLost})
	w := ask(l.book, 9)
	if len(w) != 1 || w[0].Span != model.Second || w[0].From != at(51) || w[0].To != at(60) {
		t.Fatalf("%+v", w)
	}
	l.book.Apply(&Filled{Request: w[0], Bars: []model.Bar{l.newBar(55, 10, -1)}, Whole: true})
	l.gaps(gap{51, 180, 30, model.GapLost})
	w = ask(l.book, 9)
	if len(w) != 1 || w[0].Span != model.Minute || w[0].From != at(60) || w[0].To != at(180) {
		t.Fatalf("%+v", w)
	}
	l.book.Apply(&Failed{Request: w[0]})
	if len(ask(l.book, 9)) != 0 {
		t.Fatal("a failed request is handed out again at once")
	}
	l.book.Apply(&Tick{Now: at(300 + 15)})
	w = ask(l.book, 9)
	fill := l.newBar(60, 29, -1)
	fill.Span = model.Minute
	l.book.Apply(&Filled{Request: w[0], Bars: []model.Bar{fill}, Whole: true})
	l.gaps(gap{51, 180, 1, model.GapNotInBars})
	l.parts(65, 0, 64, 0, 0, 1)
}

func TestBookHistory(t *testing.T) {
	l := newLedgerTest(t)
	l.snapshot(ModeBaseline, 0, 100)
	l.bar(5, 5, 105)
	l.book.Apply(&History{Bars: []model.Bar{l.newBar(-10, 30, -1), l.newBar(-5, 20, -1), l.newBar(5, 5, -1), l.newBar(7, 9, -1)}})
	l.parts(105, 100, 5, 0, 0, 0)
	rows := l.latest(model.KindBar)
	if len(rows) != 3 || !rows[0].Is(model.FlagPast) || !rows[1].Is(model.FlagPast) || rows[2].Is(model.FlagPast) {
		t.Fatalf("%+v", rows)
	}
	l.book.Apply(&History{Bars: []model.Bar{l.newBar(-10, 30, -1)}})
	if n := len(l.latest(model.KindBar)); n != 3 {
		t.Fatalf("%d rows", n)
	}
	l.bar(-5, 20, 100) // the stream sends one of them again: it counts
	l.parts(105, 80, 25, 0, 0, 0)
	if row := l.latest(model.KindBar)[1]; row.Is(model.FlagPast) || row.Revision != 1 {
		t.Fatalf("%+v", row)
	}
	if tot := l.book.Totals([]string{"SPY"})[0]; tot.Premium != 25*2*100 {
		t.Errorf("rows from the past count in the premium since %v: %v", tot.Since, tot.Premium)
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
	if old := l.book.days.list[0].held(l.id); old.exact != 13 || old.total != 113 || old.past != 100 {
		t.Fatalf("yesterday: %+v", old.view())
	}
	l.bar(midnight+10, 3, 16) // followed since before midnight: what is missing is lost, not past
	l.book.Apply(&Tick{Now: at(midnight + 60)})
	l.parts(16, 0, 6, 0, 0, 10)
	other := l.newBar(midnight+70, 5, 25) // first heard of today, but its ticker was followed at midnight
	other.Contract = internTest(l.tape, 1)
	l.book.Apply(&Bar{Bar: other})
	if a, _ := l.book.Account(other.Contract); partsOf(a) != [6]int64{25, 0, 5, 0, 20, 0} {
		t.Fatalf("%+v", a)
	}
	l.book.Apply(&Tick{Now: at(midnight + 3600)})
	if len(l.book.days.list) != 1 {
		t.Error("yesterday is still held")
	}
	l.bar(midnight-1, 9, 114)
	l.parts(16, 0, 6, 0, 0, 10)
	l.bar(10+day, 3, 19)
	l.parts(19, 0, 9, 0, 0, 10)
}

func TestBookClosedDayIsFilledFromTheSnapshot(t *testing.T) {
	l := newLedgerTest(t)
	l.book.Apply(&Date{Date: marketDay - 3}) // Friday is shown
	snap := l.newSnapshot(0, 100)
	snap.DayUpdated = (marketDay - 3).At(15, 59).UnixMilli()
	snap.Read = (marketDay - 2).At(12, 0).UnixMilli()
	l.book.Apply(&Snapshot{snap, ModeBaseline})
	l.parts(100, 100, 0, 0, 0, 0)
	if tot := l.book.Totals([]string{"SPY"})[0]; tot.CallVolume != 100 || tot.CallPremium != 100*2*100 {
		t.Errorf("%+v", tot)
	}
}

func TestBookForget(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(10, 5, 5)
	l.bar(12, 5, 30)
	l.book.Apply(&Tick{Now: at(30)})
	l.snapshot(ModeCheck, 31, 50)
	l.book.Apply(&Forget{Ticker: "SPY"})
	if _, ok := l.book.Account(l.id); ok {
		t.Fatal("the account is still there")
	}
	if c := l.book.Counters(); c.GapRows != 0 || c.Missing != 0 || len(ask(l.book, 9)) != 0 {
		t.Fatalf("%+v", c)
	}
	l.others(60)
	l.book.Apply(&Tick{Now: at(60)})
	l.bar(100, 5, 205)
	a, _ := l.book.Account(l.id)
	if partsOf(a) != [6]int64{205, 200, 5, 0, 0, 0} {
		t.Fatalf("%+v", a)
	}
	l.bar(12, 5, 30) // the stream repeats a bar that is on the tape already
	rows := l.latest(model.KindBar)
	if len(rows) != 3 || rows[1].Revision != 1 {
		t.Fatalf("a second row of one identity: %+v", rows)
	}
}

func TestBookRefusesNonsense(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(10, 5, 5)
	negative := l.newBar(11, -1, 5)
	l.book.Apply(&Bar{Bar: negative})
	huge := l.newBar(11, math.MaxInt64/2, 5)
	l.book.Apply(&Bar{Bar: huge})
	odd := l.newBar(11, 5, 10)
	odd.Start += 7
	l.book.Apply(&Bar{Bar: odd})
	odd.Span = 17
	l.book.Apply(&Bar{Bar: odd})
	stranger := l.newBar(11, 5, 10)
	stranger.Contract = 4711
	l.book.Apply(&Bar{Bar: stranger})
	l.book.Apply(&Snapshot{&model.Snapshot{Contract: 4711, HasDay: true}, ModePoll})
	l.bar(11, 5, 3) // less in the day than in the window: the window counts
	l.parts(10, 0, 10, 0, 0, 0)
}

func TestBookFreezesWhatIsKnown(t *testing.T) {
	l := newLedgerTest(t)
	l.book.Apply(&Flags{Flags: model.FlagSim | model.FlagDelayed})
	l.bar(10, 5, 5)
	snap := l.newSnapshot(11, 5)
	snap.HasQuote, snap.Quote = true, model.Quote{Bid: 1.9, Ask: 2, Updated: at(11) - 300, Read: at(12)}
	snap.OpenInterest, snap.IV, snap.Delta, snap.Spot, snap.SpotUpdated = 840, 0.41, 0.48, 655, at(11)
	l.book.Apply(&Snapshot{snap, ModeEnrich})
	l.bar(11, 10, 15)
	rows := l.latest(model.KindBar)
	before, after := rows[0], rows[1]
	if model.Known32(before.Spot) || before.OpenInterest != model.UnknownCount || before.Revision != 1 || before.Certainty != model.CertaintyLoose || model.Known32(before.IV) {
		t.Errorf("knows too much: %+v", before)
	}
	if after.Spot != 655 || after.OpenInterest != 840 || after.IV != 0.41 || after.Delta != 0.48 || after.Bid != 1.9 || after.Ask != 2 || after.QuoteAge != 300 {
		t.Errorf("knows too little: %+v", after)
	}
	if after.Side != model.SideAsk || after.Certainty != model.CertaintyLoose || after.Prints != 1 || after.Premium != 2*10*100 || after.DayVolume != 15 {
		t.Errorf("%+v", after)
	}
	if !after.Is(model.FlagSim|model.FlagDelayed) || after.Is(model.FlagPast) {
		t.Errorf("flags %b", after.Flags)
	}
	delayed := l.newSnapshot(13, 5)
	delayed.Spot, delayed.SpotUpdated, delayed.SpotDelayed = 650, at(12), true
	l.book.Apply(&Snapshot{delayed, ModeEnrich})
	l.bar(14, 10, 25)
	if row := l.latest(model.KindBar)[2]; model.Known32(row.Spot) {
		t.Error("a delayed spot beside real-time options was used")
	}
	l.book.Apply(&Delay{Delay: 900_000, Delayed: true})
	l.bar(15, 10, 35)
	if row := l.latest(model.KindBar)[3]; row.Spot != 650 {
		t.Error("a delayed spot beside delayed options was not used")
	}
}

// What is read long after a window says nothing of it: a row of history does
// not carry today's later spot, quote or greeks as if they had been its own.
func TestBookTellsNoRowWithHindsight(t *testing.T) {
	l := newLedgerTest(t)
	snap := l.newSnapshot(1800, 500)
	snap.HasQuote, snap.Quote = true, model.Quote{Bid: 1.9, Ask: 2, Updated: at(1799), Read: at(1800)}
	snap.OpenInterest, snap.IV, snap.Delta, snap.Spot, snap.SpotUpdated = 840, 0.41, 0.48, 655, at(1799)
	l.book.Apply(&Snapshot{snap, ModeEnrich})
	l.book.Apply(&History{Bars: []model.Bar{l.newBar(10, 10, -1), l.newBar(1790, 10, -1)}})
	rows := l.latest(model.KindBar)
	if old := rows[0]; model.Known32(old.Spot) || model.Known32(old.IV) || model.Known32(old.Delta) || model.Known32(old.Bid) || old.QuoteAge != model.NoQuote || old.Side != model.SideUnknown {
		t.Errorf("half an hour later: %+v", old)
	} else if old.OpenInterest != 840 {
		t.Error("open interest is yesterday's at any time of the day")
	}
	if near := rows[1]; near.Spot != 655 || near.IV != 0.41 || near.Bid != 1.9 || near.Side == model.SideUnknown {
		t.Errorf("within the minute: %+v", near)
	}
	l.book.Apply(&Delay{Delay: 1_790_000, Delayed: true})
	snap.Quote.Updated, snap.SpotUpdated, snap.Quote.Read, snap.Read = 0, 0, at(1801), at(1801)
	l.book.Apply(&Snapshot{snap, ModeEnrich})
	l.book.Apply(&History{Bars: []model.Bar{l.newBar(11, 10, -1)}})
	if row := l.latest(model.KindBar)[1]; row.IV != 0.41 || row.Bid != 1.9 {
		t.Errorf("read late because the feed is late: %+v", row)
	}
}

// A date begun on a wrong clock's word is left again, with nothing lost of the
// day that was still going on.
func TestBookLeavesADateAgain(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(58, 5, 5)
	today := l.book.Date()
	l.book.Apply(&Provisional{Alone: true})
	l.book.Apply(&Date{Date: today + 1})
	l.book.Apply(&Tick{Now: at(26 * 3600)})
	if !l.book.Holds(at(60)) || l.book.Date() != today+1 {
		t.Fatalf("today was given up on one clock's word, %v", l.book.Date())
	}
	l.book.Apply(&Rewind{Now: at(70), Date: today})
	l.book.Apply(&Provisional{Alone: false})
	l.bar(61, 7, 15)
	l.book.Apply(&Tick{Now: at(120)})
	if l.book.Date() != today || len(l.book.days.list) != 1 {
		t.Errorf("%v, %d days", l.book.Date(), len(l.book.days.list))
	}
	l.parts(15, 0, 12, 0, 0, 3)
}

// What bars have put in a date stays in it, since they carry their own.
func TestBookKeepsADateThatHasBars(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(58, 5, 5)
	today, midnight := l.book.Date(), int64(14*60*60)
	l.bar(midnight+5, 3, 3)
	l.book.Apply(&Rewind{Now: at(70), Date: today})
	if l.book.Date() != today || len(l.book.days.list) != 2 || l.book.Holds(at(-30*3600)) {
		t.Errorf("%v, %d days", l.book.Date(), len(l.book.days.list))
	}
	l.bar(midnight+6, 4, 7)
	if a, _ := l.book.Account(0); a.Day != 7 || l.book.Date() != today+1 {
		t.Errorf("%v: %+v", l.book.Date(), a)
	}
}
