package ui

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"optflow/model"
	"optflow/model/memory"
	"optflow/ui/page"
	"optflow/ui/pane"
)

// TestFirstFrameClaimsNothing that is not known yet.
func TestFirstFrameClaimsNothing(t *testing.T) {
	for _, size := range [][2]int{{60, 12}, {80, 24}, {120, 30}, {200, 50}} {
		s := newStage(t, size[0], size[1], nil)
		s.has("Starting")
		s.hasNot("closed", "  open ", "Live", "gaps", " ago", " old", "0 of 0", "SIM", "BULL-BEAR", "$0", "opens")
		s.has("no data yet")
		for range len(s.m.pages) - 1 {
			s.keys("v")
			s.hasNot("closed", "Live", "$0 ")
		}
		s.keys("v", "m")
		s.hasNot("1 Jan", "closed")
	}
	// A session that is not known does not close a stream that delivers.
	s := newStage(t, 120, 30, nil)
	s.state(func(st *model.State) { st.Session, st.Sim = model.Session{}, false })
	if top := s.line(0); !strings.Contains(top, "● Live 1s") || strings.Contains(top, "closed") {
		t.Errorf("%q", top)
	}
}

// TestEmptyScreensPromiseWhatHappens: each key that such a text names is tried.
func TestEmptyScreensPromiseWhatHappens(t *testing.T) {
	tabs := func(o *Options) {
		o.Tabs = memory.Tabs{{Name: "None", Filter: "size>900000"}, {Name: "All"}, {Name: "Wrong", Filter: "size>"}, {Name: "Puts", Filter: "puts"}}
		chosenBefore(memory.Choices{Tab: "All"})(o)
	}
	text := func(s *stage) string { return ansi.Strip(s.m.View().Content) }
	rows := func(s *stage) int { return s.m.tape.List.Ord.Len() - len(s.m.tape.List.GapLines) }
	filled := func(change func(*Options)) *stage {
		s := newStage(t, 120, 30, change)
		s.state(nil)
		old := older()
		for i := len(old) - 1; i >= 0; i-- {
			s.tape.Append(old[i].tapeRow(s.t, s.tape))
		}
		s.tape.Publish()
		s.frame()
		return s
	}

	s := filled(tabs) // the tab's own filter
	s.keys("1")
	s.has("tab None shows only size>900000", "2 shows all (tab All)")
	s.hasNot("clears it")
	s.keys("2")
	if rows(s) == 0 {
		t.Error("2 does not show all")
	}

	s = filled(tabs) // the line
	s.m.page.Filter().Set("size>900000")
	s.has("no row matches the filter", "F clears it")
	s.keys("F")
	if rows(s) == 0 {
		t.Error("F does not clear it")
	}

	s = filled(tabs) // the line on a tab that has rows
	s.keys("4")
	s.m.page.Filter().Set("calls")
	s.has("no row of tab Puts (puts) matches the filter", "F clears the filter, not the tab's")
	s.keys("F")
	if rows(s) == 0 {
		t.Error("F does not lead back to the tab's rows")
	}

	s = filled(tabs) // both, and clearing the line would change nothing
	s.keys("1")
	s.m.page.Filter().Set("calls")
	s.has("tab None shows only size>900000, and of that only calls", "2 shows all")
	s.keys("2")
	if rows(s) == 0 {
		t.Error("2 does not show all")
	}

	s = filled(tabs) // a tab that cannot be read
	s.keys("3")
	s.has("tab Wrong has a filter that cannot be read", "2 shows all")

	s = filled(func(o *Options) { o.Tabs = memory.Tabs{{Name: "None", Filter: "size>900000"}} }) // nowhere to go
	s.has("tab None shows only size>900000")
	s.hasNot("shows all", "next tab", "clears")

	s = filled(func(o *Options) {
		o.Tabs = memory.Tabs{{Name: "None", Filter: "size>900000"}, {Name: "Puts", Filter: "puts"}}
	})
	s.has("tab goes to the next tab")
	s.keys("tab")
	if s.m.tape.Tabs.At != 1 || rows(s) == 0 {
		t.Error("tab does not go to the next tab")
	}

	s = filled(nil) // no row can ever match
	s.m.page.Filter().Set("amd")
	s.has("AMD is not followed (t adds it)")
	s.keys("t")
	if s.m.pane != pane.Pane(s.m.picker) {
		t.Error("t does not open the tickers")
	}

	s = filled(withKeys(t, map[string][]string{"clear": {"f9"}, "tickers": {"f8"}})) // keys that were changed are named as they are
	s.m.page.Filter().Set("amd")
	s.has("f9 clears it", "(f8 adds it)")
	s.keys("v")
	s.day().look()
	s.m.page.Filter().Set("vol>900000000")
	s.look()
	s.has("nothing matches the filter", "f9 clears it")
	s.m.Update(tea.KeyPressMsg{Code: tea.KeyF9})
	s.look()
	if strings.Contains(text(s), "nothing matches") {
		t.Error("f9 does not clear the filter of Contracts")
	}

	// One ticker has no others beside it.
	s = newStage(t, 120, 30, func(o *Options) { o.Tickers = []string{"SPY"} })
	s.state(func(st *model.State) { st.Tickers, st.Totals = []string{"SPY"}, st.Totals[2:] })
	s.keys("v", "v", "v")
	s.look()
	s.has("nothing traded in SPY yet", "only ticker followed")
	s.hasNot("other tickers")
	s = newStage(t, 120, 30, nil)
	s.state(nil)
	s.keys("v", "v", "v")
	s.look()
	s.has("[ ] other tickers")
	before := s.m.heatPage().Ticker
	s.keys("]")
	if s.m.heatPage().Ticker == before {
		t.Error("] shows no other ticker")
	}

	// The picker: nothing checked cannot be followed, and a word that is no symbol
	// finds nothing.
	s = filled(nil)
	s.keys("t")
	for range 3 {
		s.keys("space", "down")
	}
	s.hasNot("enter follows")
	s.has("check at least one")
	s.typed("NOTASYMBOL")
	s.has("no ticker is written like that")
}

// TestFirstRowsAreCountedAtOnce: later ones with the clock.
func TestFirstRowsAreCountedAtOnce(t *testing.T) {
	s := newStage(t, 120, 30, nil)
	s.state(nil)
	s.has("0 of 0 bursts")
	for i, want := range []string{"1 of 1 bursts", "1 of 1 bursts", "3 of 3 bursts"} {
		tr := trade{at: "10:41:2" + strconv.Itoa(i), symbol: fmt.Sprintf("O:SPY261218C0067%d000", i), size: 500, vwap: 3, prints: 4, spot: 655}
		s.tape.Append(tr.tapeRow(t, s.tape))
		s.tape.Publish()
		if s.m.Update(page.FrameMsg{}); i == 2 {
			s.frame()
		}
		s.has(want)
	}
}
