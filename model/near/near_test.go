package near

import (
	"math"
	"strings"
	"testing"
)

func TestSlips(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"size", "size", 0}, {"szie", "size", 1}, {"siz", "size", 1}, {"sizes", "size", 1}, {"sise", "size", 1},
		{"premuim", "premium", 1}, {"dte", "otm", 2}, {strings.Repeat("a", 64), "", 64}, {strings.Repeat("a", 65), "a", math.MaxInt},
	} {
		if got, back := Slips(c.a, c.b), Slips(c.b, c.a); got != c.want || back != c.want {
			t.Errorf("from %q to %q: %d and %d, want %d", c.a, c.b, got, back, c.want)
		}
	}
}
