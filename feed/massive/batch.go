package massive

import "optflow/feed/source"

// Batch is what was decoded, with its Words yet to be told from the statuses.
// Events = bars + filtered + beyond + other + malformed + the elements that were
// statuses.
type Batch struct {
	source.Batch
	Statuses []Status
	Other    int // events of other channels
}

const (
	maxSamples  = 4   // of malformed elements, kept a batch
	sampleCells = 200 // of an element
)

// Reset empties the batch and keeps its memory.
func (b *Batch) Reset() {
	clear(b.Statuses)
	clear(b.NewUnderlyings)
	clear(b.Samples)
	b.cut(Batch{})
}

// cut takes back what was added since b was copied to mark.
func (b *Batch) cut(mark Batch) {
	mark.Bars, mark.Statuses = b.Bars[:len(mark.Bars)], b.Statuses[:len(mark.Statuses)]
	mark.NewUnderlyings, mark.Samples = b.NewUnderlyings[:len(mark.NewUnderlyings)], b.Samples[:len(mark.Samples)]
	*b = mark
}
