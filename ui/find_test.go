package ui

import (
	"strings"
	"testing"
)

// marked are the lines with the mark of a hit.
func (s *stage) marked() (out []string) {
	for _, l := range strings.Split(s.screen(), "\n")[3:] {
		if len(l) > 1 && (strings.HasPrefix(l, " *") || strings.HasPrefix(l, "▸*")) && !strings.HasPrefix(l, " * find") {
			out = append(out, l)
		}
	}
	return out
}

func TestFindHidesNothing(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	all := s.m.tape.List.Ord.Len()
	s.keys("ctrl+f")
	s.has("* find", "enter stay")
	s.typed("170 p")
	s.has("1 hit")
	if !strings.HasPrefix(s.selected(), "▸*") || !strings.Contains(s.selected(), "170 P") {
		t.Fatalf("the search stands on %q", s.selected())
	}
	if s.m.tape.List.Ord.Len() != all || len(s.marked()) != 1 {
		t.Fatalf("%d rows of %d, marked %q", s.m.tape.List.Ord.Len(), all, s.marked())
	}
	s.keys("enter")
	s.has("* find 170 p", "SPY       655 P")
	s.keys("esc")
	s.hasNot("* find")
	if len(s.marked()) != 0 {
		t.Fatalf("esc leaves the marks %q", s.marked())
	}
}

func TestFindGoesRound(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("ctrl+f")
	s.typed("qqq 24nov")
	first := s.selected()
	s.keys("enter", "n")
	s.has("hit 2 of")
	second := s.selected()
	if first == second || !strings.Contains(second, "QQQ") || !strings.Contains(second, "24Nov26") {
		t.Fatalf("n goes from %q to %q", first, second)
	}
	n := s.m.tape.Find.Count
	for range n - 1 {
		s.keys("n")
	}
	s.has("hit 1 of "+itoa(n), "round the end")
	if s.selected() != first {
		t.Fatalf("n round the end is on %q, not %q", s.selected(), first)
	}
	s.keys("N")
	s.has("hit " + itoa(n) + " of " + itoa(n))
	s.keys("N")
	s.has("hit " + itoa(n-1) + " of " + itoa(n))
}

func TestFindByFilterAndBack(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("ctrl+f")
	s.typed("whale side=bid")
	if !strings.Contains(s.selected(), "$2.94M") || s.m.tape.Table.Following {
		t.Fatalf("a filter finds %q", s.selected())
	}
	s.keys("esc")
	if !s.m.tape.Table.Following || s.lineOf() != 3 {
		t.Fatal("esc does not go back to where the search began")
	}
	s.keys("j", "j", "ctrl+f")
	s.typed("zzz")
	s.has("nothing found")
	if s.lineOf() != 5 {
		t.Fatalf("without a hit the selection went to line %d", s.lineOf())
	}
	s.keys("enter", "n")
	s.has("nothing found")
	s.keys("esc", "n")
	s.has("enter stay") // without a search n asks for one
}

// TestHitsComeIn marks a row that comes after the search.
func TestHitsComeIn(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("ctrl+f")
	s.typed("670 c")
	s.keys("enter", "g")
	s.append(newer)
	if !strings.HasPrefix(s.selected(), "▸*") || !strings.Contains(s.selected(), "670 C") {
		t.Fatalf("the row that came is not marked: %q", s.selected())
	}
}
