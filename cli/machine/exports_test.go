package machine

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// filled writes a text.
func filled(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

// content reads a file that must be its user's only.
func content(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestExportsChooseNames(t *testing.T) {
	dir := t.TempDir()
	for _, want := range []string{"optflow.csv", "optflow-2.csv", "optflow-3.csv"} {
		path, err := Exports{dir}.Write("", "optflow", false, filled(want))
		if err != nil || path != filepath.Join(dir, want) || content(t, path) != want {
			t.Errorf("%s, %v, want %s", path, err, want)
		}
	}
}

func TestExportsWriteOverNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "mine.csv")
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Exports{dir}.Write("mine.csv", "", false, filled("ours"))
	if at, is := errors.AsType[*fs.PathError](err); !is || at.Path != path || !errors.Is(err, fs.ErrExist) || content(t, path) != "mine" {
		t.Errorf("%v, and the file holds %q", err, content(t, path))
	}
	if got, err := (Exports{dir}).Write("mine.csv", "", true, filled("ours")); err != nil || got != path || content(t, path) != "ours" {
		t.Errorf("%s, %v, and the file holds %q", got, err, content(t, path))
	}
	for _, name := range []string{"none/there.csv", "."} {
		for _, over := range []bool{true, false} {
			if _, err := (Exports{dir}).Write(name, "", over, filled("x")); err == nil {
				t.Errorf("%s was written, over %t", name, over)
			}
		}
	}
	broken := func(io.Writer) error { return errors.New("no more rows") }
	for _, over := range []bool{true, false} {
		if _, err := (Exports{dir}).Write("new.csv", "", over, broken); err == nil {
			t.Error("half a file is no error")
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Fatalf("left behind: %v %v", left, err)
	}
}

func TestFullPath(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	t.Setenv("HOME", dir)
	t.Setenv("USERPROFILE", dir)
	for name, want := range map[string]string{
		"": dir, "a": filepath.Join(dir, "a"), "~": dir, "~/b": filepath.Join(dir, "b"), "~b": filepath.Join(dir, "~b"),
	} {
		if got, err := fullPath("", name); err != nil || got != want {
			t.Errorf("%q is %q (%v), want %q", name, got, err, want)
		}
	}
}
