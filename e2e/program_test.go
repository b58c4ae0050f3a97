//go:build unix

package e2e

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// canary is the API key of every test that has one. It must be in no output.
const canary = "canary-Zx81-key"

// Exit codes, as the README promises them.
const (
	exitFine        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitRefused     = 3
	exitInterrupted = 130
)

// buildFlags and buildEnv are what the binary is built and run with: nothing, or
// the race detector where the tests have it.
var buildFlags, buildEnv []string

// build makes the binary that the end-to-end tests run, once.
var build struct {
	once sync.Once
	dir  string
	path string
	err  error
}

func TestMain(m *testing.M) {
	if at := os.Getenv(breaksAt); at != "" {
		runBroken(at)
	}
	flag.Parse()
	if most := flag.Lookup("test.parallel"); most.Value.String() == most.DefValue { // they wait more than they work
		_ = most.Value.Set(strconv.Itoa(3 * runtime.GOMAXPROCS(0)))
	}
	signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP) // what is ignored here, as under nohup, the program would ignore too
	code := m.Run()
	if build.dir != "" {
		_ = os.RemoveAll(build.dir)
	}
	os.Exit(code)
}

func binary(t testing.TB) string {
	t.Helper()
	build.once.Do(func() {
		if build.dir, build.err = os.MkdirTemp("", "optflow-e2e-"); build.err != nil {
			return
		}
		build.path = filepath.Join(build.dir, "optflow")
		out, err := exec.Command("go", append([]string{"build", "-o", build.path}, append(buildFlags, root)...)...).CombinedOutput()
		if err != nil {
			build.err = fmt.Errorf("go build: %w\n%s", err, out)
		}
	})
	if build.err != nil {
		t.Fatal(build.err)
	}
	return build.path
}

// cleanEnv is an environment in which nothing of this machine's user shows.
func cleanEnv(t testing.TB, add ...string) []string {
	t.Helper()
	home := t.TempDir()
	env := []string{
		"HOME=" + home, "PWD=" + home, "TERM=xterm-256color", "LANG=C.UTF-8", "PATH=" + os.Getenv("PATH"),
		"XDG_CONFIG_HOME=" + home + "/config", "XDG_STATE_HOME=" + home + "/state", "XDG_CACHE_HOME=" + home + "/cache",
	}
	return append(append(env, buildEnv...), add...)
}

// forbidKeys fails a test in whose output the key shows.
func forbidKeys(t testing.TB, output string) {
	t.Helper()
	if strings.Contains(output, canary) {
		t.Error("the API key is in the output")
	}
}

// server is a running `optflow sim`.
type server struct {
	t    testing.TB
	cmd  *exec.Cmd
	WS   string // ws://127.0.0.1:PORT
	REST string
	addr string // 127.0.0.1:PORT
}

var readyLine = regexp.MustCompile(`^listening on (ws://(\S+)) (http://\S+)$`)

// startServer runs `optflow sim` and waits for its ready line. An address of ""
// takes any free port.
func startServer(t testing.TB, address string, args ...string) *server {
	t.Helper()
	if address == "" {
		address = "127.0.0.1:0"
	}
	cmd := exec.Command(binary(t), append([]string{"sim", "--listen", address}, args...)...)
	cmd.Env = cleanEnv(t)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, cmd: cmd}
	t.Cleanup(s.stop)
	ready := make(chan string, 1)
	go func() {
		scan := bufio.NewScanner(stdout)
		scan.Scan()
		ready <- scan.Text()
		for scan.Scan() { // so that it never blocks on its output
		}
	}()
	select {
	case first := <-ready:
		parts := readyLine.FindStringSubmatch(first)
		if parts == nil {
			t.Fatalf("the simulator's ready line is %q; stderr: %s", first, &stderr)
		}
		s.WS, s.addr, s.REST = parts[1], strings.TrimSuffix(parts[2], "/"), parts[3]
	case <-time.After(patience):
		t.Fatal("the simulator did not get ready")
	}
	return s
}

// stop ends the server at once, as a crash would.
func (s *server) stop() {
	if s.cmd.ProcessState == nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
	}
}

// flags point a client at the server.
func (s *server) flags(args ...string) []string {
	return append([]string{"--ws-url", s.WS, "--rest-url", s.REST}, args...)
}

// result of a command that needs no terminal.
type result struct {
	stdout, stderr string
	code           int
}

// run runs optflow without a terminal until it ends.
func run(t testing.TB, env []string, args ...string) result {
	t.Helper()
	return runIn(t, t.TempDir(), env, args...)
}

// runIn runs it in a working directory.
func runIn(t testing.TB, dir string, env []string, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary(t), args...)
	cmd.Env = cleanEnv(t, env...)
	cmd.Dir = dir
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if ctx.Err() != nil {
		t.Fatalf("optflow %s did not end; stderr: %s", strings.Join(args, " "), &stderr)
	}
	if cmd.ProcessState == nil {
		t.Fatalf("running optflow: %v", err)
	}
	forbidKeys(t, stdout.String()+stderr.String())
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// runUntil runs it until something is so of what it printed, or beside that, and
// then ends it by a signal: with exitInterrupted, if all is well.
func runUntil(t testing.TB, env []string, so func(result) bool, args ...string) result {
	t.Helper()
	cmd := exec.Command(binary(t), args...)
	cmd.Env, cmd.Dir = cleanEnv(t, env...), t.TempDir()
	var stdout, stderr heard
	now := func() result { return result{stdout: stdout.String(), stderr: stderr.String()} }
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	t.Cleanup(func() { _ = cmd.Process.Kill(); <-ended })
	deadline := time.After(2 * patience)
	for over := false; !over && !so(now()); {
		select {
		case <-ended:
			over = true
		case <-deadline:
			t.Fatalf("optflow %s goes on; stderr: %s", strings.Join(args, " "), stderr.String())
		case <-time.After(20 * time.Millisecond):
		}
	}
	_ = cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-ended:
	case <-deadline:
		t.Fatalf("optflow %s did not end; stderr: %s", strings.Join(args, " "), stderr.String())
	}
	r := now()
	forbidKeys(t, r.stdout+r.stderr)
	r.code = cmd.ProcessState.ExitCode()
	return r
}

// saying is so once the program said something on stderr.
func saying(text string) func(result) bool {
	return func(r result) bool { return strings.Contains(r.stderr, text) }
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.String()
}
