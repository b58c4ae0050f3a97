package scan

// MaxNesting is encoding/json's bound on nested arrays and objects.
const MaxNesting = 10_000

// ElementEnd finds the end of the array element at i by its brackets and
// quotes alone. If the frame is valid JSON that is where the element ends; if
// it is not, then the element or what follows is not, and that is found out by
// whoever parses those. ok is false when there is no end.
func ElementEnd(b []byte, i int) (end int, ok bool) {
	depth := 0
	for i < len(b) {
		switch b[i] {
		case '"':
			if i = StringEnd(b, i+1); i < 0 {
				return 0, false
			}
			if depth == 0 {
				return i, true
			}
			continue
		case '{', '[':
			if depth++; depth >= MaxNesting { // the frame's own bracket is one more
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

// StringEnd is the index after the closing quote of the string that starts
// before i, or -1.
func StringEnd(b []byte, i int) int {
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
