package ui

import "errors"

// parsed is a filter in force.
type parsed struct {
	matcher
	text  string // as typed
	reads string // how it was read, where that is worth saying
	hint  string // taken, but perhaps not meant: "did you mean 250k?"
	lacks string // the fields it needs that rows may lack
	ages  bool   // it asks for the age of rows, so time changes its answer
}

// wrong is what is wrong with a filter, and where, in bytes.
type wrong struct {
	pos, end int
	text     string
}

// Error is the sentence.
func (w *wrong) Error() string { return w.text }

// parse reads a filter as the user wrote it.
func (m *Model) parse(text string) (*parsed, error) {
	return nil, errors.New("this build reads no filters")
}

// complete continues the word before the cursor: the candidates, and where in
// the text the word begins.
func (m *Model) complete(text string) (candidates []string, from int) { return nil, len(text) }
