package book

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"optflow/model"
	"optflow/model/tape"
	"optflow/model/twin"
)

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6*(1+math.Abs(a)+math.Abs(b)) }

// The totals, kept by differences, are what the accounts and the latest
// versions of the rows add up to.
func TestBookTotalsAreTheSumsOfAccountsAndRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tape := tape.New(tape.Options{})
		rng, m := drawMarket(t, tape, true, true)
		s := write(rng, m, disorder{loss: 20, duplicates: 30, jitter: 5000, cut: true, polls: true, baseline: true, checks: true})
		b := New(tape, Options{})
		for i, step := range s.steps {
			if i%5 == 0 {
				snap := m.snapshot(m.ids[0], step.at, 0)
				snap.HasQuote, snap.Quote = true, model.Quote{Bid: 1.2, Ask: 1.3 + rng.Float64()/2, Updated: step.at - 60_000, Read: step.at}
				b.Apply(&Snapshot{snap, ModeEnrich})
			}
			step.act(b)
		}
		s.end(b)
		got := b.Totals([]string{"SPY", "QQQ"})
		if len(got) != 2 || got[1].CallVolume != 0 || got[1].Spot == got[1].Spot || len(got[1].Minutes) != 60 {
			t.Fatalf("%+v", got)
		}
		var want model.Totals
		b.Accounts(func(a model.Account) bool {
			if tape.Contracts.At(a.Contract).Type == model.Call {
				want.CallPremium += a.Premium
				want.CallVolume += a.Day
			} else {
				want.PutPremium += a.Premium
				want.PutVolume += a.Day
			}
			return true
		})
		latest := make(map[model.Identity]model.Row)
		tape.Publish()
		for seq := range tape.Next() {
			row, _ := tape.At(seq)
			latest[row.Identity()] = row
		}
		for _, row := range latest {
			if row.Kind != model.KindBar {
				continue
			}
			want.Premium += row.Premium
			if row.Start >= got[0].JointSince {
				want.Joint += row.Premium
			}
			if hasTwin(latest, row) {
				continue
			}
			kind := tape.Contracts.At(row.Contract).Type
			if row.Certainty == model.CertaintySure && row.Side.Bullish(kind) {
				want.Bull += row.Premium
			}
			if row.Certainty == model.CertaintySure && row.Side.Bearish(kind) {
				want.Bear += row.Premium
			}
		}
		minutes := 0.0
		for _, v := range got[0].Minutes {
			minutes += v
		}
		g := got[0]
		if g.CallVolume != want.CallVolume || g.PutVolume != want.PutVolume || !near(g.CallPremium, want.CallPremium) ||
			!near(g.PutPremium, want.PutPremium) || !near(g.Premium, want.Premium) || !near(g.Joint, want.Joint) || !near(g.Bull, want.Bull) ||
			!near(g.Bear, want.Bear) || !near(minutes, want.Premium) {
			t.Fatalf("totals %+v\nminutes %v\nwant %+v", g, minutes, want)
		}
	})
}

// hasTwin looks through all the rows, which are of one underlying.
func hasTwin(latest map[model.Identity]model.Row, row model.Row) bool {
	of := func(r model.Row) bool {
		return r.Kind == model.KindBar && r.Span == model.Second && r.Source != model.SourceREST && r.Size >= twin.Size
	}
	for _, o := range latest {
		if of(o) && of(row) && o.Contract != row.Contract && o.Start == row.Start && o.Size == row.Size {
			return true
		}
	}
	return false
}

// A twin that comes late takes back what the first one was booked as, and gives
// it again when a correction parts them.
func TestTwinsAreNeitherBullNorBear(t *testing.T) {
	l := newLedgerTest(t)
	put, err := l.book.tape.Registry.Intern("O:SPY261218P00600000")
	if err != nil {
		t.Fatal(err)
	}
	quotes := func(second int64) { // in force since the fourth second
		for _, id := range []model.ContractID{l.id, put} {
			snap := l.newSnapshot(second, 1)
			snap.Contract, snap.HasDay, snap.HasQuote = id, false, true
			snap.Quote = model.Quote{Bid: 1.9, Ask: 2, Updated: at(4), Read: at(second)}
			l.book.Apply(&Snapshot{snap, ModeEnrich})
		}
	}
	add := func(id model.ContractID, second, size int64) {
		bar := l.newBar(second, size, size)
		bar.Contract = id
		bar.Open, bar.High, bar.Low, bar.Close, bar.Vwap = 2, 2, 2, 2, 2
		l.book.Apply(&Bar{Bar: bar})
	}
	expect := func(when string, bull, bear, premium float64) {
		t.Helper()
		if got := l.book.Totals([]string{"SPY"})[0]; got.Bull != bull || got.Bear != bear || got.Premium != premium {
			t.Errorf("%s: bull %v, bear %v of %v; want %v, %v of %v", when, got.Bull, got.Bear, got.Premium, bull, bear, premium)
		}
	}
	add(l.id, 1, 1) // makes the contracts known
	add(put, 2, 1)
	quotes(4)
	add(l.id, 5, 100)
	expect("not sure yet", 0, 0, 20_400)
	quotes(10)
	expect("alone", 20_000, 0, 20_400)
	add(put, 5, 100)
	expect("two of a size", 0, 0, 40_400)
	add(put, 5, 101)
	expect("parted", 20_000, 20_200, 40_600)
	add(put, 5, 100)
	add(l.id, 6, 49)
	add(put, 6, 49)
	expect("again, and two that are too small", 9_800, 9_800, 60_000)
	add(l.id, 8, 200)
	add(put, 8, 200)
	expect("a pair that is not sure", 9_800, 9_800, 140_000)
	quotes(12)
	expect("a pair that is sure", 9_800, 9_800, 140_000)
	add(put, 8, 210)
	expect("a pair parted", 49_800, 51_800, 142_000)
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
	l.book.Apply(&Tick{Now: at(60 + 58*60)})
	minutes = l.book.Totals([]string{"SPY"})[0].Minutes
	if minutes[0] != 3*200 || minutes[1] != 3*200 || minutes[59] != 0 {
		t.Fatalf("%v", minutes)
	}
	l.bar(3, 5, 11) // too old to be shown
	l.book.Apply(&Tick{Now: at(60 + 59*60)})
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
		l.book.Apply(&Bar{Bar: bar})
	}
	l.book.Apply(&Tick{Now: at(20_000)})
	a, _ := l.book.Account(l.id)
	if tot := l.book.Totals([]string{"SPY"})[0]; tot.CallPremium != a.Premium || tot.CallVolume != a.Day {
		t.Errorf("totals %v, account %v", tot.CallPremium, a.Premium)
	}
}

func TestBookSpot(t *testing.T) {
	l := newLedgerTest(t)
	spot := func(price float64, at int64) {
		l.book.Apply(&Snapshot{&model.Snapshot{Contract: l.id, Read: at, Spot: price, SpotUpdated: at}, ModeEnrich})
	}
	l.bar(0, 1, 1)
	spot(655, at(10))
	spot(640, at(5)) // older
	tot := l.book.Totals([]string{"SPY"})[0]
	if tot.Spot != 655 || tot.SpotTime != at(10) {
		t.Errorf("%+v", tot)
	}
}
