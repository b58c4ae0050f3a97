package book

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"optflow/model"
	"optflow/model/tape"
)

// learner is a book that hears of contracts of several roots.
func learner(t interface{ Fatal(...any) }) (*Book, []model.ContractID) {
	tape := tape.New(tape.Options{})
	var ids []model.ContractID
	for _, symbol := range []string{
		"O:SPY261218C00600000", "O:SPY261218P00600000", "O:SPY1261218C00600000", "O:SPY1261218P00600000",
		"O:ABC261218C00050000", "O:BRKB261218C00500000", "O:BRKB261218P00500000", "O:BRKB1261218P00500000",
	} {
		id, err := tape.Registry.Intern(symbol)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return New(tape, Options{}), ids
}

// Whenever it is learnt, and in whatever order, whose a root is: the sums, the
// twins and the accounts end as if it had been known from the start.
func TestBookLearnsLateAsWellAsEarly(t *testing.T) {
	learn := []func(*Book){
		func(b *Book) { b.Apply(&Learn{Root: "SPY1", Name: "ABC"}) },
		func(b *Book) { b.Apply(&Learn{Root: "BRKB", Name: "BRK.B"}) },
		func(b *Book) { b.Apply(&Learn{Root: "BRKB1", Name: "BRK.B"}) },
		func(b *Book) { b.Apply(&Learn{Root: "SPY", Name: "SPY"}) },
	}
	names := []string{"SPY", "ABC", "BRK.B", "BRKB"}
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		early, ids := learner(t)
		late, _ := learner(t)
		for _, f := range learn {
			f(early)
		}
		when := make(map[int][]func(*Book))
		const steps = 120
		for _, f := range learn {
			at := rng.IntN(steps)
			when[at] = append(when[at], f)
		}
		volume := make(map[model.ContractID]int64)
		for i := range steps {
			for _, f := range when[i] {
				f(late)
			}
			id := ids[rng.IntN(len(ids))]
			start := marketOpen + int64(rng.IntN(20))*1000 // often the same second, and so often twins or corrections
			size := []int64{10, 50, 50, 80}[rng.IntN(4)]
			volume[id] += size
			bar := model.Bar{
				Contract: id, Span: model.Second, Start: start, Volume: size, DayVolume: volume[id],
				Open: 1, High: 1.2, Low: 1.1 + float64(rng.IntN(2))/20, Close: 1.2, Vwap: 1.15 + float64(rng.IntN(5))/100, DayVwap: 1.1,
			}
			bar.Vwap = max(bar.Vwap, bar.Low)
			quote := model.Snapshot{Contract: id, Read: start - 500, HasQuote: true, Quote: model.Quote{Bid: 0.9, Ask: 1.1, Updated: start - 60_000, Read: start - 500}}
			for _, b := range []*Book{early, late} {
				snap := quote
				b.Apply(&Snapshot{&snap, ModeEnrich})
				b.Apply(&Bar{Bar: bar})
			}
		}
		for _, f := range learn { // none was forgotten
			f(late)
		}
		early.Apply(&Tick{Now: marketOpen + 30_000})
		late.Apply(&Tick{Now: marketOpen + 30_000})
		want, got := early.Totals(names), late.Totals(names)
		for i, w := range want {
			g := got[i]
			if w.CallVolume != g.CallVolume || w.PutVolume != g.PutVolume || !near(w.CallPremium, g.CallPremium) || !near(w.PutPremium, g.PutPremium) ||
				!near(w.Bull, g.Bull) || !near(w.Bear, g.Bear) || !near(w.Premium, g.Premium) || w.Since != g.Since {
				t.Fatalf("%s: learnt late\n%+v\nfrom the start\n%+v", names[i], g, w)
			}
			for m := range w.Minutes {
				if !near(w.Minutes[m], g.Minutes[m]) {
					t.Fatalf("%s: minute %d is %v, want %v", names[i], m, g.Minutes[m], w.Minutes[m])
				}
			}
		}
		if got[3].CallVolume+got[3].PutVolume != 0 {
			t.Fatalf("something is left under the guess: %+v", got[3])
		}
		for _, id := range ids {
			if w, g := early.tape.Contracts.At(id), late.tape.Contracts.At(id); *w != *g {
				t.Fatalf("contract %+v, want %+v", *g, *w)
			}
		}
	})
}

// A root that goes to a ticker which nobody follows takes its accounts along
// when that is forgotten.
func TestBookForgetsWhatMovedAway(t *testing.T) {
	b, ids := learner(t)
	for _, id := range ids[:4] {
		b.Apply(&Bar{Bar: model.Bar{Contract: id, Span: model.Second, Start: marketOpen, Volume: 7, DayVolume: 7, Vwap: 1, High: 1, Low: 1, Open: 1, Close: 1}})
	}
	b.Apply(&Learn{Root: "SPY1", Name: "ABC"})
	b.Apply(&Forget{Ticker: "ABC"})
	got := b.Totals([]string{"SPY", "ABC"})
	if got[0].CallVolume != 7 || got[0].PutVolume != 7 || got[1].CallVolume+got[1].PutVolume != 0 {
		t.Errorf("after a root of SPY's went: %+v", got)
	}
	if _, held := b.Account(ids[2]); held {
		t.Error("the moved contract still has an account")
	}
}

// The spot goes along with another spelling and with nothing else: that share
// has another price.
func TestBookMovesTheSpotOfASpellingOnly(t *testing.T) {
	b, ids := learner(t)
	for _, id := range []model.ContractID{ids[0], ids[2], ids[5]} {
		b.Apply(&Snapshot{&model.Snapshot{Contract: id, Read: marketOpen, Spot: 100, SpotUpdated: marketOpen}, ModeEnrich})
		b.Apply(&Bar{Bar: model.Bar{Contract: id, Span: model.Second, Start: marketOpen, Volume: 7, DayVolume: 7, Vwap: 1, High: 1, Low: 1, Open: 1, Close: 1}})
	}
	b.Apply(&Learn{Root: "BRKB", Name: "BRK.B"})
	b.Apply(&Learn{Root: "SPY1", Name: "ABC"})
	got := b.Totals([]string{"BRK.B", "ABC", "SPY"})
	if got[0].Spot != 100 || got[1].Spot == 100 || got[2].Spot != 100 {
		t.Errorf("spots %v, %v, %v", got[0].Spot, got[1].Spot, got[2].Spot)
	}
}

// What is known of a mini only later makes every figure of it a tenth; the rows
// get a version that says so.
func TestBookDeliverableKnownLater(t *testing.T) {
	for _, tt := range []struct {
		name   string
		symbol string
		shares float64
		more   bool
		want   float64
	}{
		{"mini", "O:AAPL7261218C00250000", 10, false, 2_000},
		{"ten shares under another root", "O:UVXY1261218C00025000", 10, false, 20_000},
		{"the seventh adjustment", "O:AAPL7261218C00250000", 10, true, 20_000},
		{"20 shares", "O:SDS1261218C00014000", 20, false, 20_000},
		{"44 shares and cash", "O:VMW1261218C00140000", 44, true, 20_000},
		{"an index", "O:XSP261218C00650000", 100, false, 20_000},
	} {
		tape := tape.New(tape.Options{})
		b := New(tape, Options{})
		id, err := tape.Registry.Intern(tt.symbol)
		if err != nil {
			t.Fatal(err)
		}
		b.Apply(&Bar{Bar: model.Bar{Contract: id, Span: model.Second, Start: marketOpen, Volume: 100, DayVolume: 100, Open: 2, High: 2, Low: 2, Close: 2, Vwap: 2, DayVwap: 2}})
		b.Apply(&Shares{Contract: id, Shares: tt.shares, More: tt.more})
		tape.Publish()
		row, _ := tape.At(tape.Next() - 1)
		account, _ := b.Account(id)
		totals := b.Totals([]string{tape.Contracts.At(id).Underlying})[0]
		if row.Premium != tt.want || account.Premium != tt.want || totals.CallPremium != tt.want || totals.Premium != tt.want || totals.Minutes[59] != tt.want {
			t.Errorf("%s: row %v, account %v, day %v, rows %v, minute %v; want %v",
				tt.name, row.Premium, account.Premium, totals.CallPremium, totals.Premium, totals.Minutes[59], tt.want)
		}
		if again := tt.want != 20_000; (row.Revision == 1) != again {
			t.Errorf("%s: revision %d", tt.name, row.Revision)
		}
	}
}
