package line

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"
)

var earlier = []string{"nvda calls", "prem>=1m puts", "spy 0dte", "NVDA prem>=250k", "whale"}

// ↑ takes the earlier lines that have what was typed in them, ↓ goes back to it.
func TestRecallOfWhatWasTyped(t *testing.T) {
	l := New(earlier)
	l.Open("")
	for _, r := range "nvda" {
		l.Key(press(string(r)))
	}
	for _, step := range []struct {
		by    int
		want  string
		found bool
	}{{-1, "NVDA prem>=250k", true}, {-1, "nvda calls", true}, {-1, "nvda calls", false}, {1, "NVDA prem>=250k", true}, {1, "nvda", true}, {-1, "NVDA prem>=250k", true}} {
		if found := l.Recall(step.by); l.String() != step.want || found != step.found {
			t.Fatalf("%d gives %q, %v; want %q", step.by, l.String(), found, step.want)
		}
	}
	l.Key(press("x")) // what is changed is looked for anew
	if l.Recall(-1) || l.String() != "NVDA prem>=250kx" {
		t.Errorf("%q", l.String())
	}
	l.Open("spy ") // as it was opened nothing was typed yet
	if l.Recall(-1); l.String() != "whale" {
		t.Errorf("%q", l.String())
	}
	l.Recall(1)
	if l.String() != "spy " {
		t.Errorf("%q", l.String())
	}
}

// A search goes to the newest line that has the letters in it, as in a shell.
func TestSearch(t *testing.T) {
	l := New(earlier)
	l.Open("old")
	l.Search()
	if !l.Searching() || l.String() != "whale" {
		t.Fatalf("%q", l.String())
	}
	for _, step := range []struct{ key, want string }{
		{"p", "NVDA prem>=250k"}, {"r", "NVDA prem>=250k"}, {"e", "NVDA prem>=250k"}, {"again", "prem>=1m puts"}, {"again", "prem>=1m puts"}, {"z", "prem>=1m puts"},
		{"backspace", "NVDA prem>=250k"}, {"backspace", "NVDA prem>=250k"}, {"backspace", "NVDA prem>=250k"}, {"backspace", "whale"},
	} {
		if step.key == "again" {
			l.Search()
		} else if !l.Key(press(step.key)) {
			t.Errorf("%s is not taken", step.key)
		}
		if l.String() != step.want {
			t.Fatalf("after %s it is %q, want %q", step.key, l.String(), step.want)
		}
	}
	l.EndSearch(false)
	if l.Searching() || l.String() != "old" {
		t.Errorf("back is %q", l.String())
	}
	l.Search()
	l.Key(press("s"))
	l.Key(press("left")) // any other key goes on with what was found
	if l.Searching() || l.String() != "whale" && l.String() != "spy 0dte" && l.String() != "prem>=1m puts" {
		t.Errorf("%q", l.String())
	}
}

// Whatever is pressed, a search shows an earlier line that has the letters in it,
// or says that there is none.
func TestSearchFinds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		lines := rapid.SliceOfN(rapid.StringMatching(`[ab]{1,4}`), 0, 8).Draw(rt, "lines")
		l := New(lines)
		l.Open("")
		l.Search()
		wanted := ""
		for range rapid.IntRange(0, 8).Draw(rt, "keys") {
			switch k := rapid.SampledFrom([]string{"a", "b", "backspace", "again", "up", "down"}).Draw(rt, "key"); k {
			case "again":
				l.Search()
			case "up":
				l.Recall(-1)
			case "down":
				l.Recall(1)
			case "backspace":
				if wanted == "" {
					return
				}
				wanted = wanted[:len(wanted)-1]
				l.Key(tea.KeyPressMsg{Code: tea.KeyBackspace})
			default:
				wanted += k
				l.Key(press(k))
			}
			any := false
			for _, line := range lines {
				any = any || strings.Contains(line, wanted)
			}
			if !l.search.failed && !strings.Contains(l.String(), wanted) {
				rt.Fatalf("%q is found for %q", l.String(), wanted)
			}
			if found := l.Found(); found != nil && l.String()[found.From:found.To] != wanted {
				rt.Fatalf("%q marks %v for %q", l.String(), found, wanted)
			}
			if !any && wanted != "" && !l.search.failed {
				rt.Fatalf("%q is found for %q, which no line has", l.String(), wanted)
			}
		}
	})
}
