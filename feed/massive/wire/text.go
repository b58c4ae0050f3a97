package wire

import (
	"encoding/base64"
	"net/url"
	"strings"

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
