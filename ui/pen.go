package ui

import (
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// pen writes one line of an exact number of cells. What does not fit is cut;
// end fills up what is left. It never measures what it wrote before.
type pen struct {
	buf    []byte
	th     *theme
	ground ground
	width  int // of the line, in cells
	at     int // cells written
	inked  bool
	ink    ink
	on     ground
}

// line starts a fresh line.
func (p *pen) line(th *theme, g ground, width int) {
	p.buf, p.th, p.ground, p.width, p.at, p.inked = p.buf[:0], th, g, width, 0, false
}

// stand changes the ground of what is written from here on.
func (p *pen) stand(g ground) { p.ground = g }

// written is how many cells have been written.
func (p *pen) written() int { return p.at }

// room is how wide the line is.
func (p *pen) room() int { return p.width }

// left is how many cells are free.
func (p *pen) left() int { return p.width - p.at }

// set changes the ink, writing a prefix only if it differs.
func (p *pen) set(i ink) {
	if p.inked && p.ink == i && p.on == p.ground {
		return
	}
	p.buf = append(p.buf, p.th.sgr[p.ground][i]...)
	p.inked, p.ink, p.on = true, i, p.ground
}

// put writes text, cut with … where it does not fit.
func (p *pen) put(i ink, text string) {
	if text == "" || p.left() <= 0 {
		return
	}
	w := cells(text)
	if w > p.left() {
		text = clip(text, p.left())
		w = cells(text)
	}
	p.set(i)
	p.buf = append(p.buf, text...)
	p.at += w
}

// space writes n blanks.
func (p *pen) space(n int) {
	n = min(n, p.left())
	if n <= 0 {
		return
	}
	if !p.inked || p.on != p.ground {
		p.set(inkText)
	} else if p.underlined() {
		p.set(inkText)
	}
	for range n {
		p.buf = append(p.buf, ' ')
	}
	p.at += n
}

// underlined reports whether blanks in the present ink would show.
func (p *pen) underlined() bool {
	switch p.ink {
	case inkCursor, inkWrong, inkMatch, inkSim, inkLate, inkHeader:
		return true
	}
	return false
}

// start writes text at the left of a field of n cells.
func (p *pen) start(i ink, text string, n int) {
	n = min(n, p.left())
	if w := cells(text); w > n {
		text = clip(text, n)
	}
	from := p.at
	p.put(i, text)
	p.space(n - (p.at - from))
}

// number writes bytes at the right of a field of n cells. What does not fit is
// cut with …, never silently: a number without its head is another number.
// Formats see to it that this happens in absurd windows only.
func (p *pen) number(i ink, text []byte, n int) {
	n = min(n, p.left())
	w := utf8.RuneCount(text)
	if w > n {
		text = []byte(clip(string(text), n))
		w = utf8.RuneCount(text)
	}
	p.space(n - w)
	if w == 0 {
		return
	}
	p.set(i)
	p.buf = append(p.buf, text...)
	p.at += w
}

// to moves to a column, writing blanks.
func (p *pen) to(column int) { p.space(column - p.at) }

// end fills the line up and returns it.
func (p *pen) end() string {
	p.space(p.left())
	p.buf = append(p.buf, sgrReset...)
	return string(p.buf)
}

// sentence writes one line of text.
func (p *pen) sentence(th *theme, columns int, i ink, text string) string {
	p.line(th, groundPlain, columns)
	p.space(1)
	p.put(i, text)
	return p.end()
}

// cells is the width of text in terminal cells. Plain ASCII and the few
// glyphs that the screen draws with are counted without a look-up.
func cells(s string) int {
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

// clip cuts text to n cells, the last of which says that something is missing.
func clip(s string, n int) string {
	if n <= 0 {
		return ""
	}
	if cells(s) <= n {
		return s
	}
	return ansi.Truncate(s, n, "…")
}
