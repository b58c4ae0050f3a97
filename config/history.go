package config

import "fmt"

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

// HistoryPath is where the history is kept beside a state file, "" for "".
func HistoryPath(statePath string) string { return beside(statePath, historyName) }

// RecallHistory reads what was typed in earlier runs. No file is no error, and
// lines that nobody can have typed are left out.
func RecallHistory(path string) (History, error) {
	var h History
	if err := load(path, historyFileMost, "earlier filters", &h); err != nil {
		return History{}, err
	}
	return h.bounded(), nil
}

// RememberHistory writes the lines for the next run, whole or not at all,
// readable by their user only. A path of "" keeps nothing, which is no error.
func RememberHistory(path string, h History) error {
	if path == "" {
		return nil
	}
	if err := store(path, h.bounded()); err != nil {
		return fmt.Errorf("keep the filters: %w", err)
	}
	return nil
}

func (h History) bounded() History {
	return History{Filters: boundedLines(h.Filters), Commands: boundedLines(h.Commands)}
}

// boundedLines keeps the newest of the lines that can have been typed: plain
// ASCII, as the screen's lines are.
func boundedLines(lines []string) []string {
	var kept []string
	for _, line := range lines {
		if isTyped(line) {
			kept = append(kept, line)
		}
	}
	return kept[max(len(kept)-mostEarlier, 0):]
}

func isTyped(line string) bool {
	for i := range len(line) {
		if line[i] < ' ' || line[i] > '~' {
			return false
		}
	}
	return line != "" && len(line) <= longestEarlier
}
