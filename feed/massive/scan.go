package massive

import "strconv"

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

// text reads a string whose opening quote is at i-1. It gives up on escapes,
// control bytes and all that is not ASCII.
func text(b []byte, i int) (s []byte, next int, ok bool) {
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
	var mantissa uint64
	first := i
	for d := at(b, i) - '0'; d <= 9; d = at(b, i) - '0' {
		mantissa = mantissa*10 + uint64(d)
		i++
	}
	digits := i - first
	if digits == 0 || digits > 1 && b[first] == '0' {
		return 0, i, false
	}
	exponent := 0
	if at(b, i) == '.' {
		i++
		first = i
		for d := at(b, i) - '0'; d <= 9; d = at(b, i) - '0' {
			mantissa = mantissa*10 + uint64(d)
			i++
		}
		if i == first {
			return 0, i, false
		}
		digits += i - first
		exponent = first - i
	}
	if c := at(b, i); c == 'e' || c == 'E' {
		power, after, fine := exponentOf(b, i+1)
		if !fine {
			return 0, i, false
		}
		i, exponent = after, exponent+power
	}
	if digits > safeDigits || mantissa > exactMantissa || exponent < -22 || exponent > 22 {
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

// exponentOf reads what follows the e of a number.
func exponentOf(b []byte, i int) (p, next int, ok bool) {
	sign := 1
	switch at(b, i) {
	case '-':
		sign = -1
		i++
	case '+':
		i++
	}
	first := i
	for d := at(b, i) - '0'; d <= 9; d = at(b, i) - '0' {
		p = p*10 + int(d)
		i++
	}
	if i == first || i-first > 4 {
		return 0, i, false
	}
	return sign * p, i, true
}

// skipDepth is how deeply nested a value the scanner skips by itself.
const skipDepth = 4

// skip steps over a value of any kind, strictly.
func skip(b []byte, i, depth int) (next int, ok bool) {
	switch c := at(b, i); {
	case c == '"':
		_, i, ok = text(b, i+1)
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
	i = digits(b, i)
	if i == first || i-first > 1 && b[first] == '0' {
		return i, false
	}
	if at(b, i) == '.' {
		first = i + 1
		if i = digits(b, first); i == first {
			return i, false
		}
	}
	if c := at(b, i); c == 'e' || c == 'E' {
		first = i + 1
		if c := at(b, first); c == '+' || c == '-' {
			first++
		}
		if i = digits(b, first); i == first {
			return i, false
		}
	}
	return i, true
}

func digits(b []byte, i int) int {
	for at(b, i)-'0' <= 9 {
		i++
	}
	return i
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
