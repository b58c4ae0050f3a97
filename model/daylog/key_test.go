package daylog

import (
	"slices"
	"testing"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/tape"
)

// A book that begins at a key knows the contracts by the numbers of the log, and
// how far the market is; one that was told all before is the same afterwards.
func TestKey(t *testing.T) {
	first := book.New(tape.New(tape.Options{}), book.Options{})
	for _, s := range []string{"O:SPY261218C00600000", "O:QQQ261218P00500000"} {
		first.Apply(&book.Contract{Symbol: s})
	}
	first.Apply(&book.Date{Date: model.MakeDate(2026, 11, 23)})
	minute := model.MakeDate(2026, 11, 23).At(12, 0).UnixMilli()
	first.Apply(&book.Span{Span: model.Minute, From: minute})
	var e Encoder
	e.Key(first)
	e.Put(&book.Bar{Bar: model.Bar{Contract: 1, Span: model.Second, Start: minute, Volume: 5, DayVolume: 5, Vwap: 1}})
	e.Put(&book.Bar{Bar: model.Bar{Contract: 1, Span: model.Minute, Start: minute, Volume: 6, DayVolume: 6, Vwap: 1}})
	var d Decoder
	again := book.New(tape.New(tape.Options{}), book.Options{})
	again.Apply(&book.Contract{Symbol: "O:IWM261218P00500000"}) // its own numbers differ
	if err := d.Ops(e.Bytes(), Reader{Input: again.Apply}); err != nil {
		t.Fatal(err)
	}
	if a, ok := again.Account(2); !ok || a.Exact != 6 || again.Date() != first.Date() {
		t.Errorf("%+v", a)
	}
}

// A reader that begins at the key of a day that was carried over has what was
// known before; one that went on has nothing twice.
func TestCarriedOver(t *testing.T) {
	run := book.New(tape.New(tape.Options{}), book.Options{})
	var e Encoder
	tell := func(in book.Input) { run.Apply(in); e.Put(in) }
	begin := model.MakeDate(2026, 11, 23).At(15, 0).UnixMilli()
	bar := model.Bar{Contract: 0, Span: model.Second, Start: begin, Volume: 5, DayVolume: 5, Open: 1, High: 1, Low: 1, Close: 1, Vwap: 1}
	tell(&book.Contract{Symbol: "O:SPY261218C00600000", Traded: true})
	tell(&book.Bar{Bar: bar})
	before := slices.Clone(e.Bytes())
	e.Reset()
	e.Key(run)
	if !e.Carry(run) {
		t.Fatal("too much")
	}
	bar.Volume, bar.DayVolume = 8, 8 // corrected
	tell(&book.Bar{Bar: bar})

	for name, blocks := range map[string][][]byte{"begun": {e.Bytes()}, "went on": {before, e.Bytes()}} {
		on := tape.New(tape.Options{})
		again := book.New(on, book.Options{})
		var d Decoder
		for _, ops := range blocks {
			if err := d.Ops(ops, Reader{Input: again.Apply}); err != nil {
				t.Fatal(err)
			}
		}
		a, _ := again.Account(0)
		if want, _ := run.Account(0); a.Exact != 8 || a.Exact != want.Exact || again.Counters() != run.Counters() || on.Appended() != 2 || on.Written(1).Replaces != 1 {
			t.Errorf("%s: %+v, %+v", name, a, again.Counters())
		}
	}
}
