package state

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// canary is a key that must never be seen in any file.
const canary = "Canary_7f3a9b2c4d5e6f708192a3b4c5d6e7f8"

func TestRunning(t *testing.T) {
	state := filepath.Join(t.TempDir(), "optflow", "state.toml")
	first, second := NewRunning(state, canary, "wss://a"), NewRunning(state, canary, "wss://a")
	if mine, _, err := first.Claim(); !mine || err != nil {
		t.Fatal(mine, err)
	}
	if mine, holder, err := second.Claim(); mine || holder != os.Getpid() || err != nil {
		t.Errorf("claimed twice: %v, %d, %v", mine, holder, err)
	}
	for what, other := range map[string]*Running{"key": NewRunning(state, canary+"2", "wss://a"), "server": NewRunning(state, canary, "wss://b")} {
		if mine, _, err := other.Claim(); !mine || err != nil {
			t.Errorf("another %s: %v, %v", what, mine, err)
		}
		if err := other.Release(); err != nil {
			t.Error(err)
		}
	}
	if err := first.Release(); err != nil {
		t.Error(err)
	}
	if mine, _, err := second.Claim(); !mine || err != nil {
		t.Errorf("after the release: %v, %v", mine, err)
	}
	files, err := filepath.Glob(filepath.Join(filepath.Dir(state), "*"))
	if err != nil || len(files) != 3 {
		t.Errorf("%v, %v", files, err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil || strings.Contains(f+string(text), canary) {
			t.Errorf("%s: %v", f, err)
		}
		if info, err := os.Stat(f); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v", f, err)
		}
	}
	if err := second.Release(); err != nil {
		t.Error(err)
	}
}

func TestRunningWithoutAPlace(t *testing.T) {
	if NewRunning("", canary, "wss://a") != nil || NewRunning("x", "", "wss://a") != nil {
		t.Error("a mark without a place or a key")
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var failed *fs.PathError
	if mine, _, err := NewRunning(filepath.Join(file, "optflow", "state.toml"), canary, "wss://a").Claim(); mine || !errors.As(err, &failed) {
		t.Errorf("%v, %v", mine, err)
	}
}

// Who delivers alerts notices that the mark's file was taken away.
func TestDeliveringIsLost(t *testing.T) {
	path := filepath.Join(t.TempDir(), "optflow", Name)
	one, other := NewDelivering(path), NewDelivering(path)
	if mine, _, err := one.Claim(); !mine || err != nil || one.Lost() {
		t.Fatalf("%v, %v, lost %v", mine, err, one.Lost())
	}
	if mine, holder, err := other.Claim(); mine || err != nil || holder != os.Getpid() {
		t.Errorf("the other: %v, held by %d, %v", mine, holder, err)
	}
	if err := os.Remove(one.lock.Path()); err != nil {
		t.Fatal(err)
	}
	if !one.Lost() {
		t.Error("not noticed")
	}
	if mine, _, err := other.Claim(); !mine || err != nil || other.Lost() || !one.Lost() {
		t.Errorf("%v, %v", mine, err)
	}
	for _, r := range []*Running{one, other} {
		if err := r.Release(); err != nil {
			t.Error(err)
		}
	}
	if NewDelivering("") != nil {
		t.Error("without a folder")
	}
}
