package script

import (
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestParse(t *testing.T) {
	got, err := Parse("rest cut # two sessions\nconnect ok; auth ok; send 100 bars; stall 50s; close 1012\n\nconnect status 503 after 20 says \"<p>\"\nconnect redirect \"http://x;#/\"; text \"[1]\\n\" every 2s # end")
	if err != nil {
		t.Fatal(err)
	}
	want := &Script{Before: []Step{{Line: 1, Verb: REST, Word: "cut"}}, Sessions: []Session{
		{{Line: 2, Verb: Connect, Word: "ok"}, {Line: 2, Verb: Auth, Word: "ok"}, {Line: 2, Verb: Send, N: 100}, {Line: 2, Verb: Stall, For: 50 * time.Second}, {Line: 2, Verb: Close, N: 1012}},
		{{Line: 4, Verb: Connect, Word: "status", N: 503, Text: "20", Body: "<p>"}},
		{{Line: 5, Verb: Connect, Word: "redirect", Text: "http://x;#/"}, {Line: 5, Verb: Text, Text: "[1]\n", Every: 2 * time.Second}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "line 1: no session: begin one with connect ok",
		"auth ok":                       "line 1: auth before the first connect",
		"connect ok\njump":              `line 2: no step "jump": want one of connect, auth`,
		"connect maybe":                 `line 1: "maybe" is none of ok, mute`,
		"connect status 700":            `line 1: "700" is not a number from 100 to 599`,
		"connect ok; send bars":         `line 1: "bars" is not a number from 1 to`,
		"connect ok; send 5 cars":       "line 1: send wants a number and then bars",
		"connect ok; stall 5":           `line 1: "5" is not a duration such as 50s`,
		"connect ok; stall 9000h":       `line 1: "9000h" is not a duration`,
		"connect ok; close 12":          `line 1: "12" is not a number from 1000 to 4999`,
		"connect ok; close 1000 bye":    `line 1: nothing is expected after close, but "bye" follows`,
		"connect ok; text \"open":       "line 1: a text is not closed",
		"connect ok; text \"\\q\"":      "line 1: a text is not closed, or holds an unknown escape",
		"connect ok; text":              "line 1: a text is missing",
		"\"connect\" ok":                "line 1: a verb is expected, not the text",
		"connect ok; ping 1 every":      "line 1: a duration such as 50s is missing",
		"connect ok; contracts 1000000": `line 1: "1000000" is not a number from 1 to 5000`,
		"connect ok; close 1000 \"" + strings.Repeat("x", 124) + "\"": "line 1: a reason has at most 123 bytes",
		"connect ok" + strings.Repeat(";drop", maxSteps):              "line 1: more than 10000 steps",
	} {
		_, err := Parse(text)
		var wrong *Error
		if !errors.As(err, &wrong) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", text, err, want)
		}
	}
}

// What parsing may allocate in all: a step of five bytes is a struct of a hundred
// and some, in lists that grow.
const (
	heapFactor = 200
	heapBase   = 256 << 10
)

// costlyScripts are scripts that cost, or might cost, far more than their size.
func costlyScripts(size int) []string {
	repeat := func(text string) string { return strings.Repeat(text, size/len(text)) }
	return []string{
		repeat("\n"), repeat(";"), repeat("drop;"), repeat("connect ok;"), repeat("connect ok\n"), "connect ok" + repeat(";drop"), "connect ok\n" + repeat("drop\n"), repeat("#\n"), repeat("a "), repeat("\""),
		repeat("\"\" "), "connect ok; text \"" + repeat(`\n`) + "\"", "connect ok; text \"" + repeat(`\u00e9`) + "\"", "connect ok; text \"" + repeat("x"), repeat("x"),
		"connect status 503 says \"" + repeat("x") + "\"", repeat("\xff"), repeat("rest ok\n"), repeat("\x00"),
	}
}

// costs holds what parsing allocates against the text's size. What other
// goroutines allocate meanwhile may be in it, so it is asked a second time.
func costs(t *testing.T, text string) {
	t.Helper()
	allocated := func() uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _ = Parse(text)
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	most := uint64(heapFactor*len(text) + heapBase)
	if got := allocated(); got > most {
		if got = min(got, allocated()); got > most {
			t.Errorf("%.20q: %d KB for %d KB of script, at most %d KB", text, got>>10, len(text)>>10, most>>10)
		}
	}
}

func TestScriptsCostWhatTheyAre(t *testing.T) {
	for _, size := range []int{200, 10 << 10, 1 << 20} {
		for _, text := range costlyScripts(size) {
			costs(t, text)
		}
	}
}

func FuzzParseHeap(f *testing.F) {
	for _, text := range costlyScripts(200) {
		f.Add(text)
	}
	f.Fuzz(costs)
}

// Whatever is parsed stays within bounds and begins each session by connect.
func FuzzParse(f *testing.F) {
	f.Add("connect ok; auth ok; send 100 bars; stall 50s; close 1012")
	f.Add("connect status 429 after \"Wed, 21 Oct 2015 07:28:00 GMT\"\nconnect ok;auth failed \"no\\x1b\";drop")
	f.Add("connect mute; bytes \"\\x81\\xff\" every 2s; freeze 1m; rest cut; lose 5 bars; pongs off; subscribe refused")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text)
		if err != nil {
			var wrong *Error
			if s != nil || !errors.As(err, &wrong) || wrong.Line < 1 || wrong.Line > strings.Count(text, "\n")+1 {
				t.Fatalf("%+v, %v", s, err)
			}
			return
		}
		if len(s.Sessions) == 0 {
			t.Fatal("no session and no error")
		}
		for _, session := range s.Sessions {
			for i, step := range session {
				if (step.Verb == Connect) != (i == 0) || step.N < 0 || step.N > maxCount || step.For < 0 || step.For > maxDuration || step.Every < 0 || step.Every > maxDuration {
					t.Fatalf("step %d: %+v", i, step)
				}
			}
		}
	})
}
