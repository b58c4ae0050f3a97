package filter

import (
	"strings"

	"optflow/model/near"
)

// nearest is the known name closest to what was written, "" when none is near:
// one slip in up to four letters, two in more.
func nearest(written string, names []string) string {
	written = strings.ToLower(written)
	best, allowed := "", 1
	if len(written) > 4 {
		allowed = 2
	}
	for _, name := range names {
		if len(written) >= 3 && strings.HasPrefix(name, written) && best == "" {
			best = name // the beginning of a name, unless something is nearer
		}
		if d := near.Slips(written, name); d <= allowed && d < len(written) {
			best, allowed = name, d-1
		}
	}
	return best
}

func fieldNames() (names []string) {
	for _, f := range fields {
		names = append(append(names, f.name), f.aliases...)
	}
	return names
}

func wordNames() (names []string) {
	for _, w := range words {
		names = append(names, w.name)
	}
	return names
}
