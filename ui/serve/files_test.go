package serve

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	gossh "golang.org/x/crypto/ssh"
)

// The host key is made once, is its user's alone, and a change is said.
func TestFault79HostKey(t *testing.T) {
	openFault(t, 79)
	dir := filepath.Join(t.TempDir(), "optflow")
	path := filepath.Join(dir, hostKeyName)
	first, changed, err := HostKey(dir)
	if err != nil || changed != "" {
		t.Fatal(changed, err)
	}
	if again, changed, err := HostKey(dir); err != nil || changed != "" || gossh.FingerprintSHA256(again.PublicKey()) != gossh.FingerprintSHA256(first.PublicKey()) {
		t.Errorf("the second start: %v %q", err, changed)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if err := os.Remove(path); err != nil { // replaced
		t.Fatal(err)
	}
	second, changed, err := HostKey(dir)
	if err != nil || !strings.Contains(changed, gossh.FingerprintSHA256(second.PublicKey())) || !strings.Contains(changed, gossh.FingerprintSHA256(first.PublicKey())) {
		t.Errorf("another key: %v %q", err, changed)
	}
	if _, changed, err := HostKey(dir); err != nil || changed != "" {
		t.Errorf("is said twice: %v %q", err, changed)
	}
	if err := os.WriteFile(path+knownSuffix, []byte("\x1b[2J\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, changed, err := HostKey(dir); err != nil || changed == "" || strings.ContainsRune(changed, 0x1b) {
		t.Errorf("%v %q", err, changed)
	}
	if runtime.GOOS != "windows" {
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, _, err := HostKey(dir); err == nil || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("a key that others read: %v", err)
		}
	}
	for what, spoil := range map[string]func() error{
		"empty":    func() error { return os.WriteFile(path, nil, 0o600) },
		"no key":   func() error { return os.WriteFile(path, []byte("secret words"), 0o600) },
		"a folder": func() error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) },
	} {
		_ = os.RemoveAll(path)
		_ = os.WriteFile(path, nil, 0o600)
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		if _, _, err := HostKey(dir); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", what, err)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := HostKey(file); err == nil { // no throw-away key where none can be kept
		t.Error("a key that is not kept")
	}
}

// The server's user asks and tells it by a socket that nobody else can open.
func TestControl(t *testing.T) {
	dir, err := os.MkdirTemp("", "optflow") // whose path is short
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if _, err := AskViewers(dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("without a server: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, controlName), nil, 0o600); err != nil { // an earlier one's
		t.Fatal(err)
	}
	l, err := Control(dir)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(dir, controlName)); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("%v %v", info.Mode(), err)
	}
	r := start(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.server.Answers(ctx, l, "127.0.0.1:2222", "SHA256:x") }()
	ann := r.screen("ann")
	if a, err := AskViewers(dir); err != nil || len(a.Here) != 1 || a.Here[0].Name != "ann" || a.Address != "127.0.0.1:2222" || a.Fingerprint != "SHA256:x" {
		t.Errorf("%+v %v", a, err)
	}
	if a, err := AskKick(dir, "bob"); err != nil || a.Kicked != 0 {
		t.Errorf("%+v %v", a, err)
	}
	if a, err := AskKick(dir, "ann"); err != nil || a.Kicked != 1 || ann.code() != 1 {
		t.Errorf("%+v %v", a, err)
	}
	for _, text := range []string{"", "hello", `{"do":"rm"}`, strings.Repeat("[", 10_000)} {
		c, err := net.Dial("unix", filepath.Join(dir, controlName))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(c, text)
		_ = c.(*net.UnixConn).CloseWrite()
		answer, _ := io.ReadAll(c)
		if !strings.Contains(string(answer), `"error":`) {
			t.Errorf("%.20q: %q", text, answer)
		}
		_ = c.Close()
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	if _, err := Control(filepath.Join(dir, strings.Repeat("x", 100))); err == nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("a long path: %v", err)
	}
}
