// Package paint writes lines of an exact number of cells in the inks of a theme.
// An ink says what a piece of text means, a theme how that looks at the depth of
// colour that the terminal has. It knows nothing of the market.
package paint

import (
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Pen writes one line of an exact number of cells. What does not fit is cut;
// end fills up what is left. It never measures what it wrote before.
type Pen struct {
	buf    []byte
	th     *Theme
	ground Ground
	width  int // of the line, in cells
	at     int // cells written
	inked  bool
	ink    Ink
	on     Ground

	scratch [64]byte
}

// Line starts a fresh line.
func (p *Pen) Line(th *Theme, g Ground, width int) {
	p.buf, p.th, p.ground, p.width, p.at, p.inked = p.buf[:0], th, g, width, 0, false
}

// Stand changes the ground of what is written from here on.
func (p *Pen) Stand(g Ground) { p.ground = g }

// Written is how many cells have been written.
func (p *Pen) Written() int { return p.at }

// Room is how wide the line is.
func (p *Pen) Room() int { return p.width }

// Scratch is room to write a number in, which is good until the next call.
func (p *Pen) Scratch() []byte { return p.scratch[:0] }

// Left is how many cells are free.
func (p *Pen) Left() int { return p.width - p.at }

// Set changes the ink, writing a prefix only if it differs.
func (p *Pen) Set(i Ink) {
	if p.inked && p.ink == i && p.on == p.ground {
		return
	}
	p.buf = append(p.buf, p.th.sgr[p.ground][i]...)
	p.inked, p.ink, p.on = true, i, p.ground
}

// Put writes text, cut with … where it does not fit.
func (p *Pen) Put(i Ink, text string) {
	if text == "" || p.Left() <= 0 {
		return
	}
	w := Cells(text)
	if w > p.Left() {
		text = Clip(text, p.Left())
		w = Cells(text)
	}
	p.Set(i)
	p.buf = append(p.buf, text...)
	p.at += w
}

// Space writes n blanks.
func (p *Pen) Space(n int) {
	n = min(n, p.Left())
	if n <= 0 {
		return
	}
	if !p.inked || p.on != p.ground || p.underlined() {
		p.Set(Text)
	}
	for range n {
		p.buf = append(p.buf, ' ')
	}
	p.at += n
}

// underlined reports whether blanks in the present ink would show.
func (p *Pen) underlined() bool {
	switch p.ink {
	case Cursor, Wrong, Match, Sim, Late, Header:
		return true
	}
	return false
}

// Start writes text at the left of a field of n cells.
func (p *Pen) Start(i Ink, text string, n int) {
	n = min(n, p.Left())
	if w := Cells(text); w > n {
		text = Clip(text, n)
	}
	from := p.at
	p.Put(i, text)
	p.Space(n - (p.at - from))
}

// Number writes bytes at the right of a field of n cells. What does not fit is
// cut with …, never silently: a number without its head is another number.
// Formats see to it that this happens in absurd windows only.
func (p *Pen) Number(i Ink, text []byte, n int) {
	n = min(n, p.Left())
	w := utf8.RuneCount(text)
	if w > n {
		text = []byte(Clip(string(text), n))
		w = utf8.RuneCount(text)
	}
	p.Space(n - w)
	if w == 0 {
		return
	}
	p.Set(i)
	p.buf = append(p.buf, text...)
	p.at += w
}

// To moves to a column, writing blanks.
func (p *Pen) To(column int) { p.Space(column - p.at) }

// End fills the line up and returns it.
func (p *Pen) End() string {
	p.Space(p.Left())
	p.buf = append(p.buf, Reset...)
	return string(p.buf)
}

// Sentence writes one line of text.
func (p *Pen) Sentence(th *Theme, columns int, i Ink, text string) string {
	p.Line(th, OnPlain, columns)
	p.Space(1)
	p.Put(i, text)
	return p.End()
}

// Cells is the width of text in terminal cells. Plain ASCII and the few
// glyphs that the screen draws with are counted without a look-up.
func Cells(s string) int {
	n := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c < ' ' || c == 0x7f {
				return ansi.StringWidth(s)
			}
			n++
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if !narrow(r) {
			return ansi.StringWidth(s)
		}
		n++
		i += size
	}
	return n
}

// narrow reports whether a rune is one of ours, each one cell wide.
func narrow(r rune) bool {
	switch {
	case r >= 0x2580 && r <= 0x259f, r >= 0x2500 && r <= 0x257f, r >= 0x2190 && r <= 0x2193, r >= 0x2800 && r <= 0x28ff:
		return true
	}
	switch r {
	case '●', '○', '›', '▸', '≈', '–', '…', '·', 'Δ', '×', '≥', '≤', '⏎', '▲', '▼', '✓':
		return true
	}
	return false
}

// Clip cuts text to n cells, the last of which says that something is missing.
func Clip(s string, n int) string {
	if n <= 0 {
		return ""
	}
	if Cells(s) <= n {
		return s
	}
	return ansi.Truncate(s, n, "…")
}
