package ui

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"optflow/model"
	"optflow/model/filter"
	"optflow/model/tape"
	"optflow/ui/format"
	"optflow/ui/table"
)

func TestOnlyHideUndo(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("f") // before the column cursor was used: the ticker
	s.has("/ nvda")
	s.hasNot("SPY       655 P")
	s.keys("x")
	s.has("/ nvda not nvda", "no row matches the filter")
	s.keys("u", "u")
	s.hasNot("/ nvda")
	s.keys("x")
	s.has("/ not nvda", "SPY       655 P")
	s.hasNot("NVDA      180 C")
	s.keys("u")
	s.has("no filter, as before", "58 of 750 bursts")
	s.keys("u")
	s.has("no change of the filter to undo")
}

// TestOnlyByColumn drives f and x over the cells of the first row of the
// picture: NVDA 180 C 18Dec26, $1.12M, 2,310 lots at 4.85.
func TestOnlyByColumn(t *testing.T) {
	for _, c := range []struct {
		column     table.ID
		only, hide string
	}{
		{table.Time, "time=10:41", "time!=10:41"},
		{table.Mark, "mark=W", "mark!=W"},
		{table.Tick, "nvda", "not nvda"},
		{table.TapeColumn("strike"), "strike=180 calls", "not (strike=180 calls)"},
		{table.TapeColumn("expiry"), "exp=18dec2026", "exp!=18dec2026"},
		{table.TapeColumn("dte"), "dte=25", "dte!=25"},
		{table.TapeColumn("side"), "side=A", "side!=A"},
		{table.TapeColumn("premium"), "prem>=1.12m", "prem>1.13m"},
		{table.TapeColumn("size"), "size>=2310", "size>2310"},
		{table.TapeColumn("prints"), "prints>=1", "prints>1"},
		{table.TapeColumn("price"), "price>=4.85", "price>4.85"},
		{table.TapeColumn("volume"), "vol>=3104", "vol>3104"},
		{table.TapeColumn("oi"), "oi>=1840", "oi>1840"},
		{table.TapeColumn("v/oi"), "vol/oi>=1.6", "vol/oi>1.7"},
		{table.TapeColumn("spot"), "spot>=178.21", "spot>178.21"},
		{table.TapeColumn("otm"), "otm>=1%", "otm>1.1%"},
		{table.TapeColumn("iv"), "iv>=41%", "iv>41%"},
		{table.TapeColumn("delta"), "abs(delta)>=0.48", "abs(delta)>0.48"},
	} {
		s := newStage(t, 200, 50, nil).fill()
		s.m.tape.Table.Cursor, s.m.tape.Table.Pick = c.column, true
		s.keys("f")
		if got := s.m.page.Filter().Text(); got != c.only {
			t.Errorf("f on %s writes %q, want %q", table.Tape[c.column].Name, got, c.only)
		}
		s.keys("u", "x")
		if got := s.m.page.Filter().Text(); got != c.hide {
			t.Errorf("x on %s writes %q, want %q", table.Tape[c.column].Name, got, c.hide)
		}
	}
}

func TestOnlyOfAGap(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	for !strings.Contains(s.selected(), "gap") {
		s.keys("j")
	}
	s.keys("f")
	s.has("/ spy")
	s.keys("u")
	s.m.tape.Table.Cursor, s.m.tape.Table.Pick = table.TapeColumn("premium"), true
	s.keys("f")
	s.has("a gap has no premium to filter by")
}

// TestClausesHold: whatever the row, f keeps it and x does not.
func TestClausesHold(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		tape := tape.New(tape.Options{})
		symbol := rapid.SampledFrom([]string{"O:NVDA261218C00182500", "O:SPXW261123P06550000", "O:OR270115C00400000"}).Draw(rt, "symbol")
		number := func(name string, low, high float32) float32 {
			if rapid.IntRange(0, 5).Draw(rt, name+" known") == 0 {
				return nan32
			}
			return rapid.Float32Range(low, high).Draw(rt, name)
		}
		tr := trade{at: "10:41:26", symbol: symbol, size: rapid.Uint32Range(1, 1e6).Draw(rt, "size"), vwap: 1}
		row := model.Burst{Row: tr.tapeRow(t, tape)}
		row.Premium = rapid.Float64Range(1, 5e9).Draw(rt, "premium")
		row.Vwap, row.Prints = rapid.Float32Range(0.01, 9000).Draw(rt, "vwap"), number("prints", 1, 1e5)
		row.Spot, row.IV, row.Delta = number("spot", 0.1, 9000), number("iv", 0.01, 12), number("delta", -1, 1)
		row.DayVolume = rapid.SampledFrom([]uint32{model.UnknownCount, 0, 3104, 4e9}).Draw(rt, "volume")
		row.OpenInterest = rapid.SampledFrom([]uint32{model.UnknownCount, 0, 7, 1840}).Draw(rt, "oi")
		row.Side = model.Side(rapid.IntRange(0, 7).Draw(rt, "side"))
		row.Rank = rapid.SampledFrom([]float32{0, 1, 0.5, 1e-5, rapid.Float32Range(1e-6, 1).Draw(rt, "share")}).Draw(rt, "top")
		row.Flags |= rapid.SampledFrom([]model.Flags{0, model.FlagTwin, model.FlagAlone}).Draw(rt, "twin")
		contract := tape.Contracts.At(row.Contract)
		c := table.Cell{Row: &row, Contract: contract, Marks: model.MarksOf(&row.Row, contract, model.DefaultRules()), Zone: format.Exchange()}
		for id := range table.ID(len(table.Tape)) {
			k, err := table.ClauseOf(id, &c)
			if err != nil {
				if id != table.TapeColumn("quote") && id != table.Mark {
					rt.Fatalf("%s: %v", table.Tape[id].Name, err)
				}
				continue
			}
			for text, want := range map[string]model.Truth{k.Only: model.True, k.Hide: model.False} {
				f, err := filter.Parse(text, filter.Env{Now: func() int64 { return fixtureNow }})
				if err != nil {
					rt.Fatalf("%s: %q: %v", table.Tape[id].Name, text, err)
				}
				if got := f.Match(&row, contract, fixtureNow); got != want {
					rt.Fatalf("%s: %q is %v of its row, want %v", table.Tape[id].Name, text, got, want)
				}
			}
		}
	})
}
