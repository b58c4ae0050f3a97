package ui

import (
	"slices"
	"strings"
	"testing"

	"optflow/model"
	"optflow/model/memory"
	"optflow/ui/act"
	"optflow/ui/page"
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
	height := s.m.tape.Table.Height
	s.keys("w")
	s.has("NVDA 180 C 18Dec26 is pinned")
	if p := s.pinnedLines(); len(p) != 1 || !strings.Contains(p[0], "10:41:26 WU>  NVDA      180 C") || s.m.tape.Table.Height != height-1 {
		t.Fatalf("pinned %q, %d rows of %d", p, s.m.tape.Table.Height, height)
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
	if p := s.pinnedLines(); len(p) != 0 || s.m.tape.Table.Height != height {
		t.Fatalf(":unpin leaves %q", p)
	}
}

func TestPinsAreFew(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	for range 12 {
		s.keys("w", "j")
	}
	if n := len(s.m.tape.Pins.Ids); n > page.PinsMost {
		t.Fatalf("%d are pinned", n)
	}
	for s.m.tape.Pins.Lines() < page.PinsMost {
		s.keys("j", "w")
	}
	for { // to a contract that is not pinned
		row, ok := s.m.tape.Table.Chosen()
		if ok && !slices.Contains(s.m.tape.Pins.Ids, row.Contract.ID) {
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

// TestPinsAreKept: a contract that was pinned is pinned in the next run, and its
// details tell how its open interest changed since the session before.
func TestPinsAreKept(t *testing.T) {
	f := &fakeMemory{}
	friday, monday := model.MakeDate(2026, 11, 20), model.MakeDate(2026, 11, 23)
	nvda := "O:NVDA261218C00180000"
	f.Pins = memory.Pins{{Contract: nvda, Date: friday, Interest: 1_240}, {Contract: "O:SPY261120C00600000"}, {Contract: "nonsense"}}
	s := newStage(t, 120, 30, remembering(f)).fill().day()
	if got := s.pinnedLines(); len(got) != 1 || !strings.Contains(got[0], "NVDA") {
		t.Fatalf("pinned %q", got)
	}
	s.state(func(st *model.State) { st.Sim = false })
	later := func() {
		for _, cmd := range s.m.later {
			if cmd != nil {
				cmd()
			}
		}
		s.m.later = nil
	}
	s.m.tape.Pins.Reread()
	if s.m.tape.Pins.Note() {
		s.m.later = append(s.m.later, s.m.carry(act.One(act.KeepPins{})))
	}
	later()
	want := memory.Pin{Contract: nvda, Date: monday, Interest: 1_840, Before: friday, Earlier: 1_240}
	newest := func() memory.Pins {
		all := keptOf[memory.Pins](f)
		if len(all) == 0 {
			return nil
		}
		return all[len(all)-1]
	}
	if kept := newest(); len(kept) != 1 || kept[0] != want {
		t.Fatalf("kept %+v, want %+v", kept, want)
	}
	a := model.Account{Contract: s.intern(nvda), Date: monday, OpenInterest: 1_840}
	if got := s.m.tape.Pins.InterestChange(&a); got != "; +600 since Fri 20 Nov (1,240)" {
		t.Errorf("change %q", got)
	}
	a.OpenInterest = 1_000
	if got := s.m.tape.Pins.InterestChange(&a); got != "; −240 since Fri 20 Nov (1,240)" {
		t.Errorf("change %q", got)
	}
	a.Contract++
	if got := s.m.tape.Pins.InterestChange(&a); got != "" {
		t.Errorf("of a contract that is not pinned: %q", got)
	}
	s.keys("w")
	s.keys("w")
	later()
	if kept := newest(); len(kept) != 1 {
		t.Errorf("kept %+v", kept)
	}
	f.kept = nil
	s.state(nil) // simulated
	s.keys("w")
	later()
	if kept := newest(); kept != nil {
		t.Errorf("a simulated market's pins are kept: %+v", kept)
	}
}
