package config

import (
	"math"
	"strings"
)

// nearest is the known name that a mistyped one was meant to be, "" when none is
// near: two letters may differ, in long names a third of them.
func nearest(name string, known []string) string {
	best, least := "", max(3, len(name)/3+1)
	for _, candidate := range known {
		if d := distance(strings.ToLower(name), strings.ToLower(candidate)); d < least {
			best, least = candidate, d
		}
	}
	return best
}

// distance is the number of letters to change, add or take away (Levenshtein).
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return math.MaxInt // no name is that long
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
