package config

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// numbered repeats a line with a number in it.
func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// Of very much of one kind a .env file gets a few warnings.
func TestManyWarningsOfOneFile(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"one broken line":     {"A=1\nx\n", []string{".env:2 is malformed and left out"}},
		"two broken lines":    {"x\nA=1\nx\n", []string{"lines 1 and 3 of .env are malformed and left out"}},
		"broken lines":        {numbered("x%d\n", 5000), []string{"lines 1, 2, 3 and 4997 more of .env are malformed and left out"}},
		"many names of ours":  {numbered("OPTFLOW_%06d=1\n", 900), nil},
		"many names of keys":  {numbered("MASSIVE_KEY_%06d=1\n", 900), nil},
		"one key beside many": {numbered("OPTFLOW_%06d=1\n", 900) + "MASSIVE_TOKEN=x\n", nil},
	} {
		l := newLoader(Options{})
		l.takeDotEnv(tt.text)
		s, err := l.settle()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if tt.want != nil {
			if diff := cmp.Diff(tt.want, s.Warnings); diff != "" {
				t.Errorf("%s:\n%s", name, diff)
			}
		}
		if len(s.Warnings) > few+2 {
			t.Errorf("%s: %d warnings", name, len(s.Warnings))
		}
		if strings.Contains(tt.text, "TOKEN") && !strings.Contains(strings.Join(s.Warnings, "\n"), "is not read; the key is read from MASSIVE_API_KEY") {
			t.Errorf("%s: the one that matters is not told: %q", name, s.Warnings)
		}
	}
}

// A file in which very much is wrong is told of in a few lines, at once: what it
// costs to read grows with its length and no faster.
func TestManyThingsWrongInOneFile(t *testing.T) {
	for name, text := range map[string]string{
		"unknown keys": numbered("a%d = 1\n", 4000), "floors": "[floor]\n" + numbered("A%d = 1\n", 4000), "ours broken": numbered("fps.a%d = 1\n", 4000),
	} {
		l := newLoader(Options{})
		l.parseFile(configName, []byte(text))
		if _, err := l.settle(); err == nil || strings.Count(err.Error(), "\n") > toldMost {
			t.Errorf("%s: %v", name, err)
		}
	}
	l := newLoader(Options{})
	l.parseFile(configName, []byte(numbered("a%d = 1\n", 1000)))
	_, err := l.settle()
	if err == nil || !strings.HasSuffix(err.Error(), "\nand 980 more that are wrong") {
		t.Errorf("the rest is not counted: %v", err)
	}
	for name, text := range map[string]string{
		"keys": numbered("a%d = 1\n", 100_000), "tables": numbered("[a%d]\n", 100_000), "inline": "a = {" + strings.TrimSuffix(numbered("a%d=1,", 100_000), ",") + "}",
		"in a list": "a = [{" + strings.TrimSuffix(numbered("a%d=1,", 100_000), ",") + "}]", "lists of tables": numbered("[[tabs]]\nname = '%d'\n", 40_000),
	} {
		began := time.Now()
		l := newLoader(Options{})
		l.parseFile(configName, []byte(text))
		took := time.Since(began)
		if _, err := l.settle(); err == nil || err.Error() != "config.toml: has more than 4096 keys" {
			t.Errorf("%s: %v", name, err)
		}
		if took > time.Second { // 10 ms, and what a busy machine adds
			t.Errorf("%s: read in %v", name, took)
		}
	}
}
