package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"optflow/ui/paint"
	"optflow/ui/table"
)

func (s *stage) click(x, y int) {
	s.m.Update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
}

func (s *stage) wheel(b tea.MouseButton) { s.m.Update(tea.MouseWheelMsg{X: 5, Y: 5, Button: b}) }

// columnAt is the cell of a text in a line.
func (s *stage) columnAt(line int, text string) int {
	s.t.Helper()
	l := strings.Split(s.screen(), "\n")[line]
	at := strings.Index(l, text)
	if at < 0 {
		s.t.Fatalf("no %q in %q", text, l)
	}
	return paint.Cells(l[:at])
}

func TestMouse(t *testing.T) {
	for _, width := range []int{60, 120, 200} {
		s := newStage(t, width, 30, nil).fill()
		s.click(10, 7)
		if s.lineOf() != 7 || s.m.tape.Table.Following {
			t.Fatalf("a click on line 7 selects line %d", s.lineOf())
		}
		row := s.selected()
		s.wheel(tea.MouseWheelDown)
		if s.lineOf() != 7 || s.selected() == row || s.m.tape.Table.Top != wheelRows {
			t.Fatalf("the wheel scrolls to %d, selected line %d", s.m.tape.Table.Top, s.lineOf())
		}
		s.wheel(tea.MouseWheelUp)
		if s.selected() != row {
			t.Fatalf("and back: %q, not %q", s.selected(), row)
		}
		s.click(s.columnAt(2, "PREMIUM")+3, 2)
		s.has("by premium, falling")
		s.click(s.columnAt(2, "PREMIUM"), 2)
		s.has("by premium, rising")
		s.click(s.columnAt(2, "SIZE"), 2)
		s.has("by size, falling")
		before := s.screen()
		s.click(10, 29)     // the footer
		s.click(width-1, 0) // the status bar
		s.m.Update(tea.MouseClickMsg{X: 10, Y: 9, Button: tea.MouseRight})
		if s.screen() != before {
			t.Fatal("a click beside the rows does something")
		}
	}
}

// TestEveryHeaderSorts clicks each cell of the header of a wide window.
func TestEveryHeaderSorts(t *testing.T) {
	s := newStage(t, 200, 50, nil).fill()
	for _, c := range s.m.tape.Table.Layout.Cols {
		s.click(s.columnAt(2, table.Tape[c.ID].Head), 2)
		if s.m.tape.List.Sort != c.ID {
			t.Errorf("a click on %s sorts by %s", table.Tape[c.ID].Head, table.Tape[s.m.tape.List.Sort].Name)
		}
	}
}

func TestMouseInBoxes(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("?")
	s.wheel(tea.MouseWheelDown)
	if s.m.help.At <= wheelRows {
		t.Fatalf("the wheel moves in the help to line %d", s.m.help.At)
	}
	s.click(10, 10)
	s.keys("esc", "t")
	s.wheel(tea.MouseWheelDown)
	if s.m.picker.Cursor != wheelRows {
		t.Fatalf("the wheel moves the picker to %d", s.m.picker.Cursor)
	}
	s.keys("esc", "v")
	s.wheel(tea.MouseWheelDown)
	s.click(10, 4)
	s.click(10, 2)
}

func TestMouseCanBeTurnedOff(t *testing.T) {
	s := newStage(t, 120, 30, func(o *Options) { o.NoMouse = true })
	if s.m.View().MouseMode != tea.MouseModeNone {
		t.Fatal("the mouse is taken")
	}
	s.command("mouse on")
	if s.m.View().MouseMode != tea.MouseModeCellMotion {
		t.Fatal(":mouse on does nothing")
	}
}

// clickOn clicks on a text of a line, the last one if line is negative.
func (s *stage) clickOn(line int, text string) {
	s.t.Helper()
	if line < 0 {
		line += s.m.Height
	}
	s.clicked(s.columnAt(line, text), line)
}

// clicked clicks and does what comes of it.
func (s *stage) clicked(x, y int) {
	if _, cmd := s.m.Update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}); cmd != nil {
		s.deliver(cmd())
	}
}

// TestClickOnTabs in each way that they are written, the one in front too.
func TestClickOnTabs(t *testing.T) {
	for _, width := range []int{60, 120, 200} {
		s := newStage(t, width, 30, nil).fill()
		s.m.View()
		for i := range s.m.tape.Tabs.All {
			want := i * 3 % len(s.m.tape.Tabs.All)
			line := strings.Split(s.screen(), "\n")[1]
			digit := string(rune('1' + want))
			x := strings.Index(line, digit+" "+s.m.tape.Tabs.All[want].Name)
			if x < 0 { // of others the number only
				x = strings.Index(line, " "+digit+" ") + 1
			}
			s.clicked(x, 1)
			if got := s.m.tape.Tabs.At; got != want {
				t.Errorf("at %d cells a click on tab %d goes to %d: %q", width, want+1, got+1, line)
			}
		}
		at := s.m.tape.Tabs.At
		s.clicked(width-1, 1)
		s.clicked(0, 1)
		s.keys("v")
		s.clicked(12, 1)
		if s.m.tape.Tabs.At != at || s.m.page.Name() != "Contracts" {
			t.Error("beside the tabs a click changes them")
		}
	}
}

// TestClickOnTheFooter does what the key there does, of the page and of panes, and
// takes a sentence away that stands in its place.
func TestClickOnTheFooter(t *testing.T) {
	s := newStage(t, 160, 30, nil).fill().day()
	for _, step := range []struct{ text, shows string }{
		{"filter", "enter keep"}, {"drop", "t tickers"}, {"tickers", "[x] SPY"}, {"leave", "t tickers"}, {"view", "Contracts  "}, {"view", "Tickers  "},
		{"view", "Heat map  "}, {"view", "Tape  "}, {"interval", "bursts 1m"}, {"freeze", " frozen "}, {"freeze", "newest first"}, {"open", "esc closes"},
		{"help", "do what"}, {"close", "esc closes"}, {"holding ↑ g", "▼ NVDA 180 call"},
	} {
		if step.text == "do what" {
			continue
		}
		s.m.View()
		s.clickOn(-1, step.text)
		if step.shows == "do what" {
			step.shows = "enter do"
		}
		s.has(step.shows)
	}
	if !s.m.tape.Table.Following {
		t.Error("a click on the badge does not follow")
	}
	s.keys("w") // says something
	s.m.View()
	s.clickOn(-1, "pinned")
	s.has("/ filter")
}

// TestClickOnTheTotals goes to the ticker's contracts, whichever form they have.
func TestClickOnTheTotals(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 30}, {120, 36}, {200, 50}} {
		for _, ticker := range []string{"NVDA", "QQQ", "SPY"} {
			s := newStage(t, size[0], size[1], nil).fill().day()
			s.m.View()
			all := strings.Split(s.screen(), "\n")
			for y := size[1] - 5; y < size[1]-1; y++ {
				if x := strings.LastIndex(all[y], ticker+" "); x >= 0 && !strings.HasPrefix(all[y], " ▸") && !strings.Contains(all[y], ":") {
					s.clicked(paint.Cells(all[y][:x])+1, y)
					break
				}
			}
			s.look()
			s.has("Contracts  " + ticker)
			if s.keys("esc"); s.m.page.Name() != "Tape" {
				t.Errorf("esc leads to %s", s.m.page.Name())
			}
		}
	}
	s := newStage(t, 120, 30, nil).fill().day()
	s.m.View()
	s.clickOn(26, "BULL-BEAR")
	s.has("Tape ")
}

// TestDoubleClickOpens a row, if both were on it, soon enough, and on a row.
func TestDoubleClickOpens(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill().day()
	s.m.View()
	s.clicked(20, 5)
	s.wall = s.wall.Add(doubleTime + 1)
	s.clicked(20, 5)
	s.clicked(20, 6)
	s.hasNot("esc closes")
	s.clicked(20, 6)
	s.has("▼ QQQ 605 call 24Nov26")
	s.clicked(20, 6)
	s.clicked(20, 6)
	s.has("▼ QQQ 605 call 24Nov26") // open it stays
	s.keys("esc")
	s.clicked(20, 2)
	s.clicked(20, 2) // the head
	s.hasNot("esc closes")
	s.keys("S", "esc", "g")

	s = newStage(t, 120, 30, nil).fill().day()
	s.m.View()
	s.clicked(20, 3)
	s.append(newer)
	s.m.View()
	s.clicked(20, 3) // another row stands there now
	s.hasNot("esc closes")
	s.keys("v", "v")
	s.m.View()
	s.clicked(20, 4)
	s.clicked(20, 4)
	s.look()
	s.has("Contracts  ")
	s.keys("esc", "v")
	s.look()
	cell := s.m.heatPage().Map.Place
	s.clicked(11+8+3, 5)
	if s.m.heatPage().Map.Place == cell || s.m.heatPage().Map.Line != 2 || s.m.heatPage().Map.Col != 1 {
		t.Errorf("a click in the heat map goes to %+v", s.m.heatPage().Map.Place)
	}
	s.clicked(11+3, 4)
	s.clicked(11+3, 4)
	s.look()
	s.has("Contracts  QQQ 600 24Nov26")
}

// TestNoClicksWithoutAMouse: what comes all the same does nothing.
func TestNoClicksWithoutAMouse(t *testing.T) {
	s := newStage(t, 120, 30, func(o *Options) { o.NoMouse = true }).fill()
	before := s.screen()
	for y := range 30 {
		s.clicked(12, y)
		s.clicked(12, y)
	}
	s.wheel(tea.MouseWheelDown)
	if s.screen() != before {
		t.Error("a click does something")
	}
}
