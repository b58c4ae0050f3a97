package logs

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// redacted stands where a key was.
const redacted = "[redacted]"

// shortest is the length from which a key is looked for: a shorter one, such as
// the "k" of a simulator, would take words apart and protects nothing.
const shortest = 6

// Redactor takes keys out of texts, as they stand and in the forms in which
// they travel: of URLs, of JSON, of Go's quotes and of base64. A nil one changes nothing.
type Redactor struct {
	forms []string // the longest first, so that no part of one is left
}

// NewRedactor knows some keys.
func NewRedactor(keys ...string) *Redactor {
	r := new(Redactor)
	for _, key := range keys {
		if len(key) < shortest {
			continue
		}
		quoted, _ := json.Marshal(key) // a string has no error
		r.forms = append(r.forms, key, url.QueryEscape(key), url.PathEscape(key), inside(string(quoted)), inside(strconv.Quote(key)))
		r.forms = append(r.forms, base64Forms(key)...)
	}
	slices.SortFunc(r.forms, func(a, b string) int { return len(b) - len(a) })
	r.forms = slices.Compact(r.forms)
	return r
}

// inside is a quoted text without its quotes.
func inside(quoted string) string { return quoted[1 : len(quoted)-1] }

// base64Forms are what a key looks like inside of a base64 text, without the
// letters at either end that depend on what stands beside it.
func base64Forms(key string) (forms []string) {
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			text := encoding.EncodeToString([]byte(strings.Repeat("\x00", before) + key))
			from := (before*8 + 5) / 6
			to := (before + len(key)) * 8 / 6
			if to-from >= shortest {
				forms = append(forms, text[from:to])
			}
		}
	}
	return forms
}

// Redact is a text without the keys.
func (r *Redactor) Redact(text string) string {
	if r == nil {
		return text
	}
	for _, form := range r.forms {
		text = strings.ReplaceAll(text, form, redacted)
	}
	return text
}
