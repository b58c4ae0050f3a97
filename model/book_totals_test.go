package model

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6*(1+math.Abs(a)+math.Abs(b)) }

// The totals, kept by differences, are what the accounts and the latest
// versions of the rows add up to.
func TestBookTotalsAreTheSumsOfAccountsAndRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tape := NewTape(TapeOptions{})
		rng, m := drawMarket(t, tape, true, true)
		s := write(rng, m, faults{loss: 20, duplicates: 30, jitter: 5000, cut: true, polls: true, baseline: true, checks: true})
		b := NewBook(tape, BookOptions{})
		for i, step := range s.steps {
			if i%5 == 0 {
				snap := m.snapshot(m.ids[0], step.at, 0)
				snap.HasQuote, snap.Quote = true, Quote{Bid: 1.2, Ask: 1.3 + rng.Float64()/2, Updated: step.at - 60_000, Read: step.at}
				b.Snapshot(snap, SnapshotEnrich)
			}
			step.act(b)
		}
		s.end(b)
		got := b.Totals([]string{"SPY", "QQQ"})
		if len(got) != 2 || got[1].CallVolume != 0 || got[1].Spot == got[1].Spot || len(got[1].Minutes) != 60 {
			t.Fatalf("%+v", got)
		}
		var want Totals
		b.Accounts(func(a Account) bool {
			if tape.Contracts.At(a.Contract).Type == Call {
				want.CallPremium += a.Premium
				want.CallVolume += a.Day
			} else {
				want.PutPremium += a.Premium
				want.PutVolume += a.Day
			}
			return true
		})
		latest := make(map[Identity]Row)
		tape.Publish()
		for seq := range tape.Next() {
			row, _ := tape.At(seq)
			latest[row.Identity()] = row
		}
		for _, row := range latest {
			if row.Kind != KindBar {
				continue
			}
			want.Premium += row.Premium
			kind := tape.Contracts.At(row.Contract).Type
			if row.Certainty == CertaintySure && row.Side.Bullish(kind) {
				want.Bull += row.Premium
			}
			if row.Certainty == CertaintySure && row.Side.Bearish(kind) {
				want.Bear += row.Premium
			}
		}
		minutes := 0.0
		for _, v := range got[0].Minutes {
			minutes += v
		}
		g := got[0]
		if g.CallVolume != want.CallVolume || g.PutVolume != want.PutVolume || !near(g.CallPremium, want.CallPremium) ||
			!near(g.PutPremium, want.PutPremium) || !near(g.Premium, want.Premium) || !near(g.Bull, want.Bull) ||
			!near(g.Bear, want.Bear) || !near(minutes, want.Premium) {
			t.Fatalf("totals %+v\nminutes %v\nwant %+v", g, minutes, want)
		}
	})
}

func TestBookMinutes(t *testing.T) {
	l := newLedgerTest(t)
	l.bar(0, 1, 1)
	l.bar(59, 2, 3)
	l.bar(60, 3, 6)
	minutes := l.book.Totals([]string{"SPY"})[0].Minutes
	if minutes[59] != 3*200 || minutes[58] != 3*200 || minutes[57] != 0 {
		t.Fatalf("%v", minutes)
	}
	l.book.Tick(at(60 + 58*60))
	minutes = l.book.Totals([]string{"SPY"})[0].Minutes
	if minutes[0] != 3*200 || minutes[1] != 3*200 || minutes[59] != 0 {
		t.Fatalf("%v", minutes)
	}
	l.bar(3, 5, 11) // too old to be shown
	l.book.Tick(at(60 + 59*60))
	if minutes = l.book.Totals([]string{"SPY"})[0].Minutes; minutes[0] != 3*200 || minutes[1] != 0 {
		t.Fatalf("%v", minutes)
	}
}

func TestBookTotalsDoNotDrift(t *testing.T) {
	l := newLedgerTest(t)
	rng := rand.New(rand.NewPCG(1, 1))
	volume := int64(0)
	for i := range int64(20_000) {
		bar := l.newBar(i, 1+rng.Int64N(1000), 0)
		volume += bar.Volume
		bar.DayVolume, bar.DayVwap = volume, 0.01+rng.Float64()*100
		l.book.Bar(bar)
	}
	l.book.Tick(at(20_000))
	a, _ := l.book.Account(l.id)
	if tot := l.book.Totals([]string{"SPY"})[0]; tot.CallPremium != a.Premium || tot.CallVolume != a.Day {
		t.Errorf("totals %v, account %v", tot.CallPremium, a.Premium)
	}
}

func TestBookSpot(t *testing.T) {
	l := newLedgerTest(t)
	l.book.SetSpot("SPY", 600, at(0), false) // not followed yet
	l.bar(0, 1, 1)
	l.book.SetSpot("SPY", 655, at(10), false)
	l.book.SetSpot("SPY", 640, at(5), false) // older
	tot := l.book.Totals([]string{"SPY"})[0]
	if tot.Spot != 655 || tot.SpotTime != at(10) {
		t.Errorf("%+v", tot)
	}
}
