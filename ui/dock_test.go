package ui

import (
	"strings"
	"testing"

	"optflow/model"
	"optflow/model/market"
	"optflow/model/tape"
)

// begunAnew is a market that can begin anew, as a recording that goes back.
type begunAnew struct {
	market.Market
	rows *tape.Tape
	n    uint64
}

func (b *begunAnew) Rows() *tape.Tape            { return b.rows }
func (b *begunAnew) Contracts() *model.Contracts { return b.rows.Contracts }
func (b *begunAnew) State() *model.State         { return b.rows.State() }
func (b *begunAnew) Generation() uint64          { return b.n }

// Where the market begins anew the screen does, too: nothing of the earlier rows
// is left, and what is pinned is found under its new number.
func TestMarketBeginsAnew(t *testing.T) {
	var b *begunAnew
	s := newStage(t, 120, 30, func(o *Options) {
		b = &begunAnew{Market: o.Market, rows: o.Market.Rows()}
		o.Market = b
	}).fill()
	s.keys("w", "enter")
	if p := s.pinnedLines(); len(p) != 1 || !strings.Contains(p[0], "NVDA") {
		t.Fatalf("pinned %q", p)
	}
	s.keys("esc")

	again := tape.New(tape.Options{})
	if id, err := again.Registry.Intern("O:TSLA261218C00400000"); err != nil || id != 0 { // so that all numbers differ
		t.Fatal(id, err)
	}
	row := picture[1].tapeRow(t, again)
	again.Append(row)
	again.SetState(s.tape.State())
	again.Publish()
	b.rows, b.n = &again.Tape, 1
	s.frame()
	if p := s.pinnedLines(); len(p) != 1 || !strings.Contains(p[0], "no trade of it is known now") {
		t.Errorf("the pinned contract is not known yet: %q", p)
	}
	shown := s.screen()
	c := again.Contracts.At(row.Contract)
	if !strings.Contains(shown, c.Underlying) || !strings.Contains(shown, "1 of 1 bursts") {
		t.Errorf("rows of the earlier tape, or none of %s:\n%s", c.Symbol, shown)
	}
	grown := picture[0].tapeRow(t, again)
	again.Append(grown)
	again.Publish()
	s.frame()
	if p := s.pinnedLines(); len(p) != 1 || strings.Contains(p[0], "no trade") {
		t.Errorf("the pinned contract was not found again: %q", p)
	}
}

// The row that was selected is selected again once it is there, under its new
// number; until then, or where the reader goes elsewhere, none is.
func TestSelectionOutlivesANewBeginning(t *testing.T) {
	for _, elsewhere := range []bool{false, true} {
		var b *begunAnew
		s := newStage(t, 120, 30, func(o *Options) {
			b = &begunAnew{Market: o.Market, rows: o.Market.Rows()}
			o.Market = b
		}).fill()
		s.keys("j", "j")
		selected := func() string {
			id := s.m.page.Selected()
			if id.Contract == nil {
				return ""
			}
			return id.Contract.Symbol
		}
		want := selected()
		if want == "" || s.m.tape.Table.Following {
			t.Fatalf("selected %q, following %v", want, s.m.tape.Table.Following)
		}
		again := tape.New(tape.Options{})
		if _, err := again.Registry.Intern("O:TSLA261218C00400000"); err != nil {
			t.Fatal(err)
		}
		again.SetState(s.tape.State())
		b.rows, b.n = &again.Tape, 1
		s.frame()
		if elsewhere {
			s.keys("g")
		}
		for i := range picture {
			again.Append(picture[i].tapeRow(t, again))
			again.Publish()
			s.frame()
		}
		if got := selected(); (got == want) == elsewhere {
			t.Errorf("elsewhere %v: %q is selected, before it was %q", elsewhere, got, want)
		}
	}
}
