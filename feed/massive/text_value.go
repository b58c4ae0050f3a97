package massive

import "encoding/json"

// text is a string that may be missing.
type text string

// UnmarshalJSON never fails.
func (t *text) UnmarshalJSON(b []byte) error {
	*t = text(textOf(b))
	return nil
}

// textOf is the string that b is, "" when it is none. Of most the quotes are all
// that is to be taken off.
func textOf(b []byte) string {
	if at(b, 0) != '"' {
		return ""
	}
	if s, next, ok := plainText(b, 1); ok && next == len(b) {
		return string(s)
	}
	var s string
	if json.Unmarshal(b, &s) != nil {
		return ""
	}
	return s
}
