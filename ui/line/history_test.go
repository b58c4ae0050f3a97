package line

import (
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"optflow/model/memory"
)

// TestHistory: bounded, nothing twice, the newest last.
func TestHistory(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		l := New(nil)
		for range rapid.IntRange(1, 300).Draw(rt, "steps") {
			text := rapid.SampledFrom([]string{"", "a", "b", "c", strconv.Itoa(rapid.IntRange(0, 200).Draw(rt, "n"))}).Draw(rt, "text")
			l.Open("")
			for range rapid.IntRange(0, 4).Draw(rt, "ups") {
				l.Recall(rapid.SampledFrom([]int{-1, 1}).Draw(rt, "by"))
			}
			l.Remember(text)
			if text != "" && l.lines[len(l.lines)-1] != text {
				rt.Fatalf("%q is not the newest", text)
			}
			sorted := slices.Sorted(slices.Values(l.lines))
			if len(l.lines) > memory.MostLines || len(slices.Compact(sorted)) != len(l.lines) {
				rt.Fatalf("%d lines: %v", len(l.lines), l.lines)
			}
		}
	})
}
