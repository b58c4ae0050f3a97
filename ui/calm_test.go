package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/ui/page"
	"optflow/ui/table"
)

// calmly opens a screen that changes one line at a time.
func calmly(t *testing.T, width, height int) *stage {
	t.Helper()
	s := newStage(t, width, height, func(o *Options) { o.Calm = true }).fill()
	s.clock.Drive(fixtureNow, 0)
	s.m.tick()
	s.keys("g")
	s.m.View()
	return s
}

// steps lets frames pass, each at its time, until nothing changes any more. Between
// two of them at most one line changes, and the cursor stands on it.
func (s *stage) steps(change func()) (changed []int) {
	s.t.Helper()
	before := strings.Split(s.m.View().Content, "\n")
	change()
	for still := 0; still < 3; {
		s.wall = s.wall.Add(page.CalmPause)
		s.m.Update(page.FrameMsg{})
		view := s.m.View()
		now := strings.Split(view.Content, "\n")
		var lines []int
		for i := range now {
			if now[i] != before[i] {
				lines = append(lines, i)
			}
		}
		switch {
		case len(lines) == 0:
			still++
			continue
		case len(lines) > 1:
			s.t.Fatalf("lines %v change between two frames", lines)
		case view.Cursor == nil || view.Cursor.Y != lines[0] || view.Cursor.Blink:
			s.t.Fatalf("line %d changes, the cursor is %+v", lines[0], view.Cursor)
		}
		changed, before, still = append(changed, lines[0]), now, 0
		if len(changed) > 500 {
			s.t.Fatal("it never stands still")
		}
	}
	return changed
}

// TestCalm: new rows take the lines of those that leave, one at a time; no row is
// there twice, and once nothing more comes the newest rows are all there.
func TestCalm(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 30}, {200, 50}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			s := calmly(t, size[0], size[1])
			first := s.screen()
			if strings.Contains(first, "▸") || !strings.Contains(first, "newest under 15s") && !strings.Contains(first, "under 15s old") || strings.Contains(first, "10:41:27 ET") {
				t.Fatalf("not calm:\n%s", first)
			}
			for i := range 7 {
				more := newer
				more.at, more.size = "10:41:"+itoa(30+i), uint32(1000+i)
				if n := len(s.steps(func() { s.append(more) })); n == 0 {
					t.Fatalf("row %d is not shown", i)
				}
			}
			now := s.screen()
			for i, line := range strings.Split(now, "\n")[table.FirstRow : table.FirstRow+4] {
				if was := strings.Split(first, "\n")[table.FirstRow+i]; line != was {
					t.Errorf("line %d moved:\n%s\n%s", i, was, line)
				}
			}
			if strings.Count(now, "10:41:3") < 1 {
				t.Errorf("the new rows are not there:\n%s", now)
			}
			s.keys("g") // in order again
			lines := strings.Split(s.screen(), "\n")
			if !strings.Contains(lines[table.FirstRow], "10:41:3") || strings.Contains(lines[table.FirstRow+3], "10:40") && size[1] > 24 {
				t.Errorf("a key does not put the rows in order:\n%s", s.screen())
			}
		})
	}
}

// TestCalmTellsOfTheFeed: what is said changes at once, as one line; what counts
// beside the rows waits for the minute.
func TestCalmTellsOfTheFeed(t *testing.T) {
	s := calmly(t, 120, 30)
	changed := s.steps(func() {
		s.state(func(st *model.State) {
			st.Totals[0].CallPremium *= 3
			st.Counters.LostVolume++
		})
	})
	if len(changed) != 1 || changed[0] != 0 {
		t.Errorf("lines %v changed, only the gaps in the first did", changed)
	}
	changed = s.steps(func() {
		s.state(func(st *model.State) {
			st.Totals[0].CallPremium *= 3
			st.Counters.LostVolume++
			st.Link, st.Phase, st.Reason = model.Polling, model.PhaseBackoff, "connection lost"
		})
	})
	if len(changed) != 1 || changed[0] != 0 || !strings.Contains(s.screen(), "Polling: connection lost") {
		t.Errorf("lines %v changed:\n%s", changed, s.screen())
	}
	s.wall = s.wall.Add(time.Second)
	if changed = s.steps(func() { s.clock.Drive(fixtureNow+60_000, 0) }); len(changed) < 2 || changed[0] != 0 {
		t.Errorf("a minute later lines %v changed", changed)
	}
}

// TestCalmPagesStandStill: a page that is read from the feed stands still once it
// is filled, and space brings it up to date.
func TestCalmPagesStandStill(t *testing.T) {
	s := calmly(t, 120, 30).day()
	s.keys("v")
	s.look()
	s.wall = s.wall.Add(2 * calmSettles)
	s.m.tick()
	s.has("Contracts", "frozen")
	for i := range s.feed.accounts {
		s.feed.accounts[i].Day *= 2
	}
	before := s.screen()
	s.look()
	s.m.tick()
	s.steps(func() {})
	if strings.Split(s.screen(), "\n")[table.FirstRow] != strings.Split(before, "\n")[table.FirstRow] {
		t.Error("the page moves")
	}
	s.keys("space")
	s.look()
	if strings.Split(s.screen(), "\n")[table.FirstRow] == strings.Split(before, "\n")[table.FirstRow] {
		t.Error("space does not bring it up to date")
	}
	s.wall = s.wall.Add(2 * calmSettles)
	s.m.tick()
	s.has("frozen")
}

// TestCalmCommand: it is switched while it runs, and where somebody writes the
// cursor stays there.
func TestCalmCommand(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	if s.m.View().Cursor != nil {
		t.Error("there is a cursor without calm")
	}
	s.command("calm on")
	if c := s.m.View().Cursor; c == nil || c.Y != table.FirstRow || c.Blink {
		t.Errorf("the cursor is %+v", c)
	}
	if s.m.pull.Pause() != page.CalmPause {
		t.Errorf("frames come each %v", s.m.pull.Pause())
	}
	s.keys("/")
	s.typed("nv")
	if c := s.m.View().Cursor; c == nil || c.Y != 28 || c.Blink || c.Shape != tea.CursorBar {
		t.Errorf("while writing the cursor is %+v", c)
	}
	s.keys("esc")
	s.command("calm off")
	if s.m.View().Cursor != nil || s.m.pull.Pause() != time.Second/defaultFPS {
		t.Error("calm stays")
	}
}
