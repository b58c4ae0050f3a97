package rules

import (
	"optflow/model"
	"optflow/model/burst"
	"optflow/model/tape"
)

// watched is how many bursts of each sort, over the floor and under it, a Watch
// keeps: those that can still change are the last quarter of an hour's.
const watched = 65_536

// Watch reads rows for an Evaluator, like a face: it joins windows into bursts of
// 10 s and tells each of their versions.
type Watch struct {
	*Evaluator
	bursts *burst.Set
	// Told is told each version of a burst after the rules were asked of it, which is
	// good until the call returns; nil: nobody is.
	Told func(burst.Change, *burst.Burst)
}

// NewWatch returns a Watch of a tape's rows without rules; Set puts them in force.
func NewWatch(t *tape.Tape, o Options) *Watch {
	w := &Watch{Evaluator: New(t.Contracts, o)}
	w.bursts = burst.New(t.Contracts, burst.Options{Interval: burst.Interval10s, Rules: w.options.Thresholds, MaxRows: watched, At: t.At})
	return w
}

// Row tells one version of a window as read from the tape, with its number. They
// come in the order of the tape, each after an At.
func (w *Watch) Row(row model.Row, seq uint64) {
	w.bursts.Add(row, seq)
	for _, change := range w.bursts.Drain() {
		b := w.bursts.Get(change.ID)
		w.Burst(change, b, &row)
		if w.Told != nil {
			w.Told(change, b)
		}
	}
}

// Renamed is to be called when contracts turned out to be of another underlying
// than was thought (State.Moves).
func (w *Watch) Renamed() { w.bursts.Renamed() }
