package state

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
		got, err := Choices(path)
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
	if state, err := Choices(""); err != nil || state.Tickers != nil {
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

func TestSavedTabs(t *testing.T) {
	kept := savedTabs(filepath.Join(t.TempDir(), "state", "state.toml"))
	if tabs, err := kept.recall(); err != nil || tabs != nil {
		t.Fatalf("before any was saved: %v, %v", tabs, err)
	}
	want := memory.Tabs{{Name: "Puts", Filter: `spy puts "x"`, Sort: "premium"}, {Name: "Ring", Bell: true, Columns: []string{"size"}}}
	if err := kept.remember(want); err != nil {
		t.Fatal(err)
	}
	got, err := kept.recall()
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if info, err := os.Stat(kept.path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := kept.remember(nil); err != nil {
		t.Fatal(err)
	}
	if got, err := kept.recall(); err != nil || len(got) != 0 {
		t.Errorf("after all went: %v, %v", got, err)
	}
	if err := os.WriteFile(kept.path, []byte("tabs = 'x'"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := kept.recall(); err == nil {
		t.Error("something else is read")
	}
	if err := savedTabs("").remember(want); err != nil {
		t.Errorf("no home: %v", err)
	}
}
