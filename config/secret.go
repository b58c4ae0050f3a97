package config

import (
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// redacted stands where a key would.
const redacted = "[redacted]"

// Secret is a text that nothing prints: every way of formatting or encoding it
// gives "[redacted]". Only Reveal tells it. Keep it in exported fields and out of
// map keys: there package fmt and encoding/json call no methods.
type Secret string

// Reveal is the text itself, for the one place that sends it.
func (s Secret) Reveal() string { return string(s) }

// String is "[redacted]".
func (Secret) String() string { return redacted }

// GoString is "[redacted]".
func (Secret) GoString() string { return redacted }

// Format writes "[redacted]" for every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// MarshalText is "[redacted]".
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON is the JSON string "[redacted]".
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// LogValue is "[redacted]".
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// hider takes the keys that were seen out of texts.
type hider []string

// shortest is the length from which a key is looked for inside of texts. A
// shorter one, such as a simulator's "k", would take words apart.
const shortest = 6

// tokens are long runs of letters and digits, which is what keys look like: one
// that was pasted into the wrong setting is not known to be a key.
var tokens = regexp.MustCompile(`[A-Za-z0-9_]{20,}`)

func (h hider) hide(text string) string {
	return tokens.ReplaceAllStringFunc(h.known(text), func(run string) string {
		if strings.ContainsFunc(run, unicode.IsDigit) && strings.ContainsFunc(run, unicode.IsLetter) {
			return redacted
		}
		return run
	})
}

// known takes out the keys that are known to be some.
func (h hider) known(text string) string {
	for _, key := range h {
		switch {
		case key == "":
		case text == key:
			return redacted
		case len(key) >= shortest:
			for _, form := range []string{key, url.QueryEscape(key), url.PathEscape(key)} {
				text = strings.ReplaceAll(text, form, redacted)
			}
		}
	}
	return text
}

// quote makes a value safe to print, and short.
func quote(value string) string {
	const shown = 60
	runes := []rune(value)
	if len(runes) > shown {
		return quoted(string(runes[:shown])) + "..."
	}
	return quoted(value)
}

// quoted is a text in Go's quotes, with everything that does not stand alone
// written out.
func quoted(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.M, r) }) {
		return strconv.QuoteToASCII(text)
	}
	return strconv.Quote(text)
}

// plain is a text without quotes when it needs none: what does not print, joins
// the character before it or is no UTF-8 does.
func plain(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool {
		return r == unicode.ReplacementChar || !unicode.IsPrint(r) || unicode.Is(unicode.M, r)
	}) {
		return quoted(text)
	}
	return text
}

// names are the words that may be shown of what claims to be a setting's name:
// a key pasted in its place has digits, or is longer.
var names = regexp.MustCompile(`^[A-Za-z][A-Za-z_.-]{0,30}$`)

func shownName(name string) string {
	if names.MatchString(name) {
		return name
	}
	return "a name"
}
