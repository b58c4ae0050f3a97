package config

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"optflow/model/memory"
)

func TestRemember(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "optflow", "state.toml")
	for _, want := range []memory.Choices{{}, {Tickers: []string{"SPY"}}, {Tickers: []string{"NVDA", "BRK.B"}}} {
		if err := savedChoices(path).remember(want); err != nil {
			t.Fatal(err)
		}
		got, err := recallChoices(path)
		if err != nil || strings.Join(got.Tickers, ",") != strings.Join(want.Tickers, ",") {
			t.Errorf("remembered %v as %v, %v", want, got, err)
		}
	}
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 2 || left[0].Name() != lockName {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestRememberWhereNothingCanBeWritten(t *testing.T) {
	if err := savedChoices("").remember(memory.Choices{}); err != nil {
		t.Errorf("without a home: %v", err)
	}
	if state, err := recallChoices(""); err != nil || state.Tickers != nil {
		t.Errorf("without a home: %v, %v", state, err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := savedChoices(filepath.Join(file, "state.toml")).remember(memory.Choices{}); err == nil {
		t.Error("below a file: written")
	}
	taken := filepath.Join(t.TempDir(), "state.toml")
	if err := os.MkdirAll(filepath.Join(taken, "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := savedChoices(taken).remember(memory.Choices{}); err == nil {
		t.Error("over a directory: written")
	}
	if left, err := os.ReadDir(filepath.Dir(taken)); err != nil || len(left) != 2 || left[0].Name() != lockName {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

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
