package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What Init writes is read by Load and changes nothing; what is there stays.
func TestInit(t *testing.T) {
	o := Options{ConfigHome: filepath.Join(t.TempDir(), "new", "config"), Dir: t.TempDir()}
	path, err := Init(o)
	if err != nil || path != filepath.Join(o.ConfigHome, "optflow", "config.toml") {
		t.Fatalf("%s, %v", path, err)
	}
	if s, err := Load(o); err != nil || s.Source("fps").Kind != FromDefault {
		t.Errorf("the new file: %v", err)
	}
	if err := os.WriteFile(path, []byte("fps = 7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Init(o); !errors.Is(err, ErrExists) || !strings.Contains(err.Error(), path) {
		t.Errorf("over a file: %v", err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "fps = 7\n" {
		t.Errorf("the file is now %q, %v", text, err)
	}
	dangling := filepath.Join(t.TempDir(), "link.toml")
	if err := os.Symlink(filepath.Join(t.TempDir(), "elsewhere"), dangling); err == nil {
		if _, err := Init(Options{Env: []string{"OPTFLOW_CONFIG=" + dangling}}); err == nil {
			t.Error("wrote through a link that leads nowhere")
		}
	}
	if path, err := Init(Options{Dir: o.Dir, Env: []string{"OPTFLOW_CONFIG=x/mine.toml"}}); err != nil || path != filepath.Join(o.Dir, "x", "mine.toml") {
		t.Errorf("named: %s, %v", path, err)
	}
	if _, err := Init(Options{}); err == nil {
		t.Error("without a home: written")
	}
}
