package config

import (
	"slices"
	"strings"
)

const historyName = "history.toml"

// Bounds of what is kept: nobody presses ↑ more often, and no line is longer
// than the screen takes.
const (
	mostEarlier     = 100
	longestEarlier  = 500 // bytes
	historyFileMost = 2 * mostEarlier * 4 * longestEarlier
)

// History are lines that were typed in earlier runs, oldest first.
type History struct {
	Filters  []string `toml:"filters"`
	Commands []string `toml:"commands"`
}

// SavedHistory is the history, kept beside a state file.
func SavedHistory(statePath string) *Kept[History] {
	return &Kept[History]{
		path: beside(statePath, historyName), what: "keep the filters",
		read: recallHistory, save: func(path string, h History) error { return store(path, h.bounded()) },
		merge: func(known, ours, theirs History) History {
			return History{
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

// typedFrom is from which line on ours were typed after what was known: old
// lines only ever leave, and new ones come at the end.
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

// recallHistory leaves out lines that nobody can have typed.
func recallHistory(path string) (History, error) {
	var h History
	if err := load(path, historyFileMost, "earlier filters", &h); err != nil {
		return History{}, err
	}
	return h.bounded(), nil
}

func (h History) bounded() History {
	return History{Filters: boundedLines(h.Filters), Commands: boundedLines(h.Commands)}
}

// boundedLines keeps the newest of the lines that can have been typed: plain
// ASCII, as the screen's lines are.
func boundedLines(lines []string) []string {
	kept := slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return !isTyped(line) })
	return kept[max(len(kept)-mostEarlier, 0):]
}

func isTyped(line string) bool {
	return line != "" && len(line) <= longestEarlier && !strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r > '~' })
}
