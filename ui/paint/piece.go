package paint

// Piece is a run of text in one ink.
type Piece struct {
	Ink  Ink
	Text string
}

// Piece is text in an ink.
func (i Ink) Piece(text string) Piece { return Piece{i, text} }

// Width is that of several pieces.
func Width(pieces []Piece) int {
	n := 0
	for _, p := range pieces {
		n += Cells(p.Text)
	}
	return n
}
