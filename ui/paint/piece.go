package paint

import "strings"

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

// Wrap cuts text between words into lines of at most width cells; a longer word
// has a line of its own.
func Wrap(text string, width int) (lines []string) {
	line := ""
	for word := range strings.SplitSeq(text, " ") {
		if line != "" && Cells(line)+1+Cells(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
