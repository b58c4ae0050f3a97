package ui

import (
	"errors"
	"slices"
	"testing"

	"optflow/model/memory"
)

func TestFiltersAreKept(t *testing.T) {
	f := &fakeMemory{Remembered: memory.Remembered{Lines: memory.Lines{Filters: []string{"puts", "whale"}, Commands: []string{"sort size"}}}}
	s := newStage(t, 120, 30, remembering(f)).fill()
	s.keys("/", "up")
	s.has("/ whale")
	s.keys("up")
	s.has("/ puts")
	s.keys("up")
	s.has("/ puts")
	s.keys("down", "down")
	s.hasNot("/ puts", "/ whale")
	s.typed("nvda  calls")
	s.keys("enter")
	if kept := keptOf[memory.Lines](f); len(kept) != 1 || !slices.Equal(kept[0].Filters, []string{"puts", "whale", "nvda calls"}) {
		t.Fatalf("kept %v", kept)
	}
	s.keys("/", "enter")
	if kept := keptOf[memory.Lines](f); len(kept) != 1 {
		t.Fatalf("kept again without a change: %v", kept)
	}
	s.keys("F", "/", "up", "up", "enter")
	kept := keptOf[memory.Lines](f)
	if len(kept) != 2 || !slices.Equal(kept[1].Filters, []string{"puts", "nvda calls", "whale"}) {
		t.Fatalf("an earlier line that is used again is not the newest: %v", kept)
	}
	if !slices.Equal(kept[1].Commands, []string{"sort size"}) {
		t.Fatalf("the commands were lost: %v", kept)
	}
}

func TestFiltersThatCannotBeKept(t *testing.T) {
	s := newStage(t, 120, 30, remembering(&fakeMemory{err: errors.New("disk full")})).fill()
	s.keys("/")
	s.typed("calls")
	s.keys("enter")
	s.has("the history of filters is not kept for the next run: disk full")
	s.keys("j", "/")
	s.typed(" nvda")
	s.keys("enter")
	s.hasNot("disk full") // once is enough
}
