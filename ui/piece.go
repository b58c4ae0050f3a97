package ui

// piece is a run of text in one ink.
type piece struct {
	ink  ink
	text string
}

// piece is text in an ink.
func (i ink) piece(text string) piece { return piece{i, text} }

// width is that of several pieces.
func width(pieces []piece) int {
	n := 0
	for _, p := range pieces {
		n += cells(p.text)
	}
	return n
}
