package massive

import (
	"cmp"
	"fmt"
	"hash/maphash"
)

const (
	// maxPages is more than any chain has; a server that goes on is mistaken.
	maxPages = 10_000
	// callPages is more than any one call reads: the engine's pace counts calls.
	callPages = 20
)

// Walk guards a walk along next_url against running in circles or for ever. Its
// zero value is at the start.
type Walk struct {
	seed  maphash.Seed
	seen  map[uint64]bool // hashes: 10,000 URLs of 8 KiB would be 80 MB
	pages int
	most  int // 0 is maxPages
}

// Step takes note of the next page's URL, or refuses it with an *APIError.
func (w *Walk) Step(next string) error {
	if w.seen == nil {
		w.seed, w.seen = maphash.MakeSeed(), make(map[uint64]bool)
	}
	hash := maphash.String(w.seed, next)
	if w.pages++; w.seen[hash] || w.pages >= cmp.Or(w.most, maxPages) {
		return &APIError{Kind: ErrorEndless, Message: fmt.Sprintf("stopped after %d pages", w.pages)}
	}
	w.seen[hash] = true
	return nil
}

// follow hands page after page to yield until it returns false or the pages
// end, which is what whole says.
func follow[P any](page P, err error, nextOf func(P) string, read func(next string) (P, error), yield func(P) bool) (whole bool, _ error) {
	var walked Walk
	for {
		if err != nil {
			return false, err
		}
		if !yield(page) {
			return false, nil
		}
		next := nextOf(page)
		if next == "" {
			return true, nil
		}
		if err := walked.Step(next); err != nil {
			return false, err
		}
		page, err = read(next)
	}
}
