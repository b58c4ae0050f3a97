package massive

import (
	"encoding/binary"
	"strconv"
)

// The scanner reads the plain subset of JSON that servers really send. It
// accepts nothing that encoding/json would refuse; what it does not know it
// does not judge, it gives up and the element goes to encoding/json.

// at is the byte at i, or 0 past the end; 0 is never legal outside a string.
func at(b []byte, i int) byte {
	if uint(i) < uint(len(b)) {
		return b[i]
	}
	return 0
}

// space skips white space.
func space(b []byte, i int) int {
	for uint(i) < uint(len(b)) && isSpace(b[i]) {
		i++
	}
	return i
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// plain says which bytes stand for themselves inside a string.
var plain = func() (t [256]bool) {
	for c := 0x20; c < 0x7f; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

// plainText reads a string whose opening quote is at i-1. It gives up on escapes,
// control bytes and all that is not ASCII.
func plainText(b []byte, i int) (s []byte, next int, ok bool) {
	start := i
	for uint(i) < uint(len(b)) && plain[b[i]] {
		i++
	}
	if at(b, i) != '"' {
		return nil, i, false
	}
	return b[start:i], i + 1, true
}

// pow10 are the powers of ten that a float64 holds exactly.
var pow10 = [...]float64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}

const (
	exactMantissa = 1 << 53 // every integer up to here is a float64
	safeDigits    = 18      // as many digits fit in a uint64
)

// number reads a JSON number. One multiplication or division of two exact
// floats rounds correctly, so it yields what strconv.ParseFloat would; where
// that does not hold ParseFloat is asked.
func number(b []byte, i int) (f float64, next int, ok bool) {
	start := i
	negative := at(b, i) == '-'
	if negative {
		i++
	}
	first := i
	var mantissa uint64
	if i+8 < len(b) && b[i+7]-'0' <= 9 { // times have 13 digits
		if mantissa, ok = eight(b[i : i+8]); ok {
			i += 8
		}
	}
	mantissa, i = digits(b, i, mantissa)
	length := i - first
	if length == 0 || length > 1 && b[first] == '0' {
		return 0, i, false
	}
	exponent := 0
	if at(b, i) == '.' {
		first = i + 1
		if mantissa, i = digits(b, first, mantissa); i == first {
			return 0, i, false
		}
		length += i - first
		exponent = first - i
	}
	if at(b, i)|0x20 == 'e' {
		var power int
		if power, i, ok = exponentOf(b, i+1); !ok {
			return 0, i, false
		}
		exponent += power
	}
	if length > safeDigits || mantissa > exactMantissa || exponent < -22 || exponent > 22 {
		f, err := strconv.ParseFloat(string(b[start:i]), 64)
		return f, i, err == nil
	}
	f = float64(mantissa)
	if exponent < 0 {
		f /= pow10[-exponent]
	} else if exponent > 0 {
		f *= pow10[exponent]
	}
	if negative {
		f = -f
	}
	return f, i, true
}

// digits reads digits behind those of n. Past safeDigits n means nothing.
func digits(b []byte, i int, n uint64) (m uint64, next int) {
	for uint(i) < uint(len(b)) {
		d := b[i] - '0'
		if d > 9 {
			break
		}
		n = n*10 + uint64(d)
		i++
	}
	return n, i
}

// eight reads eight digits at once: pairs of digits are added up, then pairs of
// pairs, and so on, all in one word.
func eight(b []byte) (n uint64, ok bool) {
	w := binary.LittleEndian.Uint64(b)
	if w&0xf0f0f0f0f0f0f0f0 != 0x3030303030303030 || (w+0x0606060606060606)&0xf0f0f0f0f0f0f0f0 != 0x3030303030303030 {
		return 0, false
	}
	w &= 0x0f0f0f0f0f0f0f0f
	w = w*10 + w>>8
	w = (w&0x00ff00ff00ff00ff)*100 + w>>16&0x00ff00ff00ff00ff
	w = (w&0x0000ffff0000ffff)*10_000 + w>>32&0x0000ffff0000ffff
	return w & 0xffffffff, true
}

// exponentOf reads what follows the e of a number.
func exponentOf(b []byte, i int) (power, next int, ok bool) {
	sign := 1
	switch at(b, i) {
	case '-':
		sign = -1
		i++
	case '+':
		i++
	}
	n, next := digits(b, i, 0)
	if next == i || next-i > 4 {
		return 0, next, false
	}
	return sign * int(n), next, true
}

// skipDepth is how deeply nested a value the scanner skips by itself.
const skipDepth = 4

// skip steps over a value of any kind, strictly.
func skip(b []byte, i, depth int) (next int, ok bool) {
	switch c := at(b, i); {
	case c == '"':
		_, i, ok = plainText(b, i+1)
		return i, ok
	case c == '-' || c-'0' <= 9:
		return skipNumber(b, i)
	case c == '[' && depth > 0:
		return skipList(b, i+1, depth-1)
	case c == 't':
		return skipWord(b, i, "true")
	case c == 'f':
		return skipWord(b, i, "false")
	case c == 'n':
		return skipWord(b, i, "null")
	}
	return i, false
}

// skipNumber steps over a number without minding its size: an unread field may
// hold what no float64 can.
func skipNumber(b []byte, i int) (next int, ok bool) {
	if at(b, i) == '-' {
		i++
	}
	first := i
	_, i = digits(b, i, 0)
	if i == first || i-first > 1 && b[first] == '0' {
		return i, false
	}
	if at(b, i) == '.' {
		first = i + 1
		if _, i = digits(b, first, 0); i == first {
			return i, false
		}
	}
	if c := at(b, i); c == 'e' || c == 'E' {
		first = i + 1
		if c := at(b, first); c == '+' || c == '-' {
			first++
		}
		if _, i = digits(b, first, 0); i == first {
			return i, false
		}
	}
	return i, true
}

func skipWord(b []byte, i int, word string) (next int, ok bool) {
	end := i + len(word)
	if end > len(b) || string(b[i:end]) != word {
		return i, false
	}
	return end, true
}

// skipList steps over the rest of an array whose bracket is at i-1.
func skipList(b []byte, i, depth int) (next int, ok bool) {
	i = space(b, i)
	if at(b, i) == ']' {
		return i + 1, true
	}
	for {
		if i, ok = skip(b, i, depth); !ok {
			return i, false
		}
		i = space(b, i)
		switch at(b, i) {
		case ',':
			i = space(b, i+1)
		case ']':
			return i + 1, true
		default:
			return i, false
		}
	}
}

// maxNesting is encoding/json's bound on nested arrays and objects.
const maxNesting = 10_000

// elementEnd finds the end of the array element at i by its brackets and
// quotes alone. If the frame is valid JSON that is where the element ends; if
// it is not, then the element or what follows is not, and that is found out by
// whoever parses those. ok is false when there is no end.
func elementEnd(b []byte, i int) (end int, ok bool) {
	depth := 0
	for i < len(b) {
		switch b[i] {
		case '"':
			if i = stringEnd(b, i+1); i < 0 {
				return 0, false
			}
			if depth == 0 {
				return i, true
			}
			continue
		case '{', '[':
			if depth++; depth >= maxNesting { // the frame's own bracket is one more
				return 0, false
			}
		case '}', ']':
			if depth == 0 {
				return i, true
			}
			if depth--; depth == 0 {
				return i + 1, true
			}
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i, true
			}
		}
		i++
	}
	return 0, false
}

// stringEnd is the index after the closing quote of the string that starts
// before i, or -1.
func stringEnd(b []byte, i int) int {
	for i < len(b) {
		switch b[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
		i++
	}
	return -1
}
