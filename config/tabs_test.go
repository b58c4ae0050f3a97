package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"optflow/model/memory"
)

func TestTabsOfTheFile(t *testing.T) {
	s := place{file: "fps = 5\n[[tabs]]\nname = 'Big'\nfilter = 'prem>=1m'\nsort = '-size'\ncolumns = ['premium', 'size']\nbell = true\n[[tabs]]\nname = 'All'\n"}.mustLoad(t)
	want := memory.Tabs{{Name: "Big", Filter: "prem>=1m", Sort: "-size", Columns: []string{"premium", "size"}, Bell: true}, {Name: "All"}}
	if diff := cmp.Diff(want, s.Tabs); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if s := (place{}).mustLoad(t); s.Tabs != nil {
		t.Errorf("without any: %v", s.Tabs)
	}
}

func TestWrongTabs(t *testing.T) {
	for text, want := range map[string]string{
		"tabs = 5":                                   "tabs is no list of tabs",
		"tabs = [5]":                                 "is no table",
		"[[tabs]]\nfilter = 'nvda'":                  "has no name",
		"[[tabs]]\nname = 5":                         "name that is no text",
		"[[tabs]]\nname = 'x'\nfiltr = 'nvda'":       "did you mean filter?",
		"[[tabs]]\nname = 'x'\nbell = 'loud'":        "neither true nor false",
		"[[tabs]]\nname = 'x'\ncolumns = 5":          "",
		"[[tabs]]\nname = \"a\\u0007b\"":             "holds a control character",
		"[[tabs]]\nname = 'much too long a name x'":  "letters",
		strings.Repeat("[[tabs]]\nname = 'x'\n", 25): "at most 24",
		"tab = 1": "did you mean tabs?",
	} {
		_, err := place{file: text}.load(t)
		if want == "" {
			continue
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
