package book

import (
	"testing"

	"optflow/model"
)

// minutesPartial are the minutes of SPY that are not whole, in minutes from 10:00.
func (l *ledgerTest) minutesPartial() (list []int64) {
	t := l.book.Totals([]string{"SPY"})[0]
	first := t.Minute/int64(model.Minute) - sparkMinutes + 1 - at(0)/int64(model.Minute)
	for m := range int64(sparkMinutes) {
		if t.Partial&(1<<m) != 0 && first+m >= 0 {
			list = append(list, first+m)
		}
	}
	return list
}

// A minute that holds less than all that traded says so.
func TestPartialMinutes(t *testing.T) {
	is := func(l *ledgerTest, what string, want ...int64) {
		t.Helper()
		got := l.minutesPartial()
		if len(got) != len(want) {
			t.Fatalf("%s: partial are the minutes %v, want %v", what, got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("%s: partial are the minutes %v, want %v", what, got, want)
			}
		}
	}
	l := newLedgerTest(t)
	l.book.Apply(&History{Bars: []model.Bar{l.newBar(10, 30, -1)}})
	l.book.Apply(&Baseline{Ticker: "SPY", Read: at(130)}) // which speaks of what was up to 15 s before: minute 1
	l.bar(140, 10, 40)
	l.others(245)
	l.book.Apply(&Tick{Now: at(250)})
	is(l, "history and the running minute", 0, 1, 4)

	l.others(310) // up to minute 5, and then nobody says a word
	l.book.Apply(&Tick{Now: at(430)})
	is(l, "nothing was heard to the end", 0, 1, 5, 6, 7)

	l.book.Apply(&Lost{From: at(311), To: at(425), Reason: model.GapLost})
	l.others(480)
	l.book.Apply(&Tick{Now: at(481)})
	is(l, "an outage that no sweep looked at", 0, 1, 5, 6, 7, 8)
	l.book.Apply(&Baseline{Ticker: "SPY", Read: at(500)})
	is(l, "a sweep found nothing missing", 0, 1, 8)

	l.bar(485, 10, 60) // ten lots more than were seen
	l.book.Apply(&Tick{Now: at(520)})
	if got := l.minutesPartial(); len(got) < 5 {
		t.Errorf("with a gap partial are the minutes %v only", got)
	}
}
