// Package termsafe makes text from outside harmless to a terminal. It promises
// that what it returns moves no cursor, rings no bell, hides nothing, and is no
// wider than asked. It is applied once, where text enters the program.
package termsafe

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// marksPerBase is how many combining marks a character keeps: enough for every
// living script, too few to climb over the lines around it.
const marksPerBase = 2

// String is s, safe and cut to max cells. Invalid UTF-8, private and unassigned
// characters become U+FFFD; newlines, tabs and line separators become spaces;
// control and format characters (escape sequences lose their introducer,
// bidirectional and zero-width ones vanish) are dropped, as are variation
// selectors and skin tones, on whose width terminals disagree. Clean ASCII is
// returned as it is, without allocation. With max below 1 nothing is left.
func String(s string, max int) string {
	if max < 1 {
		return ""
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return cut(clean(s), max)
		}
	}
	if len(s) > max {
		return s[:max]
	}
	return s
}

// clean replaces and drops; it does not look at widths.
func clean(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	marks := marksPerBase // a mark at the start would join what is printed before it
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t' || r == '\u2028' || r == '\u2029':
			r = ' '
		case unicode.In(r, unicode.Cc, unicode.Cf), isTint(r):
			continue
		case !unicode.IsGraphic(r):
			r = utf8.RuneError
		}
		if isMark(r) {
			if marks++; marks > marksPerBase {
				continue
			}
		} else {
			marks = 0
		}
		b.WriteRune(r)
	}
	return b.String()
}

// isMark reports whether r is drawn on the character before it. The vowels and
// finals of conjoining Hangul are: terminals give them no cell of their own.
func isMark(r rune) bool {
	return unicode.Is(unicode.M, r) || r >= 0x1160 && r <= 0x11FF || r >= 0xD7B0 && r <= 0xD7FF
}

// isTint reports whether r only changes how the character before it looks.
func isTint(r rune) bool {
	return unicode.Is(unicode.Variation_Selector, r) || r >= 0x1F3FB && r <= 0x1F3FF
}

// cut keeps the whole characters that fit into max cells.
func cut(s string, max int) string {
	rest, width, state := s, 0, -1
	for rest != "" {
		var cells int
		_, after, cells, next := uniseg.FirstGraphemeClusterInString(rest, state)
		if width += cells; width > max {
			return s[:len(s)-len(rest)]
		}
		rest, state = after, next
	}
	return s
}
