package page

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"optflow/model"
	"optflow/model/clock"
	"optflow/ui/act"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/scene"
)

// stand is a scene with two tickers followed, and the accounts of some of their
// contracts, without a screen.
func stand(t *testing.T) (*scene.Scene, *Accounts) {
	t.Helper()
	bound, err := keys.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	numbered := model.NewRegistry()
	s := &scene.Scene{
		State: &model.State{Totals: []model.Totals{{Underlying: "NVDA", Whole: true}, {Underlying: "SPY", Whole: true}}}, Clock: clock.New(), Wall: time.Now,
		Contracts: &numbered.Contracts, Follows: new(scene.Followed), Rules: model.DefaultRules(), Zone: format.Exchange(),
		Keys: bound, Shown: bound, Width: 120, Height: 30,
	}
	s.Follows.Follow([]string{"NVDA", "SPY"})
	a := &Accounts{read: true}
	for i, symbol := range []string{"O:NVDA261218C00180000", "O:NVDA261218P00180000", "O:SPY261218P00655000"} {
		id, err := numbered.Intern(symbol)
		if err != nil {
			t.Fatal(err)
		}
		a.list = append(a.list, model.Account{Contract: id, Day: int64(100 + i), Premium: float64(1000 * (i + 1))})
	}
	return s, a
}

// TestDrillAndComeBack: drilling down and coming back are values; the pages know
// nothing of each other.
func TestDrillAndComeBack(t *testing.T) {
	s, a := stand(t)
	tickers, contracts := NewTickers(s, a, nil), NewContracts(s, a)
	for _, p := range []Page{tickers, contracts} {
		p.Arrange()
		p.Fit(20, false)
		p.Enter("")
	}
	tickers.Do(keys.Down)
	got, done := tickers.Do(keys.Open)
	if !done || len(got) != 1 {
		t.Fatalf("enter on a ticker: %v, %v", got, done)
	}
	drill, is := got[0].(act.Drill)
	if !is || drill.To.Ticker != tickers.Selected().Ticker {
		t.Fatalf("enter on %s leads to %v", tickers.Selected().Ticker, got[0])
	}
	if _, back := contracts.Do(keys.Close); back {
		t.Error("q comes back from where nobody drilled down")
	}
	all := len(contracts.Grid.Rows)
	contracts.Drill(tickers.Name(), act.Narrowing{Ticker: "NVDA"})
	if n := len(contracts.Grid.Rows); all != 3 || n != 2 {
		t.Errorf("%d of %d contracts are NVDA's", n, all)
	}
	got, _ = contracts.Do(keys.Escape)
	if diff := cmp.Diff([]act.Effect{act.ComeBack{To: tickers.Name()}}, got); diff != "" {
		t.Errorf("esc (-want +got):\n%s", diff)
	}
}

// TestFrozenPage: a frozen page keeps its moment, and reads nothing.
func TestFrozenPage(t *testing.T) {
	s, a := stand(t)
	for _, p := range []Page{NewContracts(s, a), NewHeat(s, a)} {
		p.Enter("NVDA")
		s.Now = 1
		p.Do(keys.Freeze)
		s.Now = 2
		if m := p.Moment(); m.Now != 1 || !m.Frozen || p.Reads() {
			t.Errorf("%s: %+v, reads %v", p.Name(), m, p.Reads())
		}
		p.Do(keys.Escape)
		if m := p.Moment(); m.Now != 2 || m.Frozen || !p.Reads() {
			t.Errorf("%s goes on: %+v, reads %v", p.Name(), m, p.Reads())
		}
	}
}

// TestEachPageHasItsFilter: what says nothing where a row is a day is refused
// with its place; u takes a change back.
func TestEachPageHasItsFilter(t *testing.T) {
	s, a := stand(t)
	contracts, tickers := NewContracts(s, a), NewTickers(s, a, nil)
	if err := contracts.Filter().Set("calls"); err != nil || tickers.Filter().Text() != "" {
		t.Errorf("%v; the tickers' is %q", err, tickers.Filter().Text())
	}
	if n := len(contracts.Grid.Rows); n != 1 {
		t.Errorf("%d calls", n)
	}
	got := tickers.Filter().Change("nvda calls")
	want := act.One(act.Say{Ink: paint.Bad, Text: "calls speaks of a contract; here a row is a ticker"})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	contracts.Filter().Do(keys.Undo)
	if text, n := contracts.Filter().Text(), len(contracts.Grid.Rows); text != "" || n != 3 {
		t.Errorf("after u: %q, %d rows", text, n)
	}
}
