package book

// join notes from when all that trades in a ledger comes in. What the others
// counted before that has no counterpart here, so all begin a common time anew.
func (t *ledger) join(at int64) {
	if t.counts > 0 {
		return
	}
	t.counts = at
	// No row on the tape began later than this, so nothing has to be counted again.
	if from := max(at, t.day.latest); from > t.day.joint {
		t.day.joint = from
		for _, other := range t.day.sums {
			other.joint = 0
		}
	}
}
