package state

import (
	"slices"
	"strings"

	"optflow/model/memory"
)

const historyName = "history.toml"

// Bounds of what is kept: no line is longer than the screen takes.
const (
	longestLine     = 500 // bytes
	historyFileMost = 2 * memory.MostLines * 4 * longestLine
)

// savedLines are the lines typed, kept beside a state file.
func savedLines(statePath string) *kept[memory.Lines] {
	return &kept[memory.Lines]{
		path: beside(statePath, historyName), what: "keep the filters",
		read: recallLines, save: func(path string, l memory.Lines) error { return store(path, boundedLines(l)) },
		merge: func(known, ours, theirs memory.Lines) memory.Lines {
			return memory.Lines{
				Filters:  mergeLines(known.Filters, ours.Filters, theirs.Filters),
				Commands: mergeLines(known.Commands, ours.Commands, theirs.Commands),
			}
		},
	}
}

// mergeLines puts the lines typed here after those typed elsewhere. A line that
// is typed again moves to the end.
func mergeLines(known, ours, theirs []string) []string {
	typed := ours[typedFrom(known, ours):]
	return append(slices.DeleteFunc(slices.Clone(theirs), func(line string) bool { return slices.Contains(typed, line) }), typed...)
}

// typedFrom is the first of our lines that was typed since known was read: old
// lines only leave, new ones come at the end.
func typedFrom(known, ours []string) int {
	for i, line := range ours {
		at := slices.Index(known, line)
		if at < 0 {
			return i
		}
		known = known[at+1:]
	}
	return len(ours)
}

// recallLines leaves out lines that cannot have been typed.
func recallLines(path string) (memory.Lines, error) {
	var l memory.Lines
	if err := load(path, historyFileMost, "earlier filters", &l); err != nil {
		return memory.Lines{}, err
	}
	return boundedLines(l), nil
}

// boundedLines keeps the newest of the lines that can have been typed: plain
// ASCII, as the screen's lines are.
func boundedLines(l memory.Lines) memory.Lines {
	typed := func(lines []string) []string {
		lines = slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return !isTyped(line) })
		return lines[max(len(lines)-memory.MostLines, 0):]
	}
	return memory.Lines{Filters: typed(l.Filters), Commands: typed(l.Commands)}
}

func isTyped(line string) bool {
	return line != "" && len(line) <= longestLine && !strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r > '~' })
}
