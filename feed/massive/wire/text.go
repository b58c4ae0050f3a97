package wire

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"

	"optflow/feed/massive/scan"
	"optflow/model/termsafe"
)

// shortestSecret is the length from which a key is blotted out of texts. Keys
// of a test server may be a letter; blotting that out would eat the sentence.
const shortestSecret = 6

const blot = "[redacted]"

// LongestText is how much of a text from outside is looked at, in bytes.
const LongestText = 4096

// Clean makes text from outside fit to show: at most cells wide, nothing that
// moves a cursor, and without the key should a server repeat it. The key is
// looked for in what is left after cleaning, so that nothing can hide in it,
// and before cutting, so that no half of it stays.
func Clean(s string, cells int, key Key) string {
	s = s[:min(len(s), LongestText)]
	return termsafe.String(Scrub(termsafe.String(s, len(s)), key), cells)
}

// Scrub blots the key out, also in the forms in which URLs and headers carry it.
func Scrub(s string, key Key) string {
	if key == nil {
		return s
	}
	secret := key.Reveal()
	if len(secret) < shortestSecret || len(s) < len(secret) { // no form is shorter than it
		return s
	}
	for _, form := range [...]string{
		secret, url.QueryEscape(secret), url.PathEscape(secret),
		base64.StdEncoding.EncodeToString([]byte(secret)),
	} {
		s = strings.ReplaceAll(s, form, blot)
	}
	return s
}

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

// InVendorsForm reads the body of an answer that is no success. Only what is
// JSON in the vendor's form says something of a plan: a firewall, a proxy or an
// edge answers 403 with a page of its own, and that passes.
func InVendorsForm(body []byte) (message string, is bool) {
	var said struct {
		Status    Text `json:"status"`
		RequestID Text `json:"request_id"`
		Error     Text `json:"error"`
		Message   Text `json:"message"`
	}
	if json.Unmarshal(body, &said) != nil {
		return "", false
	}
	message = string(cmp.Or(said.Error, said.Message))
	return message, message != "" || said.Status != "" || said.RequestID != ""
}
