package ui

import (
	"slices"
	"strings"
	"testing"

	"optflow/model"
)

func TestPollAndRetake(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("r")
	if s.feed.polls != 1 || s.feed.retakes != 0 {
		t.Fatalf("%d polls, %d retakes", s.feed.polls, s.feed.retakes)
	}
	s.state(func(st *model.State) { st.Link, st.Phase = model.Stopped, model.PhaseRefused })
	s.keys("r")
	if s.feed.retakes != 1 {
		t.Fatal("r does not try a refused key again")
	}
}

func TestCommands(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	for _, c := range []string{"window 1m", "auto off", "interval 5m", "sort size"} {
		s.keys(":")
		s.typed(c)
		s.keys("enter")
	}
	if !slices.Equal(s.feed.spans, []model.Span{model.Minute}) || !slices.Equal(s.feed.auto, []bool{false}) {
		t.Fatalf("spans %v, auto %v", s.feed.spans, s.feed.auto)
	}
	s.has("bursts 5m", "by size, falling")
	for _, bad := range []string{"window 2m", "auto perhaps", "interval 7m", "sort nonsense", "nonsense"} {
		s.keys(":")
		s.typed(bad)
		s.keys("enter")
		shown := s.m.notices.queue[len(s.m.notices.queue)-1]
		if shown.ink != inkBad {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestMarkedRows(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.keys("]")
	if !strings.Contains(s.selected(), "   =  QQQ       598 C") {
		t.Fatalf("the next marked row is %q", s.selected())
	}
	s.keys("[")
	if !strings.Contains(s.selected(), "WU>") {
		t.Fatalf("the previous marked row is %q", s.selected())
	}
	s.keys("[")
	s.has("no marked row above")
}
