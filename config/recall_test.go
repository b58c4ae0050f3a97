package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRememberedTheme(t *testing.T) {
	remembered := func(p place, text string) *Settings {
		t.Helper()
		p.remember = []string{"AMD"}
		o := p.options(t)
		if err := os.WriteFile(filepath.Join(o.StateHome, "optflow", "state.toml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Load(o)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := remembered(place{}, "theme = 'classic'\nsort = '-premium'\nview = \"a\\u001bb\"\n")
	if s.Theme != "classic" || s.Source("theme").String() != "remembered" || s.Remembered.Sort != "-premium" || s.Remembered.View != "" {
		t.Errorf("%q from %s, %+v", s.Theme, s.Source("theme"), s.Remembered)
	}
	if s := remembered(place{file: "theme = 'mono'"}, "theme = 'classic'"); s.Theme != "mono" {
		t.Errorf("the file says mono, the screen is %s", s.Theme)
	}
}

func TestRemembered(t *testing.T) {
	s := place{remember: []string{"AMD", "bad symbol", "tsla"}}.mustLoad(t)
	if diff := cmp.Diff([]string{"AMD", "TSLA"}, s.Tickers); diff != "" || s.Source("tickers").String() != "remembered" {
		t.Errorf("from %s (-want +got):\n%s", s.Source("tickers"), diff)
	}
	if s := (place{remember: []string{"bad symbol"}}).mustLoad(t); len(s.Tickers) != 3 || s.Source("tickers").Kind != FromDefault {
		t.Errorf("%v from %s", s.Tickers, s.Source("tickers"))
	}
	p := place{remember: []string{"AMD"}}
	o := p.options(t)
	if err := os.WriteFile(filepath.Join(p.home, "optflow", "state.toml"), []byte("tickers = 5 \x1b"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Load(o)
	if err != nil || len(s.Tickers) != 3 || len(s.Warnings) != 1 || strings.Contains(s.Warnings[0], "\x1b") {
		t.Errorf("a broken state: %v, %v, %q", err, s.Tickers, s.Warnings)
	}
}
