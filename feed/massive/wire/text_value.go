package wire

import (
	"encoding/json"

	"optflow/feed/massive/scan"
)

// Text is a string that may be missing.
type Text string

// UnmarshalJSON never fails.
func (t *Text) UnmarshalJSON(b []byte) error {
	*t = Text(TextOf(b))
	return nil
}

// TextOf is the string that b is, "" when it is none. Of most the quotes are all
// that is to be taken off.
func TextOf(b []byte) string {
	if scan.At(b, 0) != '"' {
		return ""
	}
	if s, next, ok := scan.PlainText(b, 1); ok && next == len(b) {
		return string(s)
	}
	var s string
	if json.Unmarshal(b, &s) != nil {
		return ""
	}
	return s
}
