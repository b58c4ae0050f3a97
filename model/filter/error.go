package filter

// Error is a line that cannot be read. Pos and End are byte offsets of the
// wrong part; at the end of the line both may be its length.
type Error struct {
	Pos, End int
	Text     string // a whole sentence for the user
}

// Error is the sentence.
func (e *Error) Error() string { return e.Text }

// Warning is a part of a line that was accepted but may not be meant.
type Warning struct {
	Pos, End int
	Text     string
}
