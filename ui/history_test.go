package ui

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

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

// TestHistory: bounded, nothing twice, the newest last.
func TestHistory(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var h history
		var e editor
		for range rapid.IntRange(1, 300).Draw(rt, "steps") {
			text := rapid.SampledFrom([]string{"", "a", "b", "c", itoa(rapid.IntRange(0, 200).Draw(rt, "n"))}).Draw(rt, "text")
			h.begin()
			for range rapid.IntRange(0, 4).Draw(rt, "ups") {
				h.recall(rapid.SampledFrom([]int{-1, 1}).Draw(rt, "by"), &e)
			}
			h.remember(text)
			if text != "" && h.lines[len(h.lines)-1] != text {
				rt.Fatalf("%q is not the newest", text)
			}
			sorted := slices.Sorted(slices.Values(h.lines))
			if len(h.lines) > memory.MostLines || len(slices.Compact(sorted)) != len(h.lines) {
				rt.Fatalf("%d lines: %v", len(h.lines), h.lines)
			}
		}
	})
}
