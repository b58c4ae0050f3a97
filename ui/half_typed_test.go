package ui

import (
	"testing"

	"optflow/model"
	"optflow/model/memory"
	"optflow/model/ticker"
)

// A half-typed word filters nothing, and says so; enter has it count.
func TestHalfTypedWordsFilterNothing(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	all := s.m.tape.List.Ord.Len()
	s.keys("/")
	for _, letter := range "pu" {
		s.typed(string(letter))
		if n := s.m.tape.List.Ord.Len(); n != all {
			t.Fatalf("%q leaves %d of %d rows", s.m.line.String(), n, all)
		}
	}
	s.has("pu filters nothing yet: more letters, or a blank for the ticker")
	s.typed("ts")
	s.hasNot("filters nothing yet", "NVDA      180 C")
	puts := s.m.tape.List.Ord.Len()
	s.typed(" prem")
	s.has("prem filters nothing yet: a comparison follows a field (prem>=250k)")
	s.typed(">=1k xyzq")
	s.has("xyzq filters nothing yet: no ticker of that name is known here")
	if n := s.m.tape.List.Ord.Len(); n != puts {
		t.Fatalf("%d rows, want the %d puts", n, puts)
	}
	s.state(func(st *model.State) { st.Tickers = []string{"NVDA", "QQQ", "SPY"} }) // and still not when the feed says something
	s.has("xyzq filters nothing yet")
	s.keys("enter")
	if n := s.m.tape.List.Ord.Len(); n != 0 {
		t.Fatalf("XYZQ has %d rows", n)
	}
	s.has("no row matches the filter: XYZQ is not followed", "/ puts prem>=1k xyzq")
	s.keys("/", "ctrl+w")
	if n := s.m.tape.List.Ord.Len(); n != puts {
		t.Fatalf("%d rows, want the %d puts", n, puts)
	}
	s.keys("esc")
	if got := s.m.page.Filter().Text(); got != "puts prem>=1k xyzq" {
		t.Errorf("esc leaves %q", got)
	}
	s.keys("F", "/")
	s.typed("ca")
	s.keys("esc")
	if n := s.m.tape.List.Ord.Len(); n != all || s.m.page.Filter().Filter != nil {
		t.Errorf("esc leaves %d of %d rows", n, all)
	}
}

// The filters typed before are searched as in a shell.
func TestEarlierFiltersAreSearched(t *testing.T) {
	f := &fakeMemory{Remembered: memory.Remembered{Lines: memory.Lines{Filters: []string{"nvda puts", "whale", "nvda prem>=250k", "spy"}, Commands: []string{"sort size", "interval 1m"}}}}
	s := newStage(t, 120, 30, remembering(f)).fill()
	s.keys("/")
	s.typed("nv")
	s.keys("up")
	s.has("/ nvda prem>=250k")
	s.keys("up")
	s.has("/ nvda puts")
	s.keys("up")
	s.has("/ nvda puts", "no earlier filter has this in it")
	s.keys("down", "down")
	s.has("/ nv ")
	s.keys("esc", "/", "ctrl+r")
	s.typed("nv")
	s.has("/ nvda prem>=250k", "earlier lines with nv  ctrl+r older  esc back")
	s.keys("ctrl+r")
	s.has("/ nvda puts")
	s.typed("zz")
	s.has("no earlier line with nvzz")
	s.keys("esc")
	s.has("/  ", "enter keep")
	s.keys("ctrl+r")
	s.typed("wh")
	s.keys("enter")
	s.has("/ whale", "bursts")
	s.keys(":", "ctrl+r")
	s.typed("so")
	s.has(":sort size", "earlier lines with so")
	s.keys("esc", "esc")
	s.hasNot(":sort size")
}

// A filter may speak of lists and tabs by their names.
func TestNamesInFilters(t *testing.T) {
	s := newStage(t, 120, 30, func(o *Options) {
		o.Lists = []ticker.Named{{Name: "mine", Tickers: []string{"NVDA", "AMD"}}}
		o.Tabs = memory.Tabs{{Name: "All"}, {Name: "Big", Filter: "prem>=1m"}, {Name: "Big calls", Filter: "@big calls"}}
	}).fill()
	s.keys("/")
	s.typed("@mine")
	s.has("@mine: AMD is not followed (t adds it)", "NVDA      180 C")
	s.hasNot("655 P")
	s.typed(" @b")
	s.has("there is no @b")
	s.keys("tab")
	s.has("/ @mine @big", "@big-calls")
	s.keys("tab", "enter")
	s.has("/ @mine @big-calls", "NVDA      180 C")
	s.keys("F", "3")
	s.has("[3 Big calls")
	if s.m.tape.Tabs.All[2].Count == 0 {
		t.Fatal("@big calls takes nothing")
	}
	s.keys("2")
	s.command("tab filter prem>=100m") // which the other tab speaks of
	s.keys("3")
	if n := s.m.tape.Tabs.All[2].Count; n != 0 {
		t.Errorf("%d rows over 100m", n)
	}
	s.keys("2")
	s.command("tab filter @big-calls")
	s.has("@big is made of itself (@big, @big-calls, @big)")
	s.keys("1", "/")
	s.typed("@big puts")
	s.keys("enter")
	s.command("save mine")
	s.has(`save "mine": [lists] has a list of that name: @mine would be either`)
	s.command("save Other")
	s.command("tab rename Mine")
	s.has("[lists] has a list of that name")
	s.command("tab filter @other puts")
	s.has("@other is made of itself")
}
