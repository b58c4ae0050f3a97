package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	gossh "golang.org/x/crypto/ssh"

	"optflow/config/viewers"
	"optflow/feed/faults"
	"optflow/ui/serve/servetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// journal collects the audit log.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, string(b))
	return len(b), nil
}

func (j *journal) all() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.Join(j.lines, "")
}

// rig is a server on loopback with viewers olaf, the owner, ann, bob and oprah,
// whose screens echo.
type rig struct {
	t       testing.TB
	server  *Server
	addr    string
	log     *journal
	ends    context.CancelFunc
	ended   chan error
	mu      sync.Mutex
	list    *viewers.List
	pretend func(net.Addr) net.Addr // where a connection seems to come from
}

type pretended struct {
	net.Conn
	from net.Addr
}

func (p pretended) RemoteAddr() net.Addr { return p.from }

type pretending struct {
	net.Listener
	r *rig
}

func (p pretending) Accept() (net.Conn, error) {
	c, err := p.Listener.Accept()
	if err != nil {
		return nil, err
	}
	p.r.mu.Lock()
	defer p.r.mu.Unlock()
	if p.r.pretend == nil {
		return c, nil
	}
	return pretended{c, p.r.pretend(c.RemoteAddr())}, nil
}

// start runs a server. Lines are more of the viewers file.
func start(t testing.TB, change func(*Options), lines ...string) *rig {
	t.Helper()
	r := &rig{t: t, log: &journal{}, ended: make(chan error, 1)}
	r.file(append([]string{servetest.Line(t, "olaf", ",role=owner"), servetest.Line(t, "ann", ""), servetest.Line(t, "bob", ""), servetest.Line(t, "oprah", ",role=operator")}, lines...)...)
	o := Options{
		HostKey: servetest.Signer(t, "host"),
		Viewers: func() *viewers.List {
			r.mu.Lock()
			defer r.mu.Unlock()
			return r.list
		},
		Licence: Licence{Free: func() bool { return true }, Account: "root"},
		Screen:  echo,
		Tail: func(ctx context.Context, v *Visit, args []string) int {
			_, _ = fmt.Fprintf(v.Out, "%q\n", args)
			<-ctx.Done()
			return exitFine
		},
		Audit: slog.New(slog.NewJSONHandler(r.log, nil)),
	}
	if change != nil {
		change(&o)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.addr = l.Addr().String()
	r.server = New(o)
	ctx, cancel := context.WithCancel(context.Background())
	r.ends = cancel
	go func() { r.ended <- r.server.Run(ctx, pretending{l, r}) }()
	t.Cleanup(func() {
		cancel()
		if err, more := <-r.ended; more && err != nil {
			t.Error(err)
		}
		if text := r.log.all(); strings.Contains(text, "PRIVATE") || strings.ContainsRune(text, 0x1b) {
			t.Errorf("the log holds what it must not:\n%s", text)
		}
		for l := range strings.Lines(r.log.all()) {
			if !json.Valid([]byte(l)) {
				t.Errorf("no JSON in the log: %q", l)
			}
		}
	})
	return r
}

// stop ends the server and waits for it.
func (r *rig) stop() {
	r.ends()
	if err := <-r.ended; err != nil {
		r.t.Error(err)
	}
	close(r.ended)
}

func (r *rig) file(lines ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = viewers.Parse(strings.Join(lines, "\n"))
}

// echo is a screen that says its size and what is typed, until q.
func echo(ctx context.Context, v *Visit) error {
	keys := make(chan byte)
	go func() {
		defer close(keys)
		b := make([]byte, 1)
		for {
			if _, err := v.In.Read(b); err != nil {
				return
			}
			select {
			case keys <- b[0]:
			case <-ctx.Done():
			}
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case s := <-v.Sizes:
			_, _ = fmt.Fprintf(v.Out, "%s %v %dx%d\n", v.Name, v.Env, s.Width, s.Height)
		case k, more := <-keys:
			if k == '!' {
				panic("the screen of " + v.Name)
			}
			if k == 'q' || !more {
				return nil
			}
			_, _ = fmt.Fprintf(v.Out, "<%c>", k)
		}
	}
}

// client is a connection that has logged in.
type client struct {
	*gossh.Client
	r *rig
}

// config is that of a client with some keys.
func (r *rig) config(keys ...gossh.Signer) *gossh.ClientConfig {
	return &gossh.ClientConfig{
		User: "me", Auth: []gossh.AuthMethod{gossh.PublicKeys(keys...)}, Timeout: 5 * time.Second,
		HostKeyCallback: gossh.FixedHostKey(servetest.Signer(r.t, "host").PublicKey()),
	}
}

// dial logs in with the keys of some names.
func (r *rig) dial(names ...string) (*client, error) {
	var keys []gossh.Signer
	for _, n := range names {
		keys = append(keys, servetest.Signer(r.t, n))
	}
	c, err := gossh.Dial("tcp", r.addr, r.config(keys...))
	if err != nil {
		return nil, err
	}
	r.t.Cleanup(func() { _ = c.Close() })
	return &client{c, r}, nil
}

func (r *rig) enter(names ...string) *client {
	r.t.Helper()
	c, err := r.dial(names...)
	if err != nil {
		r.t.Fatalf("%v does not get in: %v\n%s", names, err, r.log.all())
	}
	return c
}

// shell is a session and what it has shown.
type shell struct {
	*gossh.Session
	t     testing.TB
	in    io.Writer
	mu    sync.Mutex
	out   bytes.Buffer
	ended chan error
}

func (s *shell) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.Write(b)
}

func (s *shell) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.String()
}

// await waits for a text.
func (s *shell) await(text string) {
	s.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !strings.Contains(s.text(), text); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("%q does not come: %q", text, s.text())
		}
	}
}

// code is the exit code, -1 for a connection that was cut.
func (s *shell) code() int {
	s.t.Helper()
	select {
	case err := <-s.ended:
		if err == nil {
			return 0
		}
		if exit, is := err.(*gossh.ExitError); is {
			return exit.ExitStatus()
		}
		return -1
	case <-time.After(10 * time.Second):
		s.t.Fatalf("the session does not end: %q", s.text())
		return -1
	}
}

// session opens a session of a command, "" a shell, on a terminal unless width
// is 0.
func (c *client) session(width, height int, command string) *shell {
	c.r.t.Helper()
	session, err := c.NewSession()
	if err != nil {
		c.r.t.Fatal(err)
	}
	s := &shell{Session: session, t: c.r.t, ended: make(chan error, 1)}
	session.Stdout, session.Stderr = s, s
	if s.in, err = session.StdinPipe(); err != nil {
		c.r.t.Fatal(err)
	}
	if width > 0 {
		if err := session.RequestPty("xterm-256color", height, width, nil); err != nil {
			c.r.t.Fatal(err)
		}
	}
	if command == "" {
		err = session.Shell()
	} else {
		err = session.Start(command)
	}
	if err != nil {
		c.r.t.Fatal(err)
	}
	go func() { s.ended <- session.Wait() }()
	return s
}

// screen opens a screen of somebody's.
func (r *rig) screen(name string) *shell {
	r.t.Helper()
	s := r.enter(name).session(100, 30, "")
	s.await("100x30")
	return s
}

// logged waits for lines of the log that hold all of some words.
func (r *rig) logged(words ...string) {
	r.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		text := r.log.all()
		for l := range strings.Lines(text) {
			if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(l, w) }) {
				return
			}
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("the log has no line with %q:\n%s", words, text)
		}
	}
}

func ip(text string) net.Addr {
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(text), 4711))
}

type (
	reader  = io.Reader
	netAddr = net.Addr
)

func logger(w io.Writer) *slog.Logger { return slog.New(slog.NewJSONHandler(w, nil)) }

// openFault opens a fault's test.
func openFault(t testing.TB, number int) *faults.Run { return faults.OpenReal(t, number) }
