package model

// Interest is what the vendor states of one contract's session once that is
// over.
type Interest struct {
	Lots   int64 // open interest at its end; -1 not stated
	Volume int64 // contracts traded in it; -1 not stated
	// ByDate says that the open interest was stated for that session by name. A
	// snapshot's is that of the trading day before the one on which it was read.
	ByDate bool
}
