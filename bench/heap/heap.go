// Package heap holds what reading costs to what there is to read.
package heap

import (
	"runtime"
	"testing"
)

// Base is what may be allocated whatever the input, in bytes: buffers, patterns,
// the first tables.
const Base = 256 << 10

// Allocated is how many bytes f allocates, what is thrown away at once included.
func Allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Within fails when f allocates more than factor bytes for each of size bytes of
// input, and Base; slack times as much under the race detector, 1 without. What
// other goroutines allocate meanwhile may be in it, so it is asked a second time.
func Within(t testing.TB, what string, size, factor, slack int, f func()) {
	t.Helper()
	most := uint64(slack * (factor*size + Base))
	if got := Allocated(f); got > most {
		if got = min(got, Allocated(f)); got > most {
			t.Errorf("%s: %d KB for %d KB of input, at most %d KB", what, got>>10, size>>10, most>>10)
		}
	}
}
