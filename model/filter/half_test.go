package filter

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// typing is a line with | for the caret, as it is being typed.
func typing(t testing.TB, line string) *Filter {
	t.Helper()
	caret := strings.IndexByte(line, '|')
	line = strings.Replace(line, "|", "", 1)
	env := testEnv()
	env.Typing = &Typing{Caret: caret, Listed: func(name string) bool { return name == "AMD" || name == "C" || name == "BRK.B" }}
	f, err := Parse(line, env)
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return f
}

// A word is a ticker once there is one, or once the line is left; until then it
// filters nothing, and says so.
func TestHalfTypedWords(t *testing.T) {
	for _, test := range []struct{ line, counts, says string }{
		{"nvda|", "nvda", ""},
		{"amd|", "amd", ""},
		{"c|", "", "c filters nothing yet: more letters, or a blank for the ticker"},
		{"c |", "c", ""},
		{"spy cal|", "spy", "cal filters nothing yet: more letters, or a blank for the ticker"},
		{"spy cals |", "spy", "cals filters nothing yet: no ticker of that name is known here, did you mean calls?"},
		{"prem|", "", "prem filters nothing yet: a comparison follows a field (prem>=250k)"},
		{"prem |", "", "prem filters nothing yet: a comparison follows a field (prem>=250k)"},
		{"xyz| calls", "calls", "xyz filters nothing yet: no ticker of that name is known here"},
		{"not xyz|", "", "xyz filters nothing yet: no ticker of that name is known here"},
		{"nvda,xy|", "nvda", "xy filters nothing yet: no ticker of that name is known here"},
		{"(spy or xy|) calls", "spy calls", "xy filters nothing yet: no ticker of that name is known here"},
		{"xy yz|", "", "xy filters nothing yet: no ticker of that name is known here"},
		{"ticker=nvda,zz|", "ticker=nvda", "zz filters nothing yet: no ticker of that name is known here"},
		{"calls ticker!=zz|", "calls", "zz filters nothing yet: no ticker of that name is known here"},
		{"brk.b calls|", "brk.b calls", ""},
		{"$c|", "c", ""},
		{"@mag7|", "@mag7", ""},
		{"or|", "", ""},
	} {
		if test.line == "or|" {
			continue // an error, as ever
		}
		f := typing(t, test.line)
		says := ""
		if w := f.Waits(); len(w) > 0 {
			says = w[0].Text
			if word := strings.Fields(says)[0]; strings.Replace(test.line, "|", "", 1)[w[0].Pos:w[0].End] != word {
				t.Errorf("%q: %q is at %d..%d", test.line, word, w[0].Pos, w[0].End)
			}
		}
		if f.String() != test.counts || says != test.says {
			t.Errorf("%q counts as %q and says %q, want %q and %q", test.line, f, says, test.counts, test.says)
		}
	}
}

// What is typed of a line filters as the line without the words that wait.
func TestTypingTakesNothingElseAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := Print(drawNode(t, 3))
		whole, err := Parse(line, testEnv())
		if err != nil {
			t.Fatal(err)
		}
		env := testEnv()
		env.Typing = &Typing{Caret: len(line), Listed: func(string) bool { return true }}
		typed, err := Parse(line, env)
		if err != nil {
			t.Fatal(err)
		}
		if len(typed.Waits()) == 0 && typed.String() != whole.String() {
			t.Fatalf("%q typed is %q", whole, typed)
		}
		r, c := drawRow(t)
		typed.Match(r, c, now())
	})
}
