//go:build unix

package e2e

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

// viewersHome is a home with a viewers file in which ann's key is, and her key.
func viewersHome(t *testing.T) (env []string, ann ssh.Signer) {
	t.Helper()
	dir, err := os.MkdirTemp("", "optflow") // whose path is short enough for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	env = []string{"XDG_CONFIG_HOME=" + dir + "/config", "XDG_STATE_HOME=" + dir + "/state"}
	if ann, err = ssh.NewSignerFromSigner(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))); err != nil {
		t.Fatal(err)
	}
	public := filepath.Join(dir, "ann.pub")
	if err := os.WriteFile(public, ssh.MarshalAuthorizedKey(ann.PublicKey()), 0o600); err != nil {
		t.Fatal(err)
	}
	out := runWith(t, env, 0, "serve", "viewers", "add", public, "--name", "ann", "--until", "2099-12-31")
	if !strings.Contains(out, "ann (viewer) may look with SHA256:") {
		t.Errorf("added: %s", out)
	}
	return env, ann
}

// runWith runs a command to its end and gives all that it says.
func runWith(t *testing.T, env []string, code int, args ...string) string {
	t.Helper()
	cmd := exec.Command(binary(t), args...)
	cmd.Env = cleanEnv(t, env...)
	out, err := cmd.CombinedOutput()
	if got := cmd.ProcessState.ExitCode(); got != code {
		t.Errorf("optflow %v: code %d, want %d (%v)\n%s", args, got, code, err, out)
	}
	return string(out)
}

// dialViewer logs in.
func dialViewer(t *testing.T, addr string, key ssh.Signer) *ssh.Client {
	t.Helper()
	c, err := ssh.Dial("tcp", addr, &ssh.ClientConfig{User: "x", Auth: []ssh.AuthMethod{ssh.PublicKeys(key)}, HostKeyCallback: ssh.InsecureIgnoreHostKey(), Timeout: patience}) // #nosec G106 -- the test's own server
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// heard is what came, for several to look at.
type heard struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (h *heard) Write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.Write(b)
}

func (h *heard) await(t *testing.T, text string) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		h.mu.Lock()
		got := h.text.String()
		h.mu.Unlock()
		if strings.Contains(got, text) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%q does not come: %q", text, got)
		}
	}
}

// shellOf opens a screen.
func shellOf(t *testing.T, c *ssh.Client) (shown *heard, ended chan error) {
	t.Helper()
	session, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	shown, ended = &heard{}, make(chan error, 1)
	session.Stdout = shown
	if _, err := session.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := session.RequestPty("xterm-256color", 30, 120, nil); err != nil {
		t.Fatal(err)
	}
	if err := session.Shell(); err != nil {
		t.Fatal(err)
	}
	go func() { ended <- session.Wait() }()
	return shown, ended
}

var listensOn = regexp.MustCompile(`serving on (127\.0\.0\.1:\d+), host key SHA256:`)

// Without a terminal serve says where it listens, serves, and tells all at its end.
func TestServe(t *testing.T) {
	t.Parallel()
	env, ann := viewersHome(t)
	if out := runWith(t, env, 1, "serve", "viewers"); !strings.Contains(out, "no optflow serve is running here") {
		t.Errorf("before: %s", out)
	}
	cmd := exec.Command(binary(t), "serve", "--listen", "127.0.0.1:0")
	cmd.Env = cleanEnv(t, env...)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill() }()
	ready, err := bufio.NewReader(out).ReadString('\n')
	m := listensOn.FindStringSubmatch(ready)
	if m == nil || !strings.Contains(ready, "viewers: ann") {
		t.Fatalf("ready: %q %v", ready, err)
	}
	client := dialViewer(t, m[1], ann)
	shown, ended := shellOf(t, client)
	shown.await(t, "viewer ann")
	lines, err := dialViewer(t, m[1], ann).NewSession()
	if err != nil {
		t.Fatal(err)
	}
	text, err := lines.Output("tail --format json --count 3 --min-premium 0")
	if err != nil {
		t.Fatalf("tail: %v", err)
	}
	for line := range strings.Lines(string(text)) {
		var row struct {
			V   int
			Sim bool
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil || row.V != 1 || !row.Sim {
			t.Errorf("a line of tail: %q %v", line, err)
		}
	}
	for command, code := range map[string]int{"ls": 2, "tail --log-file x": 2, "tail --config /etc/passwd": 2, "tail --api-key-file x": 2, "tail spy": 2, "tail --alerts": 2, "tail --capture x": 2, "tail --help": 0, "tail --filter 'nosuch>3'": 2} {
		session, err := dialViewer(t, m[1], ann).NewSession()
		if err != nil {
			t.Fatal(err)
		}
		said, err := session.CombinedOutput(command)
		got := 0
		if exit, is := err.(*ssh.ExitError); is {
			got = exit.ExitStatus()
		}
		if got != code || !strings.Contains(string(said), "\n") {
			t.Errorf("%s: code %d, %s", command, got, said)
		}
	}
	if out := runWith(t, env, 0, "serve", "viewers"); !strings.Contains(out, "serving on "+m[1]) || !regexp.MustCompile(`(?m)^ann +viewer +127\.0\.0\.1 .* screen +SHA256:`).MatchString(out) {
		t.Errorf("viewers: %s", out)
	}
	if out := runWith(t, env, 2, "serve", "--listen", "127.0.0.1:0"); !strings.Contains(out, "serves already") {
		t.Errorf("a second server: %s", out)
	}
	if out := runWith(t, env, 2, "serve", "viewers", "kick", "bob"); !strings.Contains(out, "bob is not here") {
		t.Errorf("kick: %s", out)
	}
	if out := runWith(t, env, 0, "serve", "viewers", "kick", "ann"); !strings.Contains(out, "1 ended") {
		t.Errorf("kick: %s", out)
	}
	<-ended
	shown.await(t, "you were asked to leave")
	shown, ended = shellOf(t, dialViewer(t, m[1], ann))
	shown.await(t, "viewer ann")
	began := time.Now()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-ended
	shown.await(t, "the server ends")
	_, _ = io.Copy(io.Discard, out)
	_ = cmd.Wait()
	if took := time.Since(began); took > 2*time.Second+patience/3 || cmd.ProcessState.ExitCode() != 130 {
		t.Errorf("the end takes %v, code %d", took, cmd.ProcessState.ExitCode())
	}
}

// On a terminal the operator has the screen beside the viewers'.
func TestServeOnATerminal(t *testing.T) {
	t.Parallel()
	env, ann := viewersHome(t)
	x := start(t, 120, 30, env, "serve", "--listen", "127.0.0.1:0")
	x.await("the screen", func(screen string) bool { return strings.Contains(screen, "bursts") })
	m := listensOn.FindStringSubmatch(x.written())
	if m == nil {
		t.Fatalf("no ready line in %.300q", x.written())
	}
	shown, ended := shellOf(t, dialViewer(t, m[1], ann))
	shown.await(t, "viewer ann")
	x.press("q")
	<-ended
	shown.await(t, "the server ends")
	if code := x.awaitEnd(patience); code != 0 {
		t.Errorf("code %d", code)
	}
	x.assertRestored()
}
