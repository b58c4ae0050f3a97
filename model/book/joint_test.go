package book

import "testing"

// other is a contract of a second underlying.
func (l *ledgerTest) other(symbol string, second, v, av int64) {
	l.Helper()
	id, err := l.tape.Registry.Intern(symbol)
	if err != nil {
		l.Fatal(err)
	}
	bar := l.newBar(second, v, av)
	bar.Contract = id
	l.book.Apply(&Bar{Bar: bar})
}

// Shares of the tape are taken over the time that all tickers have in common: who
// joined late counts against what the others traded since then, and no more.
func TestJointPremiumIsOfACommonTime(t *testing.T) {
	const tsla = "O:TSLA261218C00400000"
	l := newLedgerTest(t)
	l.book.Apply(&Baseline{Ticker: "SPY", Read: at(0)})
	l.bar(30, 500, 500)
	l.bar(60, 500, 1000)
	tickers := []string{"SPY", "TSLA"}
	if got := l.book.Totals(tickers); got[0].Joint != 1000*200 || got[0].JointSince == 0 || got[1].JointSince != 0 {
		t.Fatalf("one ticker: %+v", got)
	}

	l.book.Apply(&Baseline{Ticker: "TSLA", Read: at(70)}) // it joins
	since := l.book.Totals(tickers)[0].JointSince
	if want := at(70) - snapshotSlack; since != max(want, at(61)) {
		t.Fatalf("in common since %d, want %d", since-at(0), want-at(0))
	}
	l.bar(75, 30, 1030)
	l.other(tsla, 76, 10, 10)
	l.bar(58, 40, 1070)      // late, from before: it is in SPY's own sums only
	l.bar(75, 50, 1090)      // a correction of one that counts
	l.bar(30, 600, 600)      // and of one that does not
	l.other(tsla, 77, 5, 15) // more
	got := l.book.Totals(tickers)
	if got[0].Joint != 50*200 || got[1].Joint != 15*200 || got[0].JointSince != since || got[1].JointSince != since {
		t.Errorf("joint %v and %v since %d, want 10000 and 3000 since %d", got[0].Joint, got[1].Joint, got[0].JointSince-at(0), since-at(0))
	}
	if got[0].Premium <= 1000*200 {
		t.Errorf("SPY's own sum is %v", got[0].Premium)
	}

	l.book.Apply(&Forget{Ticker: "TSLA"})
	l.bar(80, 10, 1100)
	if got := l.book.Totals(tickers[:1])[0]; got.Joint != 60*200 || got.JointSince != since {
		t.Errorf("alone again: %v since %d", got.Joint, got.JointSince-at(0))
	}
	l.other(tsla, 90, 7, 22) // followed again: what came between is not known
	if got := l.book.Totals(tickers); got[0].Joint != 0 || got[1].Joint != 7*200 || got[1].JointSince != at(90) {
		t.Errorf("joined again: %v and %v since %d", got[0].Joint, got[1].Joint, got[1].JointSince-at(0))
	}
}
