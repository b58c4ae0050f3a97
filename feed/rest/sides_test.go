package rest

import (
	"fmt"
	"testing"
	"time"

	"optflow/feed/plan"
	"optflow/feed/source"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/side"
)

// rowBook has one row for every window.
type rowBook struct{ row model.Row }

func (b *rowBook) Window(model.ContractID, int64, model.Span) *model.Row { return &b.row }
func (b *rowBook) Apply(in book.Input) {
	if sides, ok := in.(*book.Sides); ok {
		sides.Enough = true
	}
}

func testSides(t *testing.T) (*sides, model.ContractID) {
	contracts := model.NewRegistry()
	id, err := contracts.Intern("O:SPY261218C00500000")
	if err != nil {
		t.Fatal(err)
	}
	b := testBudget()
	return &sides{
		budget: b, contracts: &contracts.Contracts, following: &Following{chains: map[string]*Chain{"SPY": {underlying: "SPY"}}},
		book: &rowBook{}, plan: &model.Plan{}, count: &model.Counters{}, judged: map[window]uint16{}, off: new(plan.Denial),
	}, id
}

// However many large windows there are: what waits is bounded, the largest stay,
// and what is long past is forgotten.
func TestSidesAreBounded(t *testing.T) {
	s, id := testSides(t)
	start := budgetStart.UnixMilli()
	for n := range 3 * lookupsMost {
		s.want(&model.Bar{Contract: id, Start: start + int64(n)*1000, Span: model.Second}, float64(lookupPremium+n))
	}
	if len(s.waiting) != lookupsMost {
		t.Errorf("%d wait, want %d", len(s.waiting), lookupsMost)
	}
	for _, w := range s.waiting {
		if w.premium < lookupPremium+2*lookupsMost {
			t.Fatalf("a window of %v waits, and a larger one went", w.premium)
		}
	}
	s.got(s.waiting[0], source.QuotePage{Quotes: []model.Quote{{Bid: 1, Ask: 2}}})
	if len(s.judged) != 1 {
		t.Fatalf("%d are judged", len(s.judged))
	}
	s.purge(start + 3*lookupsMost*1000 + 2*lookupKeep)
	if len(s.waiting) != 0 || len(s.judged) != 0 {
		t.Errorf("%d wait and %d are judged of what is long past", len(s.waiting), len(s.judged))
	}
}

// Of the windows that REST can show by now the largest goes first, one each half
// second.
func TestSidesGoByPremium(t *testing.T) {
	s, id := testSides(t)
	start := budgetStart.UnixMilli()
	for n, premium := range []float64{200_000, 900_000, 99_999, 300_000} {
		s.want(&model.Bar{Contract: id, Start: start + int64(n)*1000, Span: model.Second}, premium)
	}
	m := Moment{Now: budgetStart, Market: start}
	if s.schedule(m); !s.budget.Idle() {
		t.Error("asked before REST can show the quotes")
	}
	m.Market += 4000 + side.SureAfter
	var order string
	for range 3 {
		s.schedule(m)
		s.schedule(m)
		for j := s.budget.Next(m.Now); j != nil; j = s.budget.Next(m.Now) {
			order += fmt.Sprintln(j.Rank)
		}
		m.Now = m.Now.Add(lookupEvery)
	}
	if order != "900000\n300000\n200000\n" {
		t.Errorf("asked in the order of\n%s", order)
	}
	if s.schedule(m); len(s.waiting) != 0 {
		t.Errorf("%d wait", len(s.waiting))
	}
	s.off.Deny(m.Now)
	s.want(&model.Bar{Contract: id, Start: start, Span: model.Second}, 900_000)
	m.Now = m.Now.Add(30 * time.Second)
	if s.schedule(m); len(s.waiting) != 1 {
		t.Error("asked of a plan that denied it")
	}
}
