package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"optflow/ui/keys"
	"optflow/ui/pane"
)

// TestHelpAreas: every key of the tape stands in exactly one area of the help.
func TestHelpAreas(t *testing.T) {
	areas := make(map[keys.Action]int)
	for _, area := range pane.HelpAreas {
		for _, act := range area.Acts {
			areas[act]++
		}
	}
	for _, k := range keys.Table() {
		if k.Where == keys.InTape && areas[k.Action] != 1 {
			t.Errorf("%s (%s) stands in %d areas", k.Help().Key, k.Help().Desc, areas[k.Action])
		}
	}
}

// helpTo selects the line of the help with a term.
func (s *stage) helpTo(term string) {
	s.t.Helper()
	s.keys("?")
	lines := s.m.help.Lines()
	for range lines {
		if lines[s.m.help.At].Term == term {
			return
		}
		s.keys("j")
	}
	s.t.Fatalf("the help has no line %q", term)
}

// TestHelpDoes: enter does what the line says, under keys of the user's own too.
func TestHelpDoes(t *testing.T) {
	s := newStage(t, 120, 30, withKeys(t, map[string][]string{"freeze": {"f9"}})).fill()
	s.helpTo("f9")
	s.keys("enter")
	s.has("frozen f9")
	s.helpTo("/")
	s.keys("enter")
	s.has("enter keep")
	s.keys("esc")
	s.helpTo(":theme")
	s.keys("enter")
	s.has(":theme", "colours of the screen")
	s.typed("light")
	s.keys("enter")
	if s.m.looks.name != "light" {
		t.Errorf("theme %q", s.m.looks.name)
	}
	s.helpTo("q")
	_, cmd := s.m.Update(press("enter"))
	if cmd == nil {
		t.Fatal("q in the help, done, does not quit")
	}
	if _, quits := cmd().(tea.QuitMsg); !quits {
		t.Fatal("q in the help, done, does not quit")
	}
}

// TestHelpSaysOnly: a line that only explains does nothing.
func TestHelpSaysOnly(t *testing.T) {
	s := newStage(t, 80, 24, nil).fill()
	s.helpTo("BULL-BEAR")
	before := s.screen()
	s.keys("enter")
	if s.screen() != before {
		t.Error("a line of the legend does something")
	}
}

// TestHelpMoves: the selected line is always on the screen and never a heading,
// and every line can be seen.
func TestHelpMoves(t *testing.T) {
	s := newStage(t, 80, 24, nil).fill()
	s.keys("?")
	lines := s.m.help.Lines()
	seen := make([]bool, len(lines))
	look := func(after string) {
		t.Helper()
		h := s.m.help
		if h.At < h.Offset || h.At >= h.Offset+22 || h.Offset < 0 || h.Offset > len(lines)-22 {
			t.Fatalf("after %s line %d is selected, %d is the first shown of %d", after, h.At, h.Offset, len(lines))
		}
		if lines[h.At].Term == "" {
			t.Fatalf("after %s the heading %q is selected", after, lines[h.At].Head)
		}
		for i := h.Offset; i < h.Offset+22; i++ {
			seen[i] = true
		}
		if !strings.Contains(s.screen(), "▸ "+lines[h.At].Term[:1]) {
			t.Fatalf("after %s the selection is not to be seen", after)
		}
	}
	look("?")
	for range lines {
		s.keys("j")
		look("j")
	}
	for i, ok := range seen {
		if !ok {
			t.Errorf("line %d, %+v, was never shown", i, lines[i])
		}
	}
	for _, key := range []string{"g", "pgdown", "pgdown", "pgup", "ctrl+d", "ctrl+u", "k", "G", "j", "pgdown", "k", "g", "k", "pgup"} {
		s.keys(key)
		look(key)
	}
}

// TestHelpWidens: in a wider window the help has fewer lines than the one that
// was selected.
func TestHelpWidens(t *testing.T) {
	s := newStage(t, 60, 12, nil).fill()
	s.keys("?", "G")
	s.m.Update(tea.WindowSizeMsg{Width: 250, Height: 60})
	s.keys("k", "G")
	s.m.Update(tea.WindowSizeMsg{Width: 60, Height: 12})
	s.keys("G")
	s.m.Update(tea.WindowSizeMsg{Width: 250, Height: 60})
	s.has("version")
}

// TestHelpIsSearched: the search goes to hits while it is typed, marks them, and
// esc ends it where it began.
func TestHelpIsSearched(t *testing.T) {
	s := newStage(t, 80, 24, nil).fill()
	s.keys("?", "j", "j")
	began := s.m.help.At
	s.keys("/")
	s.typed("twi")
	s.has("/ twi", " hits")
	first := s.m.help.At
	lines := s.m.help.Lines()
	if lines[first].Term != "=" || !strings.Contains(s.screen(), "▸*=") {
		t.Errorf("the first hit is %+v:\n%s", lines[first], s.screen())
	}
	s.typed("n") // the same hit
	if s.m.help.At != first {
		t.Error("a letter more leaves the hit")
	}
	s.keys("down")
	second := s.m.help.At
	s.keys("up", "enter")
	if s.m.help.At != first || second <= first {
		t.Errorf("hits at %d and %d", first, second)
	}
	s.has("n N next", "* twin", " hits")
	s.keys("n")
	if s.m.help.At != second {
		t.Errorf("n goes to %d, not %d", s.m.help.At, second)
	}
	s.keys("N", "N") // round the beginning
	if s.m.help.At <= second {
		t.Errorf("N goes to %d", s.m.help.At)
	}
	s.keys("/")
	s.typed("no such thing")
	s.has("nothing found")
	s.keys("enter")
	s.has("esc q")
	s.keys("g", "j", "j", "/")
	s.m.Update(tea.PasteMsg{Content: "columns of the tape"})
	s.has("Columns of the tape", "1 hit")
	s.keys("esc")
	if s.m.help.At != began {
		t.Errorf("esc goes to line %d, the search began at %d", s.m.help.At, began)
	}
	s.has("esc q") // still open
	s.keys("/")
	s.typed("whale")
	s.keys("enter", "esc")
	s.hasNot("* whale")
	s.keys("esc")
	s.hasNot("Marks")
}
