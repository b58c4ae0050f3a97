package terminal

import "unicode/utf8"

// The forms are those of ECMA-48, section 5.4, for control sequences and 5.6 for
// strings, as xterm's list of control sequences uses them.

func isParameter(b byte) bool    { return b >= '0' && b <= '?' }
func isIntermediate(b byte) bool { return b >= ' ' && b <= '/' }
func isFinal(b byte) bool        { return b >= '@' && b < del }

// parameter counts a byte of the parameters, of which there may be so many.
func (f *filter) parameter(b byte, most int) {
	switch {
	case b >= '<':
		f.prefix = f.prefix || f.empty
	case b == ';' || b == ':':
		if f.separators++; f.separators == most {
			f.lose()
		}
	case f.separators == 0:
		f.number = min(f.number*10+int(b-'0'), 1<<16)
	}
	f.empty = false
}

// inCSI takes a byte of a control sequence.
func (f *filter) inCSI(b byte) {
	bare := !f.prefix && f.place == numbers // neither prefix nor intermediate bytes
	switch {
	case b == '[' && bare && f.empty:
		f.hold(b)
		f.place = function
	case isParameter(b):
		if f.place == between { // not in this order
			f.lose()
		}
		f.hold(b)
		f.parameter(b, csiParams)
	case isIntermediate(b):
		f.hold(b)
		if b == '$' && bare && !f.empty && f.separators == 0 {
			f.end(true) // a shifted key of rxvt, which has no final byte
			return
		}
		f.place = between
	case !isFinal(b):
		f.again(b)
	case b == 'M' && bare && f.empty:
		f.hold(b)
		f.place, f.left = mouse, 3
	case b == 'M' && bare: // a mouse protocol that nobody asked for, and that decoders mistake
		f.end(false)
	case b == '~' && bare && f.separators == 0 && f.number == 200:
		f.end(false) // what comes between the marks is no keys, however late the first one was
		f.out = append(f.out, pasteBegin...)
		f.paste = true
	default:
		f.hold(b)
		if f.prefix && !f.lost && f.held[0] == esc && f.held[1] == esc {
			f.out = append(f.out, escapeKey...) // that came before an answer
			f.held = f.held[1:]
		}
		f.end(true)
	}
}

// inFunction takes the letter of a function key of the Linux console, which
// decoders know by another name.
func (f *filter) inFunction(b byte) {
	switch {
	case !isFinal(b):
		f.again(b)
		return
	case b < 'A' || b > 'E':
		f.lose()
	case b == 'E':
		f.held = append(f.held[:0], "\x1b[15~"...)
	default:
		f.held = append(f.held[:0], esc, 'O', b-'A'+'P')
	}
	f.end(true)
}

// inSingle takes what stands behind SS3: a letter, after a modifier.
func (f *filter) inSingle(b byte) {
	switch {
	case b >= '0' && b <= '9':
		f.hold(b)
	case b > ' ' && b < del:
		f.hold(b)
		f.end(true)
	default:
		f.again(b)
	}
}

// inNumber takes what an OSC begins with: a number, or the letter of a report of
// the window's title. Else it was alt+] and this is a key.
func (f *filter) inNumber(b byte) {
	switch {
	case b >= '0' && b <= '9':
		f.hold(b)
		f.empty = false
	case f.empty && (b == 'l' || b == 'L' || b == 'I'), !f.empty && b == ';':
		f.hold(b)
		f.place, f.empty = text, false
	case !f.empty && (b == bel || b == esc || b == st || b == can || b == sub):
		f.inText(b)
	default:
		f.again(b)
	}
}

// inDCS takes what a DCS begins with. What terminals send has a prefix or an
// intermediate byte; else it was alt+P and this is a key.
func (f *filter) inDCS(b byte) {
	switch {
	case isParameter(b):
		if f.place == dcsBetween {
			f.lose()
		}
		f.hold(b)
		f.parameter(b, dcsParams)
	case isIntermediate(b):
		f.hold(b)
		f.place = dcsBetween
	case isFinal(b) && (f.prefix || f.place == dcsBetween):
		f.hold(b)
		f.place, f.empty = text, false
	default:
		f.again(b)
	}
}

// inText takes a byte of a string. Of letters beyond ASCII decoders take a byte
// for the end, and no answer that is used here has any: such a string is lost.
func (f *filter) inText(b byte) {
	f.empty = false
	switch {
	case f.left > 0 && b >= utf8.RuneSelf && !utf8.RuneStart(b):
		f.left--
	case b == st, b == bel && f.kind == osc:
		f.hold(b)
		f.end(true)
	case b == esc:
		f.hold(b)
		f.place = textEscaped
	case b == can || b == sub:
		f.end(false)
	case b < ' ':
		f.again(b) // a key: no answer has that, and whoever presses it wants out
	case b >= utf8.RuneSelf:
		f.lose()
		f.left = following(b)
	default:
		f.left = 0
		f.hold(b)
	}
}

// following is how many bytes of a letter come behind its first.
func following(b byte) int {
	switch {
	case b >= 0xf0:
		return 3
	case b >= 0xe0:
		return 2
	case b >= 0xc0:
		return 1
	}
	return 0
}
