package logs

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

func open(t *testing.T, path string) *File {
	t.Helper()
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestFileIsItsUsersOnly(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no modes there")
	}
	path := filepath.Join(t.TempDir(), "state", "optflow", "optflow.log")
	open(t, path)
	for p, want := range map[string]fs.FileMode{path: 0o600, filepath.Dir(path): 0o700 | fs.ModeDir} {
		if info, err := os.Stat(p); err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v", p, info.Mode(), err)
		}
	}
	old := filepath.Join(t.TempDir(), "old.log")
	if err := os.WriteFile(old, []byte("before\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(open(t, old), "after")
	if info, err := os.Stat(old); err != nil || info.Mode() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if got := read(t, old); got != "before\nafter\n" {
		t.Errorf("%q", got)
	}
}

// However much is logged, and by however many programs, no more than the files
// kept is on the disk, and every line is whole.
func TestFileMakesRoom(t *testing.T) {
	path := filepath.Join(t.TempDir(), "optflow.log")
	var writers sync.WaitGroup
	for w := range 3 {
		f := open(t, path)
		f.most = 2000
		writers.Go(func() {
			for i := range 400 {
				if _, err := fmt.Fprintf(f, "{\"writer\":%d,\"line\":%d}\n", w, i); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	all, err := filepath.Glob(path + "*")
	if err != nil || len(all) != 1+older {
		t.Errorf("%v, %v", all, err)
	}
	for _, p := range all {
		text := read(t, p)
		if len(text) > 3*2000+100 { // each writer goes by what it wrote itself
			t.Errorf("%s has %d bytes", p, len(text))
		}
		for line := range strings.Lines(text) {
			if !json.Valid([]byte(line)) {
				t.Errorf("%s: %q", p, line)
			}
		}
	}
}

func TestWriteAfterClose(t *testing.T) {
	f := open(t, filepath.Join(t.TempDir(), "optflow.log"))
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("x\n")); !errors.Is(err, os.ErrClosed) {
		t.Error(err)
	}
}

func TestNoKeyIsLogged(t *testing.T) {
	const key = `cAnArY-key/+"<0123456789`
	var out strings.Builder
	log := New(&out, NewRedactor(key, "k", ""))
	quoted, _ := json.Marshal(key)
	for before := range 3 {
		log.Info("base64", "text", base64.StdEncoding.EncodeToString([]byte("xyz"[:before]+key+"tail")))
		log.Info("base64", "text", base64.URLEncoding.EncodeToString([]byte("xyz"[:before]+key)))
	}
	log.Info("plain "+key, key, key)
	log.Warn("in words", "err", errors.New("GET https://a.test/?apiKey="+url.QueryEscape(key)+"&x="+url.PathEscape(key)))
	log.Info("inside", "value", map[string]any{key: []string{key}})
	log.Error("quoted", "text", fmt.Sprintf("%q", key), "json", string(quoted))
	text := out.String()
	for _, part := range []string{"cAnArY", "0123456789", base64.RawStdEncoding.EncodeToString([]byte("ArY-key/+")), "MDEyMzQ1Njc4"} {
		if strings.Contains(text, part) {
			t.Errorf("%s is in %s", part, text)
		}
	}
	if !strings.Contains(text, `"msg":"plain [redacted]"`) || strings.Count(text, "\n") != 10 {
		t.Error(text)
	}
	if got := NewRedactor("k").Redact("kick"); got != "kick" {
		t.Error(got)
	}
	if got := (*Redactor)(nil).Redact("kick"); got != "kick" {
		t.Error(got)
	}
}

func TestLastProblem(t *testing.T) {
	path := filepath.Join(t.TempDir(), "optflow.log")
	if _, err := LastProblem(path); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	f := open(t, path)
	log := New(f, nil)
	log.Info("feed", "to", "live")
	if p, err := LastProblem(path); p != nil || err != nil {
		t.Error(p, err)
	}
	log.Warn("feed lost", "reason", "connection lost")
	log.Info("feed", "to", "live", "filler", strings.Repeat("x", tail/2))
	fmt.Fprintln(f, "no JSON")
	if p, err := LastProblem(path); err != nil || p == nil || p.Text != "feed lost: connection lost" || p.At.IsZero() {
		t.Error(p, err)
	}
	log.Info("feed", "filler", strings.Repeat("x", tail))
	if p, err := LastProblem(path); err != nil || p != nil {
		t.Error("what is further back than is read:", p, err)
	}
	if _, err := LastProblem(t.TempDir()); !errors.Is(err, fs.ErrInvalid) {
		t.Error(err)
	}
}
