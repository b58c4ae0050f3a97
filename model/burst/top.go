package burst

import "math"

// RankFrom is how many bursts of an underlying must have been seen before a
// burst gets a rank among them (docs/words.md#top).
const RankFrom = 200

// standing counts the premiums of one underlying's bursts of a session, so that
// a premium's rank among them costs a dozen steps and the memory does not grow.
// Premiums are counted in classes whose ends lie 1/64 apart: a rank may take
// bursts of up to 1.6 % less premium for equal ones, so it never makes a burst
// out to be rarer than it is.
type standing struct {
	tree    []uint32 // sums of counts by class, as Fenwick has them
	n       uint32   // bursts counted
	waiting []due    // bursts that have no rank yet
}

// Classes of premium: 64 to each doubling, from a dollar to 2^36 dollars.
const (
	standingBits    = 6
	standingDoubles = 36
	standingClasses = standingDoubles << standingBits
)

// classOf is the class of a premium, from 1 on.
func classOf(premium float64) int {
	if !(premium > 1) {
		return 1
	}
	// Exponent and first bits of the mantissa of a float64 are such classes.
	class := int(math.Float64bits(premium)>>(52-standingBits)) - 1023<<standingBits
	return min(class, standingClasses-1) + 1
}

// add counts a premium.
func (t *standing) add(premium float64) {
	if t.tree == nil {
		t.tree = make([]uint32, standingClasses+1)
	}
	t.n++
	for i := classOf(premium); i <= standingClasses; i += i & -i {
		t.tree[i]++
	}
}

// remove takes back a premium that was counted.
func (t *standing) remove(premium float64) {
	t.n--
	for i := classOf(premium); i <= standingClasses; i += i & -i {
		t.tree[i]--
	}
}

// share is the share of the bursts counted that have at least the premium; 0
// while there are too few to tell.
func (t *standing) share(premium float64) float32 {
	if t.n < RankFrom {
		return 0
	}
	less := uint32(0)
	for i := classOf(premium) - 1; i > 0; i -= i & -i {
		less += t.tree[i]
	}
	return float32(float64(t.n-less) / float64(t.n))
}
