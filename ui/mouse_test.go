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
