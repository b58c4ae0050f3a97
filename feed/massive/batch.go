package massive

import "optflow/model"

// Batch is what was decoded. Events = bars + filtered + beyond + other + malformed + the
// elements that were statuses.
type Batch struct {
	Bars           []model.Bar
	Statuses       []Status
	NewUnderlyings []string     // first heard of, followed or not
	Samples        []string     // of malformed elements, sanitised, at most maxSamples
	Events         int          // elements seen
	Filtered       int          // bars of underlyings that Keep refused
	Beyond         model.Beyond // bars of contracts for which there is no room
	Other          int          // events of other channels
	Malformed      int          // elements that could not be read
}

const (
	maxSamples  = 4   // kept a batch
	sampleCells = 200 // of an element
)

// Reset empties the batch and keeps its memory.
func (b *Batch) Reset() {
	clear(b.Statuses)
	clear(b.NewUnderlyings)
	clear(b.Samples)
	*b = Batch{
		Bars: b.Bars[:0], Statuses: b.Statuses[:0],
		NewUnderlyings: b.NewUnderlyings[:0], Samples: b.Samples[:0],
	}
}

// cut takes back what was added since b was copied to mark.
func (b *Batch) cut(mark Batch) {
	*b = Batch{
		Bars: b.Bars[:len(mark.Bars)], Statuses: b.Statuses[:len(mark.Statuses)],
		NewUnderlyings: b.NewUnderlyings[:len(mark.NewUnderlyings)], Samples: b.Samples[:len(mark.Samples)],
		Events: mark.Events, Filtered: mark.Filtered, Beyond: mark.Beyond, Other: mark.Other, Malformed: mark.Malformed,
	}
}
