// Package scan reads the plain subset of JSON that servers really send, byte by
// byte. It accepts nothing that encoding/json would refuse; what it does not know
// it gives up.
package scan

// At is the byte at i, or 0 past the end; 0 is never legal outside a string.
func At(b []byte, i int) byte {
	if uint(i) < uint(len(b)) {
		return b[i]
	}
	return 0
}

// Space skips white space.
func Space(b []byte, i int) int {
	for uint(i) < uint(len(b)) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// plain says which bytes stand for themselves inside a string.
var plain = func() (t [256]bool) {
	for c := 0x20; c < 0x7f; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

// PlainText reads a string whose opening quote is at i-1. It gives up on escapes,
// control bytes and all that is not ASCII.
func PlainText(b []byte, i int) (s []byte, next int, ok bool) {
	start := i
	for uint(i) < uint(len(b)) && plain[b[i]] {
		i++
	}
	if At(b, i) != '"' {
		return nil, i, false
	}
	return b[start:i], i + 1, true
}

// SkipDepth is how deeply nested a value the scanner skips by itself.
const SkipDepth = 4

// Skip steps over a value of any kind, strictly.
func Skip(b []byte, i, depth int) (next int, ok bool) {
	switch c := At(b, i); {
	case c == '"':
		_, i, ok = PlainText(b, i+1)
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
	if At(b, i) == '-' {
		i++
	}
	first := i
	_, i = digits(b, i, 0)
	if i == first || i-first > 1 && b[first] == '0' {
		return i, false
	}
	if At(b, i) == '.' {
		first = i + 1
		if _, i = digits(b, first, 0); i == first {
			return i, false
		}
	}
	if c := At(b, i); c == 'e' || c == 'E' {
		first = i + 1
		if c := At(b, first); c == '+' || c == '-' {
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
	i = Space(b, i)
	if At(b, i) == ']' {
		return i + 1, true
	}
	for {
		if i, ok = Skip(b, i, depth); !ok {
			return i, false
		}
		i = Space(b, i)
		switch At(b, i) {
		case ',':
			i = Space(b, i+1)
		case ']':
			return i + 1, true
		default:
			return i, false
		}
	}
}
