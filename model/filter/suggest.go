package filter

import "strings"

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
		if d := slips(written, name); d <= allowed && d < len(written) {
			best, allowed = name, d-1
		}
	}
	return best
}

// slips counts the letters to insert, drop, replace or swap with a neighbour.
func slips(a, b string) int {
	if len(a) > 32 || len(b) > 32 {
		return 64
	}
	var rows [33][33]int
	for i := range len(a) + 1 {
		rows[i][0] = i // #nosec G602 -- both are bounded above
	}
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			d := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				d++
			}
			d = min(d, rows[i-1][j]+1, rows[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1) // #nosec G602 -- j > 1
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
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
