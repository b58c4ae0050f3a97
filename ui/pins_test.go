package ui

import (
	"slices"
	"strings"
	"testing"
)

// pinnedLines are the lines of the pinned contracts.
func (s *stage) pinnedLines() (out []string) {
	for _, l := range strings.Split(s.screen(), "\n")[3:] {
		if strings.HasPrefix(l, "▲") {
			out = append(out, l)
		}
	}
	return out
}

func TestPin(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	height := s.m.table.height
	s.keys("w")
	s.has("NVDA 180 C 18Dec26 is pinned")
	if p := s.pinnedLines(); len(p) != 1 || !strings.Contains(p[0], "10:41:26 WU>  NVDA      180 C") || s.m.table.height != height-1 {
		t.Fatalf("pinned %q, %d rows of %d", p, s.m.table.height, height)
	}
	s.keys("j", "w")
	if !slices.Contains(s.feed.watched, s.intern("O:SPY261123P00655000")) {
		t.Fatal("the feed does not watch the pinned contract")
	}
	s.keys("/")
	s.typed("qqq")
	s.keys("enter")
	if p := s.pinnedLines(); len(p) != 2 || !strings.Contains(p[1], "655 P") {
		t.Fatalf("a filter takes pinned contracts away: %q", p)
	}
	small := picture[0] // under the floor, out of the filter: it is the contract's newest all the same
	small.at, small.size = "10:41:50", 7
	s.append(small)
	if p := s.pinnedLines(); !strings.Contains(p[0], "10:41:50") || !strings.Contains(p[0], "$3.39K") {
		t.Fatalf("the newest trade of a pinned contract is not shown: %q", p[0])
	}
	s.keys("i")
	if p := s.pinnedLines(); len(p) != 2 || !strings.Contains(p[0], "10:41") {
		t.Fatalf("after another interval: %q", p)
	}
	s.keys("F", "i", "i", "i", "i")
	for !strings.Contains(s.selected(), "655 P") {
		s.keys("j")
	}
	s.keys("w")
	if p := s.pinnedLines(); len(p) != 1 {
		t.Fatalf("w again leaves %q", p)
	}
	s.command("unpin")
	if p := s.pinnedLines(); len(p) != 0 || s.m.table.height != height {
		t.Fatalf(":unpin leaves %q", p)
	}
}

func TestPinsAreFew(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	for range 12 {
		s.keys("w", "j")
	}
	if n := len(s.m.pins.ids); n > pinsMost {
		t.Fatalf("%d are pinned", n)
	}
	for s.m.pins.height() < pinsMost {
		s.keys("j", "w")
	}
	for { // to a contract that is not pinned
		row, ok := s.m.table.chosen()
		if ok && !slices.Contains(s.m.pins.ids, row.contract.ID) {
			break
		}
		s.keys("j")
	}
	s.keys("w")
	s.has("4 contracts are pinned")
	checkCells(t, s.m.View().Content, 120, 30)
}

// TestPinsOfASessionThatIsOver: yesterday's trade is not shown as today's.
func TestPinsOfASessionThatIsOver(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("w")
	next := picture[1].tapeRow(t, s.tape)
	next.Start += 24 * 3600 * 1000
	s.tape.Append(next)
	s.tape.Publish()
	s.frame()
	if p := s.pinnedLines(); len(p) != 1 || !strings.Contains(p[0], "NVDA 180 C 18Dec26  no trade of it is known now") {
		t.Fatalf("%q", p)
	}
}

func TestPinsInAFrozenPicture(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("w", "space")
	grown := picture[0]
	grown.at, grown.size = "10:41:27", 50
	s.append(grown)
	if p := s.pinnedLines(); !strings.Contains(p[0], " 2,310 ") {
		t.Fatalf("the frozen picture changed: %q", p)
	}
	s.keys("space")
	if p := s.pinnedLines(); !strings.Contains(p[0], " 2,360 ") {
		t.Fatalf("thawed: %q", p)
	}
}
