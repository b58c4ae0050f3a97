package ui

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"optflow/model/memory"
	"optflow/ui/page"
	"optflow/ui/table"
)

// heads are the columns' heads on the screen.
func (s *stage) heads() string { return strings.Join(strings.Fields(s.line(2)), " ") }

// TestColumnsAreChosenLive: checked, moved, reset, kept for the tab and left as
// they were.
func TestColumnsAreChosenLive(t *testing.T) {
	f := &fakeMemory{}
	s := newStage(t, 120, 30, remembering(f)).fill()
	all := s.heads()
	s.keys("C")
	s.has("Columns of tab All", "[x] TIME", "[x] PREMIUM", "[ ] BID × ASK", "space show")
	s.keys("j", "space") // MARK
	if got := s.heads(); got != strings.Replace(all, "MARK ", "", 1) {
		t.Errorf("without MARK: %s", got)
	}
	s.keys("j", "space") // TICK always stays
	if got := s.heads(); !strings.Contains(got, "TICK") {
		t.Errorf("TICK is gone: %s", got)
	}
	for range 7 { // on SIZE
		s.keys("j")
	}
	s.keys("K", "K")
	if got := s.heads(); !strings.Contains(got, "SD SIZE PREMIUM TOP PRT") {
		t.Errorf("SIZE moved: %s", got)
	}
	s.keys("esc")
	if got := s.heads(); got != all || len(keptOf[memory.Tabs](f)) != 0 {
		t.Errorf("esc leaves %s", got)
	}
	s.keys("C", "j", "space", "enter")
	s.has("tab All keeps these columns")
	kept := keptOf[memory.Tabs](f)
	if len(kept) != 1 || len(kept[0]) != 1 || kept[0][0].Of != "All" || slices.Contains(kept[0][0].Columns, "marks") {
		t.Fatalf("kept %+v", kept)
	}
	mine := s.heads()
	s.keys("3")
	if got := s.heads(); got != all {
		t.Errorf("another tab has %s", got)
	}
	s.keys("2")
	if got := s.heads(); got != mine {
		t.Errorf("back: %s", got)
	}

	// The next run has them.
	next := newStage(t, 120, 30, remembering(&fakeMemory{Remembered: memory.Remembered{Tabs: kept[0]}})).fill()
	if got := next.heads(); got != mine {
		t.Errorf("the next run has %s, not %s", got, mine)
	}
	next.keys("C", "r", "enter")
	if got := next.heads(); got != all {
		t.Errorf("reset: %s", got)
	}
	s.command("columns reset")
	if kept := keptOf[memory.Tabs](f); len(kept[len(kept)-1]) != 0 {
		t.Errorf("after a reset %+v are kept", kept[len(kept)-1])
	}
}

// The order of a command, of the setting and of a tab is kept.
func TestColumnsKeepTheirOrder(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.command("columns size,premium,marks")
	if got := s.heads(); got != "TIME↓ TICK STRIKE SIZE PREMIUM MARK" {
		t.Errorf("by the command: %s", got)
	}
	s.has("WU>") // the mark of the first row, and a gap
	s.command("columns premium time strike ticker")
	if got := s.heads(); got != "PREMIUM TIME↓ STRIKE TICK" {
		t.Errorf("by the command: %s", got)
	}
	s.has("gap SPY 640 lots in 9 contracts are missing")
	s.command("columns premum")
	s.has("premum")
	s = newStage(t, 120, 30, func(o *Options) {
		o.Columns = []string{"top", "premium"}
		o.Tabs = memory.Tabs{{Name: "A"}, {Name: "B", Columns: []string{"iv", "size"}}}
	}).fill()
	if got := s.heads(); got != "TIME↓ TICK STRIKE TOP PREMIUM" {
		t.Errorf("by the setting: %s", got)
	}
	s.keys("2")
	if got := s.heads(); got != "TIME↓ TICK STRIKE IV SIZE" {
		t.Errorf("by the tab: %s", got)
	}
	s.keys("l", "l", "l", "l", "s") // the cursor goes in that order
	if s.has("by iv, falling"); !strings.Contains(s.heads(), "↓IV") {
		t.Errorf("%s", s.heads())
	}
	s.command("sort spot") // which is not among them
	s.has("by spot, falling")
}

// Contracts and Tickers have a choice of their own.
func TestColumnsOfTheOtherViews(t *testing.T) {
	f := &fakeMemory{}
	s := newStage(t, 120, 30, remembering(f)).fill().day()
	s.keys("v")
	s.look()
	s.command("columns iv,premium,oi")
	if got := s.heads(); got != "TICK STRIKE EXPIRY IV ↓PREMIUM OI" {
		t.Errorf("Contracts: %s", got)
	}
	s.keys("v")
	s.look()
	s.keys("C")
	s.has("Columns of Tickers")
	s.keys("j", "space", "enter")
	if got := s.heads(); strings.Contains(got, "SPOT") {
		t.Errorf("Tickers: %s", got)
	}
	kept := keptOf[memory.Choices](f)
	var c memory.Choices
	for _, k := range kept {
		c = c.With(k)
	}
	if got := c.Columns["contracts"]; !slices.Equal(got, []string{"ticker", "strike", "expiry", "iv", "premium", "oi"}) {
		t.Errorf("kept %v", c.Columns)
	}
	next := newStage(t, 120, 30, chosenBefore(c)).fill().day()
	next.keys("v")
	next.look()
	if got := next.heads(); got != "TICK STRIKE EXPIRY IV ↓PREMIUM OI" {
		t.Errorf("the next run: %s", got)
	}
	next.keys("v", "v", "C")
	next.has("has no columns to choose")
}

// TestEveryChoiceFits: whatever is chosen on whatever page, the frame is the window
// and the order of the rows is said.
func TestEveryChoiceFits(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		width := rapid.SampledFrom([]int{60, 80, 120, 200}).Draw(rt, "width")
		s := newStage(t, width, 30, nil).fill().day()
		for range rapid.IntRange(0, 2).Draw(rt, "pages") {
			s.keys("v")
		}
		s.look()
		p := s.m.page.(page.Columned)
		var all []string
		for _, h := range p.Columns().Heads {
			all = append(all, h.Name)
		}
		if err := p.Choose(rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, len(all), rapid.ID).Draw(rt, "names")); err != nil {
			rt.Fatal(err)
		}
		sort := rapid.SampledFrom(all).Draw(rt, "sort")
		p.Sort(sort)
		s.m.dirty = true
		checkCells(t, s.m.View().Content, width, 30)
		l := s.line(2)
		if arrows := strings.Count(l, "↑") + strings.Count(l, "↓"); arrows != 1 && !strings.Contains(s.line(1), "by "+sort+",") && !strings.Contains(s.line(1), "est first") {
			rt.Fatalf("sorted by %s nothing says so: %s\n%s", sort, s.line(1), l)
		}
		s.keys("C", "j", "J", "space")
		checkCells(t, s.m.View().Content, width, 30)
		s.keys("esc", "S")
		checkCells(t, s.m.View().Content, width, 30)
	})
}

// TestSortMenu: two keys sort by any column, again they reverse.
func TestSortMenu(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill().day()
	s.keys("S")
	s.has("Sort by", "t TIME↓", "p PREMIUM", "q BID × ASK", "esc leave")
	s.keys("p")
	s.has("by premium, falling")
	s.keys("S")
	s.has("p PREMIUM↓")
	s.keys("p")
	s.has("by premium, rising")
	s.keys("S", "esc")
	s.hasNot("Sort by")
	for id := range table.Tape {
		s.keys("S", table.Tape[id].Letter)
		if int(s.m.tape.List.Sort) != id {
			t.Errorf("S %s does not sort by %s", table.Tape[id].Letter, table.Tape[id].Name)
		}
	}
	s.keys("v")
	s.look()
	s.keys("S", "v")
	s.has("by volume, falling")
	s.keys("v")
	s.look()
	s.keys("S", "u")
	s.has("↓PUTS")
	s.keys("v", "S")
	s.has("a heat map stands by strike and expiry")
}

// A sort that the page does not have leaves the tape behind it alone.
func TestSortStaysOnThePage(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill().day()
	s.keys("v")
	s.look()
	s.command("sort side")
	s.has("there is no such column in Contracts")
	s.keys("v", "v")
	s.command("sort premium")
	s.has("there is no such column in Heat map")
	s.keys("v")
	s.has("newest first")
}
