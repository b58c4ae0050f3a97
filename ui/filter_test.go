package ui

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"optflow/ui/order"
	"optflow/ui/table"
)

func TestFilterLine(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	all := s.m.tape.List.Ord.Len()
	s.keys("/")
	s.typed("nvda")
	if n := s.m.tape.List.Ord.Len(); n >= all || n == 0 {
		t.Fatalf("typing nvda leaves %d of %d rows", n, all)
	}
	s.has("/ nvda", "of 58")
	s.hasNot("SPY       655 P")
	s.typed(" prem>=25x")
	s.has(`"25x" is not a number`)
	before := s.m.tape.List.Ord.Len()
	s.keys("enter") // it is wrong: the line stays open
	s.has("/ nvda prem>=25x")
	s.keys("backspace")
	s.hasNot("is not a number")
	s.typed("0k")
	s.keys("enter")
	if n := s.m.tape.List.Ord.Len(); n >= before {
		t.Fatalf("prem>=250k leaves %d of %d rows", n, before)
	}
	s.has("[2 All*]  3 Big  4 Unusual  5 0DTE  bursts 10s  newest first   / nvda prem>=250k")
	s.keys("/")
	s.typed(" puts")
	s.keys("esc")
	if got := s.m.page.Filter().Text(); got != "nvda prem>=250k" {
		t.Fatalf("esc leaves %q", got)
	}
	s.keys("F")
	if s.m.tape.List.Ord.Len() != all {
		t.Fatal("F does not clear the filter")
	}
	s.keys("/", "up")
	s.has("/ nvda prem>=250k")
	s.keys("down")
	s.hasNot("/ nvda")
}

func TestFilterSaysHowItWasRead(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("/")
	s.typed("nvda calls or spy puts")
	s.has("reads: ")
	s.keys("backspace", "esc", "/")
	s.typed("amd")
	s.has("AMD is not followed")
}

func TestFilterCompletes(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("/")
	s.typed("nv")
	s.keys("tab")
	s.has("/ nvda")
	s.typed(" pre")
	s.keys("tab")
	s.typed(">=1m exp=18")
	s.keys("tab")
	s.has("/ nvda prem>=1m exp=18dec26")
	s.keys("enter")
	s.has("/ nvda prem>=1m exp=18dec26", "1 of 58")
	s.keys("F", "/")
	s.typed("side=a")
	s.keys("tab")
	s.has("/ side=ask", "AA")
	s.keys("tab", "shift+tab", "shift+tab") // round to the last
	s.has("/ side=a ")
	s.keys("esc", "/")
	s.typed("(!ticker!=sp")
	s.keys("tab")
	s.typed(")")
	s.has("/ (!ticker!=spy)")
}

func TestCallsAndPuts(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("c")
	s.has("/ calls")
	s.hasNot("655 P")
	s.keys("p")
	s.has("/ puts", "655 P")
	s.hasNot("180 C")
	s.keys("p")
	s.has("58 of 750 bursts")
}

// TestFilterCountsUnknown says how many rows could not be judged, and why.
func TestFilterCountsUnknown(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("/")
	s.typed("otm>1%")
	s.keys("enter")
	s.has("of 58 (5 lack spot)")
}

// TestFilterIsKeptUp holds the list kept up by changes against one read anew.
func TestFilterIsKeptUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newStage(t, 120, 30, nil).fill()
		s.m.page.Filter().Set(rapid.SampledFrom([]string{"", "calls", "prem>=250k or size>500", "otm>1%", "not side=ask", "dte=0"}).Draw(rt, "filter"))
		s.m.tape.SortBy(table.ID(rapid.IntRange(0, len(table.Tape)-1).Draw(rt, "sort")))
		for range rapid.IntRange(1, 20).Draw(rt, "rows") {
			tr := rapid.SampledFrom(append(older()[:20], picture...)).Draw(rt, "trade")
			tr.size = uint32(rapid.IntRange(1, 3000).Draw(rt, "size"))
			s.append(tr)
		}
		read := func() []order.Rank {
			rows := make([]order.Rank, s.m.tape.List.Ord.Len())
			s.m.tape.List.Ord.Read(0, rows)
			return rows
		}
		kept, over, lack := read(), s.m.tape.List.Over, s.m.tape.List.Lack
		s.m.tape.List.Rescan()
		if anew := read(); !slices.Equal(kept, anew) {
			rt.Fatalf("kept up %v\nread anew %v", kept, anew)
		}
		if over != s.m.tape.List.Over || lack != s.m.tape.List.Lack {
			rt.Fatalf("counts %d %d, read anew %d %d", over, lack, s.m.tape.List.Over, s.m.tape.List.Lack)
		}
	})
}
