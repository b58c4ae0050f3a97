package wire

import (
	"strings"
	"testing"

	"optflow/feed/massive/wiretest"
)

func TestCleanLeavesNoPartOfTheKey(t *testing.T) {
	for text, want := range map[string]string{
		"key " + wiretest.Canary + " is bad":    "key [redacted] is bad",
		"?apiKey=cAnArY-key%2F%2B0123456789&x":  "?apiKey=[redacted]&x",
		"cAnArY-key%2F+0123456789":              "[redacted]",
		"c\x00A\u200bnArY-key/+0123456789 cut":  "[redacted] cut",
		"Y0FuQXJZLWtleS8rMDEyMzQ1Njc4OQ== in64": "[redacted] in64",
	} {
		if got := Clean(text, 100, wiretest.Secret(wiretest.Canary)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for cells := range 40 {
		wiretest.NoCanary(t, "cut text", Clean("the key: "+wiretest.Canary, cells, wiretest.Secret(wiretest.Canary)))
	}
	if got := Clean("a key of k", 100, wiretest.Secret("k")); got != "a key of k" {
		t.Errorf("a short key ate the text: %q", got)
	}
	if got := Clean(strings.Repeat("x", 1<<20), 1<<20, nil); len(got) != LongestText {
		t.Errorf("%d bytes are kept", len(got))
	}
}
