// Package near tells how far a mistyped word is from one that is known.
package near

import "math"

// longest is how long, in bytes, a name can be that anybody meant.
const longest = 64

// Slips counts the letters to insert, drop, replace or swap with a neighbour to
// make one word of another.
func Slips(a, b string) int {
	if len(a) > longest || len(b) > longest {
		return math.MaxInt
	}
	var rows [longest + 1][longest + 1]int
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
