package ui

import (
	"slices"
	"strings"
	"testing"

	"optflow/model/memory"
)

// TestTabShowsAndEditsItsFilter: it is on the screen, T changes it, u takes that
// back, and the next run has it.
func TestTabShowsAndEditsItsFilter(t *testing.T) {
	f := &fakeMemory{}
	s := newStage(t, 120, 30, remembering(f)).fill()
	s.keys("3")
	s.has("[3 Big]", "only prem>=1m abs(delta)<0.9", "2 of 58")
	s.keys("c")
	s.has("only prem>=1m abs(delta)<0.9   / calls")
	s.keys("F")
	s.keys("T")
	s.has("Big: prem>=1m abs(delta)<0.9 ", "enter keep")
	s.keys("ctrl+u")
	s.typed("puts")
	s.hasNot("only prem")
	rows := s.shownRows()
	if rows < 5 || s.m.tape.Tabs.Front().Count != rows {
		t.Errorf("%d rows, counted %d", rows, s.m.tape.Tabs.Front().Count)
	}
	s.keys("esc")
	s.has("only prem>=1m abs(delta)<0.9", "2 of 58")
	if len(keptOf[memory.Tabs](f)) != 0 {
		t.Error("esc keeps")
	}
	s.keys("T", "ctrl+u")
	s.typed("puts")
	s.keys("enter")
	s.has("only puts")
	kept := keptOf[memory.Tabs](f)
	if len(kept) != 1 || kept[0][0].Filter != "puts" || kept[0][0].Of != "Big" {
		t.Fatalf("kept %+v", kept)
	}
	s.keys("u")
	s.has("only prem>=1m", "tab Big is as before")
	s.command("tab filter dte<=7")
	s.has("only dte<=7")
	s.command("tab filter prem>=25x")
	s.has("is not a number", "only dte<=7")
	s.command("tab rename Near")
	s.command("tab bell")
	s.has("[3 Near]", "only dte<=7 · rings")
	s.command("tab rename All")
	s.has("there is a tab of that name")
	kept = keptOf[memory.Tabs](f)
	last := kept[len(kept)-1]
	if want := (memory.Tab{Name: "Near", Filter: "dte<=7", Bell: true, Of: "Big"}); len(last) != 1 || !last[0].Same(&want) || last[0].Of != "Big" {
		t.Errorf("kept %+v", last)
	}

	next := newStage(t, 120, 30, remembering(&fakeMemory{Remembered: memory.Remembered{Tabs: last, Choices: memory.Choices{Tab: "Near"}}})).fill()
	next.has("1 Top 5%  2 All  [3 Near]  4 Unusual", "only dte<=7 · rings")
	next.command("tab reset")
	next.has("[3 Big]", "only prem>=1m", "tab Big is as in the settings")
	next.hasNot("rings")
	next.keys("u")
	next.has("only dte<=7")
}

// A tab of the config file that was changed here stays so until the file says
// something else.
func TestChangedTabAndTheConfigFile(t *testing.T) {
	own := memory.Tabs{{Name: "Mine", Filter: "calls"}, {Name: "Rest"}}
	f := &fakeMemory{Remembered: memory.Remembered{Choices: memory.Choices{Tab: "Mine"}}}
	s := newStage(t, 120, 30, func(o *Options) { o.Tabs, o.Memory = own, f }).fill()
	s.command("tab filter calls prem>=50k")
	kept := keptOf[memory.Tabs](f)
	before := &fakeMemory{Remembered: memory.Remembered{Tabs: kept[len(kept)-1], Choices: memory.Choices{Tab: "Mine"}}}
	s = newStage(t, 120, 30, func(o *Options) { o.Tabs, o.Memory = own, before }).fill()
	s.has("only calls prem>=50k")
	changed := slices.Clone(own)
	changed[0].Filter = "calls 0dte"
	s = newStage(t, 120, 30, func(o *Options) { o.Tabs, o.Memory = changed, before }).fill()
	s.has("only calls 0dte")
	s = newStage(t, 120, 30, func(o *Options) { o.Tabs, o.Memory = own[1:], before }).fill()
	s.has("1 Rest", "Mine", "only calls prem>=50k") // the file has it no more: it is one saved here
	s.command("tab reset")
	s.has(":forget Mine takes it away")
}

// What is shown can be saved into the tab itself.
func TestSaveIntoTheTab(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("4", "p")
	s.has("only unusual   / puts")
	s.command("save")
	s.has("[4 Unusual]", "only unusual puts", "saved in tab Unusual")
	s.keys("u")
	s.has("only unusual")
	s.hasNot("unusual puts")
	s.keys("u")
	s.has("only unusual   / puts")
}

// A tab that shows nothing says why, and each key that it names does what is said.
func TestWaysOutOfAnEmptyTab(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.command("tab filter size>900000")
	s.has("tab All shows only size>900000", "T changes the tab's filter")
	s.keys("F")
	s.has("no filter to clear: ", "T changes the tab's filter")
	s.keys("T", "ctrl+u", "enter")
	if s.shownRows() != 58 {
		t.Errorf("%d rows", s.shownRows())
	}
	s.keys("5")
	s.command("tab filter size>900000 nvda")
	s.has("2 shows all (tab All)")
	s.keys("u")
	s.has("[5 0DTE]", "6 of 58")
	s.keys("F")
	s.has("no filter to clear: 2 shows all (tab All) · T changes the tab's filter")

	// A filter that cannot be read can be put right.
	s = newStage(t, 120, 30, func(o *Options) { o.Tabs = memory.Tabs{{Name: "Bad", Filter: "prem>=25x"}, {Name: "Rest"}} }).fill()
	s.has("tab Bad has a filter that cannot be read", "T changes the tab's filter")
	s.keys("T")
	s.has("Bad: prem>=25x", `"25x" is not a number`)
	s.keys("enter", "esc")
	s.has("tab Bad has a filter that cannot be read", "[1 Bad!]")
	s.keys("T", "backspace", "backspace")
	s.typed("k")
	s.keys("enter")
	s.has("[1 Bad]", "only prem>=25k")
}

// From another page the tape comes to the front with its tab.
func TestTabIsChangedFromAnotherPage(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill().day()
	s.keys("v")
	s.look()
	s.keys("T")
	s.has("All: ", "[2 All]")
	s.typed("spy")
	s.keys("enter")
	s.has("only spy")
	if strings.Contains(s.screen(), "Contracts") {
		t.Error("Contracts is still in front")
	}
}
