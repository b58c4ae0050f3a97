package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"optflow/config/textfile"
)

func TestParseDotEnv(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		values     map[string]string // value:line
		broken     string
	}{
		{"plain", "A=1\nB = two \n", map[string]string{"A": "1:1", "B": "two:2"}, "[]"},
		{"comments", "# A=1\n\n  # x\nA=1 # why\nB=a#b\n", map[string]string{"A": "1:4", "B": "a#b:5"}, "[]"},
		{"export", "export A=1\n", map[string]string{"A": "1:1"}, "[]"},
		{"quotes", "A=\"a b\"\nB='c d'\nC=\"x\" # y\n", map[string]string{"A": "a b:1", "B": "c d:2", "C": "x:3"}, "[]"},
		{"colon", "A: 1\n", map[string]string{"A": "1:1"}, "[]"},
		{"BOM and CRLF", "\ufeffA=1\r\nB=2\r\n", map[string]string{"A": "1:1", "B": "2:2"}, "[]"},
		{"old Mac lines", "A=1\rB=2", map[string]string{"A": "1:1", "B": "2:2"}, "[]"},
		{"last wins", "A=1\nA=2\n", map[string]string{"A": "2:2"}, "[]"},
		{"set to nothing", "A=1\nA=\n", map[string]string{}, "[]"},
		{"dollars are taken as they are", "HOME=x\nA=k$HOME\nB=\"k${HOME}$\"\nC='k$HOME'\nD=k$(id)\nE=\"a\\$b\"\n",
			map[string]string{"HOME": "x:1", "A": "k$HOME:2", "B": "k${HOME}$:3", "C": "k$HOME:4", "D": "k$(id):5", "E": "a$b:6"}, "[]"},
		{"several lines", "A=\"one\ntwo\"\nB=3\n", map[string]string{"A": "one\ntwo:1", "B": "3:3"}, "[]"},
		{"broken line", "A=1\nthis is no line\nB=2\n", map[string]string{"A": "1:1", "B": "2:3"}, "[{2 false}]"},
		{"broken line of ours", "MASSIVE_API_KEY k\nB=2\n", map[string]string{"B": "2:2"}, "[{1 true}]"},
		{"unclosed", "A=\"one\nB=2\n", map[string]string{"B": "2:2"}, "[{1 false}]"},
		{"text behind quotes", "A=\"one\"two\n", map[string]string{}, "[{1 false}]"},
		{"no name", "=1\n", map[string]string{}, "[{1 false}]"},
		{"control bytes", "A=\x00\nB=\x01\nC=\xff\nD=1", map[string]string{"D": "1:4"}, "[{1 false} {2 false} {3 false}]"},
		{"empty", "", map[string]string{}, "[]"},
	} {
		values, broken := parseDotEnv(tt.text)
		got := map[string]string{}
		for name, g := range values {
			got[name] = fmt.Sprintf("%s:%d", g.text, g.from.Line)
		}
		if diff := cmp.Diff(tt.values, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if fmt.Sprint(broken) != tt.broken {
			t.Errorf("%s: broken %v, want %s", tt.name, broken, tt.broken)
		}
	}
}

// The .env of another program does not keep us from starting; a line that was
// meant for us does.
func TestBrokenDotEnv(t *testing.T) {
	s := place{dotEnv: "some junk\nOPTFLOW_FPS=12\n"}.mustLoad(t)
	if s.FPS != 12 || len(s.Warnings) != 1 || !strings.Contains(s.Warnings[0], ".env:1 is malformed") {
		t.Errorf("fps %d, warnings %q", s.FPS, s.Warnings)
	}
	if _, err := (place{dotEnv: "\nOPTFLOW_FPS 12\n"}).load(t); err == nil || !strings.Contains(err.Error(), ".env:2: the line is malformed") {
		t.Errorf("error %v", err)
	}
}

func TestDotEnvThatIsNoFile(t *testing.T) {
	o := (&place{}).options(t)
	if err := os.Mkdir(filepath.Join(o.Dir, ".env"), 0o700); err != nil {
		t.Fatal(err)
	}
	if s, err := Load(o); err != nil || len(s.Warnings) != 0 {
		t.Errorf("a directory: %v, %q", err, s.Warnings)
	}
	large := place{dotEnv: "A=" + strings.Repeat("x", largestDotEnv)}.mustLoad(t)
	if len(large.Warnings) != 1 || !strings.Contains(large.Warnings[0], "too large") {
		t.Errorf("a large one: %q", large.Warnings)
	}
	if os.Geteuid() == 0 {
		return // root reads everything
	}
	p := place{dotEnv: "A=1"}
	o = p.options(t)
	if err := os.Chmod(filepath.Join(p.dir, ".env"), 0); err != nil {
		t.Fatal(err)
	}
	if s, err := Load(o); err != nil || len(s.Warnings) != 1 {
		t.Errorf("an unreadable one: %v, %q", err, s.Warnings)
	}
}

func TestForeignFiles(t *testing.T) {
	info, err := fstest.MapFS{"f": {}}.Stat("f")
	if err != nil {
		t.Fatal(err)
	}
	if textfile.Foreign(info) {
		t.Error("a file without an owner is foreign")
	}
}

func FuzzDotEnv(f *testing.F) {
	for _, text := range []string{"A=1\n", "A=\"x\ny\"\n", "export A='b' # c", "\ufeffA: $B\r\n", "A=\"\\n\\$\"", "=", "A", "\"", "MASSIVE_API_KEY ", "OPTFLOW_FPS="} {
		f.Add(text, 0)
	}
	f.Fuzz(func(t *testing.T, text string, at int) {
		if strings.Contains(text, "anary") {
			return
		}
		at = max(0, min(at, len(text)))
		neverShows(t, text[:at]+canary+text[at:], "", nil)
		values, broken := parseDotEnv(text)
		lines := strings.Count(text, "\n") + strings.Count(text, "\r") + 1
		for name, g := range values {
			if name == "" || g.text == "" || g.from.Line < 1 || g.from.Line > lines {
				t.Errorf("%q: %q is %q at line %d", text, name, g.text, g.from.Line)
			}
		}
		for _, b := range broken {
			if b.line < 1 || b.line > lines {
				t.Errorf("%q: broken line %d", text, b.line)
			}
		}
	})
}

// neverShows settles settings that hold the canary and looks for it in all that
// a user may get to see.
func neverShows(t *testing.T, dotEnv, file string, env []string) {
	t.Helper()
	l := newLoader(Options{Env: env})
	l.takeDotEnv(dotEnv)
	l.hideKeys()
	l.parseFile("config.toml", []byte(file))
	s, err := l.settle()
	texts := append([]string{fmt.Sprint(err)}, s.Warnings...)
	if err == nil && s.Key.Reveal() != "" {
		for _, l := range s.Describe() {
			texts = append(texts, l.Key, l.Value, l.Source)
		}
	}
	for _, text := range texts {
		if strings.Contains(text, canary) {
			t.Errorf("the key is shown: %s", text)
		}
		if strings.ContainsFunc(strings.ReplaceAll(text, "\n", " "), func(r rune) bool { return r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 }) {
			t.Errorf("control characters are shown: %q", text)
		}
	}
}
