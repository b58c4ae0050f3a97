package paint

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// asciiTwins are what stands for the screen's glyphs in a terminal without them,
// each one cell for one cell.
var asciiTwins = map[rune]byte{
	'●': '*', '○': 'o', '▸': '>', '›': '>', '≈': '~', '–': '-', '—': '-', '…': '.', '·': '|', 'Δ': 'D', '×': 'x',
	'≥': '>', '≤': '<', '⏎': '<', '▲': '^', '▼': 'v', '✓': 'x', '↑': '^', '↓': 'v', '←': '<', '→': '>',
	'▁': '_', '▂': '.', '▃': '-', '▄': '=', '▅': '+', '▆': '*', '▇': '#', '█': '#', '▀': '"', '■': '#', '□': 'o',
	'░': '.', '▒': ':', '▓': '+', '▏': '|', '▎': '|', '▍': '|', '▌': '#', '▋': '#', '▊': '#', '▉': '#', '▐': '#',
	'─': '-', '━': '-', '│': '|', '┃': '|', '═': '=', '║': '|', '╌': '-', '┄': '-', '┊': ':', '╴': '-', '╵': '|', '╶': '-', '╷': '|',
	'’': '\'', '“': '"', '”': '"', '±': '+', '−': '-', '°': 'o',
	'▷': '>', '‖': '|', '»': '>',
}

// asciiTwin is what stands for a rune of one cell.
func asciiTwin(r rune) byte {
	if b, ok := asciiTwins[r]; ok {
		return b
	}
	switch {
	case r == 0x2800: // braille without dots
		return ' '
	case r > 0x2800 && r <= 0x28ff:
		return '*'
	case r >= 0x2500 && r <= 0x257f: // corners and crossings
		return '+'
	}
	return '?'
}

// ASCII puts the twins in the place of everything that is not ASCII, cell for
// cell. Comparisons keep both of their letters: "≥ 5" becomes ">=5".
func ASCII(frame string) string {
	var b strings.Builder
	b.Grow(len(frame))
	var before rune // the glyph just before, 0 when that was ASCII
	for i := 0; i < len(frame); {
		if frame[i] < utf8.RuneSelf {
			b.WriteByte(frame[i])
			i++
			before = 0
			continue
		}
		r, size := utf8.DecodeRuneInString(frame[i:])
		i += size
		if r == '·' && (before == r || strings.HasPrefix(frame[i:], "·")) { // a shade, not a separator
			b.WriteByte('\'')
			before = r
			continue
		}
		before = r
		if (r == '≥' || r == '≤') && strings.HasPrefix(frame[i:], " ") {
			b.WriteByte(asciiTwins[r])
			b.WriteByte('=')
			i++
			continue
		}
		cells := 1
		if !narrow(r) {
			cells = ansi.StringWidth(string(r))
		}
		for range cells {
			b.WriteByte(asciiTwin(r))
		}
	}
	return b.String()
}
