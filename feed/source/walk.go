package source

import (
	"cmp"
	"fmt"
	"hash/maphash"
)

// maxPages is more than any chain has; a server that goes on is mistaken.
const maxPages = 10_000

// Walk guards a walk along next_url against running in circles or for ever. Its
// zero value is at the start.
type Walk struct {
	seed  maphash.Seed
	seen  map[uint64]bool // hashes: 10,000 URLs of 8 KiB would be 80 MB
	pages int
	Most  int // 0 is 10,000
}

// Step takes note of the next page's URL, or refuses it with an *Failure.
func (w *Walk) Step(next string) error {
	if w.seen == nil {
		w.seed, w.seen = maphash.MakeSeed(), make(map[uint64]bool)
	}
	hash := maphash.String(w.seed, next)
	if w.pages++; w.seen[hash] || w.pages >= cmp.Or(w.Most, maxPages) {
		return &Failure{Kind: ErrorEndless, Message: fmt.Sprintf("stopped after %d pages", w.pages)}
	}
	w.seen[hash] = true
	return nil
}
