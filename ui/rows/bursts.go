package rows

import (
	"iter"

	"optflow/model"
	"optflow/model/burst"
)

// Bursts are those that a page shows: a burst.Set of its own, or a boards.Look at
// one that many share.
type Bursts interface {
	Get(id uint32) *burst.Burst
	Each(shelves burst.Shelf) iter.Seq2[uint32, *burst.Burst] // in any order
	Counts() burst.Counts
	Since() int64
	Windows(id uint32, into []model.Row) ([]model.Row, bool)
	Twins(id uint32, into []burst.Twin) []burst.Twin
	Remembered(id model.ContractID, into []model.Row) []model.Row
	GapsOf(id model.ContractID, into []model.Row) []model.Row
}
