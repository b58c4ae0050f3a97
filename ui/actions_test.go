package ui

import (
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
