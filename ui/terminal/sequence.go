// Package terminal reads what a terminal sends: keys, and answers to what it was
// asked.
//
// It promises that whoever decodes the bytes sees whole sequences only. A line
// far away cuts them anywhere and pauses there, and the beginning of an answer
// that is taken for a finished one turns its rest into keys that nobody pressed.
// A sequence that has begun is therefore held until it ends; one that stays
// unfinished for too long is dropped whole, the rest too, whenever that comes.
// Bytes keep their order, so what comes next is the rest. A lone ESC is the one
// beginning that is a key as well, and the one that becomes a key by waiting.
//
// It also says what the environment tells of a terminal: its colours, its ground,
// its letters.
package terminal

import (
	"strings"
	"time"
	"unicode/utf8"
)

const (
	esc, bel, can, sub, del = 0x1b, 0x07, 0x18, 0x1a, 0x7f
	ss3, dcs, sos, csi      = 0x8f, 0x90, 0x98, 0x9b // in one byte, as the strings below
	st, osc, pm, apc        = 0x9c, 0x9d, 0x9e, 0x9f
)

const (
	// pieceWait is how long the next piece of a sequence may take. What is later
	// is dropped: it answers a question of another time.
	pieceWait = time.Second
	// escapeWait is how long an ESC may be the beginning of something.
	escapeWait = 50 * time.Millisecond
	// longest is how much of a sequence is held. No answer to what is asked here
	// is a tenth of it.
	longest = 1024
	// Parameters that decoders take; what has more reads as rubbish to them.
	csiParams, dcsParams = 32, 16
)

// Sequences that stand for what was recognised.
const (
	escapeKey  = "\x1b[27u" // the escape key, as the newer protocol has it: nothing can follow
	pasteBegin = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
)

// place is where in a sequence the filter is.
type place uint8

const (
	ground      place = iota
	escaped           // behind ESC
	escapedTwo        // behind two of them: an alt key of some terminals, or two escape keys
	letter            // in a letter of several bytes
	numbers           // in the parameters of a CSI
	between           // in its intermediate bytes
	mouse             // in the three bytes of an old mouse report
	function          // behind CSI [, of the Linux console
	single            // behind SS3
	oscNumber         // in the number of an OSC
	dcsNumbers        // in the parameters of a DCS
	dcsBetween        // in its intermediate bytes
	text              // in the text of a string
	textEscaped       // behind an ESC in it
)

// filter lets whole sequences pass. The zero value is ready.
type filter struct {
	place  place
	held   []byte    // what has come of the sequence, unless it is lost
	lost   bool      // the sequence is dropped once its end has come
	at     time.Time // when its last piece came
	out    []byte    // what passes
	paste  bool      // between the marks of a paste, where nothing is a sequence
	wasKey bool      // the last thing that passed was a lone ESC

	// Of the sequence in hand:
	kind       byte // its introducer
	empty      bool // nothing has come behind the introducer
	prefix     bool // its parameters begin with one of < = > ?
	separators int
	number     int // the first parameter
	left       int // bytes to come, of a mouse report or a letter inside a text
}

// take is what passes of a piece that came at a time. The result is good until
// the next call.
func (f *filter) take(piece []byte, now time.Time) []byte {
	f.out = f.out[:0]
	if len(piece) == 0 {
		return f.out
	}
	since := now.Sub(f.at)
	f.at = now
	switch {
	case f.waiting() && since > escapeWait:
		f.expire()
	case f.place == text && f.empty && f.kind != osc && f.kind != dcs && len(piece) == 1:
		f.end(false) // nobody is asked anything that these answer: it was alt and a key, and this is one key
	case f.place == textEscaped && since > escapeWait && piece[0] != '\\':
		// The text was cut off, and that ESC is a key.
		f.expire()
	case f.place != ground && f.place != letter && since > pieceWait:
		f.lose()
	}
	if f.wasKey && isRest(piece) {
		f.place, f.lost = escaped, true
	}
	f.wasKey = false
	for _, b := range piece {
		f.step(b)
	}
	return f.out
}

// waiting reports whether an ESC is held that is a key if nothing follows.
func (f *filter) waiting() bool { return !f.lost && (f.place == escaped || f.place == escapedTwo) }

// expire makes keys of what is held, which is ESC, once or twice.
func (f *filter) expire() {
	f.out = append(f.out, escapeKey...)
	if f.place == escapedTwo {
		f.out = append(f.out, escapeKey...)
	}
	f.end(false)
	f.wasKey = true
}

// isRest tells whether what came at once behind a lone ESC, however late, is the
// rest of a sequence that the ESC began: more than one key, and in its form.
func isRest(piece []byte) bool {
	if len(piece) < 2 {
		return false
	}
	next := piece[1]
	digit := next >= '0' && next <= '9'
	switch piece[0] {
	case '[':
		return digit || next >= '<' && next <= '?' || strings.IndexByte("ABCDEFHIMOPQRSZ[", next) >= 0
	case 'O':
		return strings.IndexByte("ABCDEFHMPQRS", next) >= 0
	case ']':
		return digit
	case 'P':
		return digit || next >= '<' && next <= '?' || next >= ' ' && next <= '/'
	case '_':
		return next == 'G'
	}
	return false
}

// end ends the sequence in hand, which passes or not.
func (f *filter) end(passes bool) {
	if passes && !f.lost {
		f.out = append(f.out, f.held...)
	}
	f.place, f.held, f.lost = ground, f.held[:0], false
}

// lose drops what is held and what is still to come of the sequence.
func (f *filter) lose() { f.held, f.lost = f.held[:0], true }

// hold adds a byte to the sequence in hand.
func (f *filter) hold(b byte) {
	switch {
	case f.lost:
	case len(f.held) == longest:
		f.lose()
	default:
		f.held = append(f.held, b)
	}
}

// again drops the sequence in hand, which this byte cannot belong to.
func (f *filter) again(b byte) {
	f.end(false)
	f.step(b)
}

func (f *filter) step(b byte) {
	if f.paste {
		f.pasted(b)
		return
	}
	switch f.place {
	case ground:
		f.first(b)
	case escaped:
		f.second(b)
	case escapedTwo:
		f.third(b)
	case letter:
		f.inLetter(b)
	case numbers, between:
		f.inCSI(b)
	case mouse:
		f.hold(b)
		if f.left--; f.left == 0 {
			f.end(true)
		}
	case function:
		f.inFunction(b)
	case single:
		f.inSingle(b)
	case oscNumber:
		f.inNumber(b)
	case dcsNumbers, dcsBetween:
		f.inDCS(b)
	case text:
		f.inText(b)
	case textEscaped:
		if b == '\\' {
			f.hold(b)
			f.end(true)
			return
		}
		f.end(false)
		f.first(esc)
		f.step(b)
	}
}

// first takes a byte where nothing has begun.
func (f *filter) first(b byte) {
	switch {
	case b == esc:
		f.hold(b)
		f.place = escaped
	case b == ss3 || b == dcs || b == sos || b == csi || b == osc || b == pm || b == apc:
		f.hold(b)
		f.introduce(b)
	case b >= utf8.RuneSelf && utf8.RuneStart(b):
		f.hold(b)
		f.place = letter
	default:
		f.out = append(f.out, b)
	}
}

// introducers are those of two bytes, by the second.
var introducers = map[byte]byte{'O': ss3, 'P': dcs, 'X': sos, '[': csi, ']': osc, '^': pm, '_': apc}

// second takes the byte behind ESC.
func (f *filter) second(b byte) {
	f.hold(b)
	kind, is := introducers[b]
	switch {
	case is:
		f.introduce(kind)
	case b == esc:
		f.place = escapedTwo
	case b >= utf8.RuneSelf && utf8.RuneStart(b):
		f.place = letter
	default: // an alt key
		f.end(true)
	}
}

// third takes the byte behind ESC ESC.
func (f *filter) third(b byte) {
	if b == '[' || b == 'O' { // an alt key, of terminals that have no better way
		f.second(b)
		return
	}
	f.out = append(f.out, escapeKey...)
	f.held = f.held[:1]
	f.place = escaped
	f.second(b)
}

// introduce begins a sequence.
func (f *filter) introduce(kind byte) {
	f.kind, f.empty, f.prefix, f.separators, f.number, f.left = kind, true, false, 0, 0, 0
	switch kind {
	case csi:
		f.place = numbers
	case ss3:
		f.place = single
	case osc:
		f.place = oscNumber
	case dcs:
		f.place = dcsNumbers
	default:
		f.place = text
	}
}

func (f *filter) inLetter(b byte) {
	if utf8.RuneStart(b) { // the letter was cut off for good
		f.again(b)
		return
	}
	f.hold(b)
	begins := 0
	if f.held[0] == esc {
		begins = 1
	}
	if utf8.FullRune(f.held[begins:]) {
		f.end(true)
	}
}

// pasted takes a byte of a paste, in which nothing but its end means anything.
func (f *filter) pasted(b byte) {
	if n := len(f.held); n > 0 && b != pasteEnd[n] {
		f.out = append(f.out, f.held...)
		f.held = f.held[:0]
	}
	if b != pasteEnd[len(f.held)] {
		f.out = append(f.out, b)
		return
	}
	if f.held = append(f.held, b); len(f.held) == len(pasteEnd) {
		f.paste = false
		f.end(true)
	}
}
