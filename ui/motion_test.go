package ui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"optflow/ui/rows"
)

// lit are the lines marked as just arrived.
func (s *stage) lit() (n int) {
	for _, l := range strings.Split(s.screen(), "\n")[3:] {
		if strings.HasPrefix(l, "▸▎") || strings.HasPrefix(l, " ▎") {
			n++
		}
	}
	return n
}

func TestArrivals(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	if s.lit() != 0 {
		t.Fatalf("%d rows of the backlog are marked", s.lit())
	}
	s.append(newer)
	if s.lit() != 1 || !strings.HasPrefix(s.selected(), "▸▎") {
		t.Fatalf("%d rows are marked", s.lit())
	}
	s.wall = s.wall.Add(rows.ArrivalTime / 2)
	s.m.tick()
	if s.lit() != 1 {
		t.Fatal("the mark is gone too soon")
	}
	s.wall = s.wall.Add(rows.ArrivalTime)
	s.m.tick()
	if s.lit() != 0 {
		t.Fatal("the mark stays")
	}
	s.command("reduced-motion on")
	other := newer
	other.symbol = "O:SPY261218C00671000"
	beat := s.m.beat
	s.append(other)
	s.m.tick()
	if s.lit() != 0 || s.m.beat != beat {
		t.Fatal("something moves under reduced motion")
	}
}

func TestUnfocusedPaintsOnceASecond(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	if !s.m.View().ReportFocus {
		t.Fatal("the terminal is not asked to report its focus")
	}
	if got := s.m.pull.Pause(); got != time.Second/defaultFPS {
		t.Fatalf("in focus a frame each %v", got)
	}
	s.m.Update(tea.BlurMsg{})
	if got := s.m.pull.Pause(); got != time.Second {
		t.Fatalf("without focus a frame each %v", got)
	}
	s.tape.Append(newer.tapeRow(t, s.tape))
	s.tape.Publish()
	s.hasNot("670 C  18Dec26  25         $150K")
	s.m.Update(tea.FocusMsg{})
	s.has("$150K")
	if s.m.pull.Pause() == time.Second {
		t.Fatal("back in focus it stays slow")
	}
}
