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

// Pieces writes several.
func (p *Pen) Pieces(pieces []Piece) {
	for _, x := range pieces {
		p.Put(x.Ink, x.Text)
	}
}

// Right writes them at the right end of the line, but for its last cell.
func (p *Pen) Right(pieces []Piece) {
	p.To(p.width - 1 - Width(pieces))
	p.Pieces(pieces)
}
