package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOwnTables(t *testing.T) {
	s := place{file: "[keys]\nfreeze = 'space'\ndown = ['j', ',']\nup = []\nonly = ''\n[themes.paper]\nbase = 'light'\ncall = 26\n"}.mustLoad(t)
	if diff := cmp.Diff(map[string][]string{"freeze": {"space"}, "down": {"j", ","}, "up": nil, "only": nil}, s.Keys); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]map[string]string{"paper": {"base": "light", "call": "26"}}, s.Themes); diff != "" {
		t.Errorf("themes (-want +got):\n%s", diff)
	}
	for key, line := range map[string]int{"keys.down": 3, "keys.only": 5, "themes.paper": 6, "themes.paper.call": 8} {
		if got := s.Source(key); got.Line != line || got.Kind != FromFile {
			t.Errorf("%s is from %s, want line %d", key, got, line)
		}
	}
}

func TestWrongOwnTables(t *testing.T) {
	for text, want := range map[string]string{
		"keys = 5":                     "keys is no table of keys",
		"[keys]\nfreeze = 5":           "keys.freeze",
		"[keys]\nfreeze = [\"\"]":      "has a name that no key has",
		"themes = []":                  "themes is no table of themes",
		"[themes]\npaper = 'x'":        "themes.paper is no table of colours",
		"[themes.paper]\ncall = [1]":   "themes.paper.call",
		"themez = 1":                   "did you mean themes?",
		"[themes.p]\ncall = \"a\\nb\"": "holds a control character",
	} {
		_, err := place{file: text}.load(t)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
