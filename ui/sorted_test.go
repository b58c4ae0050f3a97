package ui

import (
	"strings"
	"testing"

	"optflow/model/memory"
	"optflow/ui/table"
)

// TestSortIsAlwaysShown: by an arrow at the head, or in words where that column
// is not on the screen; for every column of every view at every width.
func TestSortIsAlwaysShown(t *testing.T) {
	head := func(t *testing.T, s *stage, name, head string, falls bool) {
		t.Helper()
		arrow := "↑"
		if falls {
			arrow = "↓"
		}
		l := s.line(2)
		words := strings.Contains(s.line(1), table.SortText(name, falls)) || strings.Contains(s.line(1), "newest first") || strings.Contains(s.line(1), "oldest first")
		letters := []rune(head) // of a head that is cut one letter goes
		short := string(letters[:len(letters)-1])
		shown := strings.Contains(l, arrow+head) || strings.Contains(l, head+arrow) || len(letters) > 3 && strings.Contains(l, short[:len(short)-1]+arrow) || len(letters) > 3 && strings.Contains(l, short+arrow)
		if !shown && !words {
			t.Errorf("sorted by %s nothing says so:\n%s\n%s", name, s.line(1), l)
		}
		if strings.Count(l, "↑")+strings.Count(l, "↓") > 1 {
			t.Errorf("sorted by %s there are more arrows: %s", name, l)
		}
	}
	for _, width := range []int{60, 72, 80, 100, 120, 200} {
		s := newStage(t, width, 30, nil).fill().day()
		for id := range table.ID(len(table.Tape)) {
			for range 2 {
				s.m.tape.SortBy(id)
				s.m.dirty = true
				s.look()
				head(t, s, table.Tape[id].Name, table.Tape[id].Head, table.Tape[id].Falls != s.m.tape.List.Reversed)
			}
			if !s.m.tape.Table.Layout.Shows(id) {
				t.Errorf("%d: %s is not on the screen when sorted by it", width, table.Tape[id].Name)
			}
			s.keys("esc")
		}
		s.keys("v")
		s.look()
		for i, c := range s.m.chain.Grid.Columns {
			s.m.chain.Grid.SortBy(i)
			s.m.dirty = true
			s.look()
			head(t, s, c.Name, c.Head, c.Falls)
			s.keys("esc")
			head(t, s, c.Name, c.Head, c.Falls)
		}
		s.keys("v")
		s.look()
		for i, c := range s.m.tickersPage().Grid.Columns {
			s.m.tickersPage().Grid.SortBy(i)
			s.m.dirty = true
			s.look()
			head(t, s, c.Name, c.Head, c.Falls)
			s.keys("esc")
			head(t, s, c.Name, c.Head, c.Falls)
		}
	}
	// A tab that leaves the column out says the order in words, however narrow.
	for _, width := range []int{60, 80, 120} {
		s := newStage(t, width, 30, func(o *Options) {
			o.Tabs = memory.Tabs{{Name: "Sizes", Filter: "size>100", Sort: "iv", Columns: []string{"size"}}, {Name: "All"}}
			chosenBefore(memory.Choices{Tab: "Sizes"})(o)
		}).fill()
		if l := s.line(1); !strings.Contains(l, "by iv, falling") && !s.m.tape.Table.Layout.Shows(table.TapeColumn("iv")) {
			t.Errorf("%d: the order is not said: %q", width, l)
		}
	}
}
