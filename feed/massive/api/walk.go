package api

import "optflow/feed/source"

// callPages is more pages than any one call reads: the engine's pace counts calls.
const callPages = 20

// follow hands page after page to yield until it returns false or the pages
// end, which is what whole says.
func follow[P any](page P, err error, nextOf func(P) string, read func(next string) (P, error), yield func(P) bool) (whole bool, _ error) {
	var walked source.Walk
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
