package serve

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"optflow/ui/serve/servetest"
)

// Connections that do not log in are bounded and cut, and a viewer gets in
// beside them.
func TestFault72SilentConnections(t *testing.T) {
	f := openFault(t, 72)
	const handshake = time.Second
	r := start(t, func(o *Options) { o.Handshake = handshake })
	var conns []net.Conn
	defer func() {
		for _, c := range conns {
			_ = c.Close()
		}
	}()
	silent := func(n int, say func(net.Conn)) {
		t.Helper()
		for range n {
			c, err := net.Dial("tcp", r.addr)
			if err != nil {
				t.Fatal(err)
			}
			conns = append(conns, c)
			if say != nil {
				go say(c)
			}
		}
	}
	waiting := func() int {
		r.server.gate.mu.Lock()
		defer r.server.gate.mu.Unlock()
		return len(r.server.gate.waiting)
	}
	banner := func(c net.Conn) { // a banner without an end
		for {
			if _, err := c.Write(bytes.Repeat([]byte("x"), 200)); err != nil {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	slow := func(c net.Conn) { // an exchange of a byte at a time
		for {
			if _, err := c.Write([]byte("S")); err != nil {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
	}
	began := time.Now()
	silent(100, nil)
	silent(50, banner)
	silent(50, slow)
	from := 0
	r.mu.Lock()
	r.pretend = func(net.Addr) net.Addr { from++; return ip(fmt.Sprintf("10.0.%d.%d", from/250, from%250+1)) }
	r.mu.Unlock()
	silent(100, nil) // from as many addresses
	if n := waiting(); n > 50 {
		t.Errorf("%d wait", n)
	}
	r.mu.Lock()
	r.pretend = nil
	r.mu.Unlock()
	at := time.Now()
	r.screen("ann") // from the address of 200 of them
	f.Recovered(time.Since(at))
	for waiting() > 0 {
		if time.Since(began) > 10*handshake {
			t.Fatalf("%d wait for ever", waiting())
		}
		time.Sleep(time.Millisecond)
	}
	for _, c := range conns {
		_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
		if _, err := io.Copy(io.Discard, c); errors.Is(err, context.DeadlineExceeded) || isTimeout(err) {
			t.Fatal("a connection that says nothing stays")
		}
	}
	f.Noticed(time.Since(began))
	r.logged(`"msg":"refused"`, "too many connections that do not log in")
	// Nor does a login without a session keep a place.
	c := r.enter("bob")
	if err := c.Wait(); err == nil {
		t.Error("a connection without a session ends well")
	}
}

func isTimeout(err error) bool {
	n, is := errors.AsType[net.Error](err)
	return is && n.Timeout()
}

// Whatever one connection floods, it costs little memory, and another viewer's
// keys are answered.
func TestFault73Floods(t *testing.T) {
	openFault(t, 73)
	for name, flood := range map[string]func(c *client, s *shell) error{
		"channels": func(c *client, _ *shell) error {
			for range mostRefusals - 1 { // a client that is cut while it asks waits for ever
				if _, _, err := c.OpenChannel("session", nil); err == nil || !strings.Contains(err.Error(), "one session") {
					return fmt.Errorf("a second session: %w", err)
				}
			}
			return nil
		},
		"undecided channels": func(c *client, _ *shell) error {
			var all sync.WaitGroup
			errs := make([]error, mostRefusals-1)
			for i := range errs {
				all.Go(func() {
					if _, _, err := c.OpenChannel("x11", nil); err == nil || !strings.Contains(err.Error(), "prohibited") {
						errs[i] = fmt.Errorf("a tunnel: %w", err)
					}
				})
			}
			all.Wait()
			return errors.Join(errs...)
		},
		"global requests": func(c *client, _ *shell) error {
			for range 10_000 {
				if _, _, err := c.SendRequest("tcpip-forward", true, nil); err != nil {
					return err
				}
			}
			return nil
		},
		"variables": func(_ *client, s *shell) error {
			for i := range 5_000 {
				if _, err := s.SendRequest("env", true, gossh.Marshal(struct{ K, V string }{"LANG", fmt.Sprint(i)})); err != nil {
					return err
				}
			}
			return nil
		},
		"sizes": func(_ *client, s *shell) error {
			for i := range 5_000 {
				if err := s.WindowChange(20+i%100, 80); err != nil {
					return err
				}
			}
			return nil
		},
		"keys": func(_ *client, s *shell) error {
			_, err := s.in.Write(bytes.Repeat([]byte("k"), 64<<10)) // what the window takes
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, nil)
			good := r.screen("bob")
			c := r.enter("ann")
			s := c.session(100, 30, "")
			s.await("100x30")
			before := heap()
			done := make(chan error, 1)
			go func() { done <- flood(c, s) }()
			for i := range 20 { // the other goes on meanwhile
				key := string(rune('a' + i%16))
				at := time.Now()
				if _, err := good.in.Write([]byte(key)); err != nil {
					t.Fatal(err)
				}
				good.await("<" + key + ">")
				if took := time.Since(at); took > 2*time.Second {
					t.Errorf("a key of another one takes %v", took)
				}
			}
			select {
			case err := <-done:
				if cut := name == "global requests" || name == "variables"; cut && err == nil {
					t.Error("nobody is cut")
				} else if !cut && err != nil {
					t.Error(err)
				}
			case <-time.After(20 * time.Second):
				t.Fatal("the flood does not end")
			}
			if grown := int64(heap()) - int64(before); grown > 8<<20 {
				t.Errorf("%d KB more", grown>>10)
			}
		})
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// No size and no request is too large to be refused or bounded.
func TestFault74Sizes(t *testing.T) {
	openFault(t, 74)
	r := start(t, nil)
	for _, size := range [][2]uint32{{0, 0}, {4000, 4000}, {1 << 31, 1<<32 - 1}, {1, 1}} {
		c := r.enter("ann")
		session, err := c.NewSession()
		if err != nil {
			t.Fatal(err)
		}
		out := &shell{t: t}
		session.Stdout = out
		if _, err := session.StdinPipe(); err != nil {
			t.Fatal(err)
		}
		request := gossh.Marshal(struct {
			Term       string
			W, H, X, Y uint32
			Modes      string
		}{"xterm", size[0], size[1], 0, 0, "\x00"})
		if ok, err := session.SendRequest("pty-req", true, request); !ok || err != nil {
			t.Fatalf("%v: %v %v", size, ok, err)
		}
		if err := session.Shell(); err != nil {
			t.Fatal(err)
		}
		out.await(fmt.Sprintf("%dx%d", min(size[0], 1<<16), min(size[1], 1<<16))) // which ui bounds
		change := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, size[1]), size[0])
		if _, err := session.SendRequest("window-change", false, append(change, 0, 0, 0, 0, 0, 0, 0, 0)); err != nil {
			t.Fatal(err)
		}
		out.await(fmt.Sprintf("%dx%d", min(size[1], 1<<16), min(size[0], 1<<16)))
		_ = c.Close()
	}
	c := r.enter("ann")
	session, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", 40<<10)
	for request, payload := range map[string]any{
		"exec": struct{ C string }{"tail " + long}, "env": struct{ K, V string }{"TERM", long}, "subsystem": struct{ N string }{long},
		"pty-req": struct {
			T          string
			W, H, X, Y uint32
			M          string
		}{long, 1, 1, 1, 1, ""}, long: struct{ X uint32 }{},
	} {
		if ok, err := session.SendRequest(request, true, gossh.Marshal(payload)); ok || err != nil {
			t.Errorf("%.20s: %v %v", request, ok, err)
		}
	}
	if ok, err := session.SendRequest("window-change", true, []byte{1}); ok || err != nil {
		t.Errorf("half a size: %v %v", ok, err)
	}
}

// raw logs in and gives the connection below as well.
func (r *rig) raw(name string) (*client, net.Conn) {
	r.t.Helper()
	below, err := net.Dial("tcp", r.addr)
	if err != nil {
		r.t.Fatal(err)
	}
	frozen := servetest.NewStalling(below)
	c, channels, requests, err := gossh.NewClientConn(frozen, r.addr, r.config(servetest.Signer(r.t, name)))
	if err != nil {
		r.t.Fatal(err)
	}
	client := &client{gossh.NewClient(c, channels, requests), r}
	r.t.Cleanup(func() {
		_ = below.Close()
		_ = client.Close()
	})
	return client, frozen
}

// chatter is a screen that writes as fast as it is read, for the names given,
// and else what a screen writes; it counts the writes.
func chatter(writes func(name string), greedy string) func(context.Context, *Visit) error {
	return func(ctx context.Context, v *Visit) error {
		size := 300
		if v.Name == greedy {
			size = 64 << 10
		}
		for ctx.Err() == nil {
			if _, err := v.Out.Write(bytes.Repeat([]byte("x"), size)); err != nil {
				return err
			}
			writes(v.Name)
			select {
			case <-time.After(10 * time.Millisecond):
			case <-ctx.Done():
			}
		}
		return ctx.Err()
	}
}

// A viewer who stops reading is cut after a while, and costs the others nothing:
// with a terminal that is held, which still answers, and with a line that nobody
// reads.
func TestFault75StopsReading(t *testing.T) {
	f := openFault(t, 75)
	for name, silent := range map[string]bool{"held terminal": false, "stuck line": true} {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			writes := map[string]int{}
			r := start(t, func(o *Options) {
				o.Keepalive, o.Idle = 100*time.Millisecond, 500*time.Millisecond
				o.Screen = chatter(func(name string) {
					mu.Lock()
					writes[name]++
					mu.Unlock()
				}, "ann")
			})
			good := r.enter("bob").session(100, 30, "") // who is here all the while
			good.await("xxx")
			c, below := r.raw("ann")
			session, err := c.NewSession()
			if err != nil {
				t.Fatal(err)
			}
			if err := session.RequestPty("xterm", 30, 100, nil); err != nil {
				t.Fatal(err)
			}
			if silent {
				session.Stdout = io.Discard
			} else if _, err := session.StdoutPipe(); err != nil { // which nobody reads
				t.Fatal(err)
			}
			if err := session.Shell(); err != nil {
				t.Fatal(err)
			}
			if silent {
				below.(*servetest.Stalling).Stall()
			}
			written := func() int {
				mu.Lock()
				defer mu.Unlock()
				return writes["bob"]
			}
			began, before := time.Now(), written()
			r.logged(`"msg":"left"`, `"name":"ann"`)
			took := time.Since(began)
			f.Noticed(took)
			n, least := written()-before, int(took/(10*time.Millisecond))/4 // on a busy machine, too
			if n < least {
				t.Errorf("another one had %d writes in %v, want %d", n, took, least)
			}
			if here := r.server.Here(); len(here) != 1 || here[0].Name != "bob" {
				t.Errorf("here are %+v", here)
			}
			want := "did not read any more"
			if silent {
				want = "" // or nobody answers, whichever shows first
			}
			r.logged(`"msg":"left"`, `"name":"ann"`, want)
		})
	}
}

// A line that is cut without a word frees what its viewer had.
func TestFault76CutLine(t *testing.T) {
	f := openFault(t, 76)
	r := start(t, func(o *Options) { o.Keepalive = 100 * time.Millisecond })
	c, below := r.raw("ann")
	s := c.session(100, 30, "")
	s.await("100x30")
	below.(*servetest.Stalling).Stall() // nothing arrives, and nothing closes it
	began := time.Now()
	r.logged(`"msg":"left"`, `"name":"ann"`, "nobody answered any more")
	f.Noticed(time.Since(began))
	if n := len(r.server.Here()); n != 0 {
		t.Errorf("%d are here", n)
	}
}

// A panic of one viewer's screen ends that one's session.
func TestFault77Panic(t *testing.T) {
	openFault(t, 77)
	r := start(t, func(o *Options) {
		o.Tail = func(context.Context, *Visit, []string) int { panic("in tail") }
	})
	ann, bob := r.screen("ann"), r.screen("bob")
	if _, err := ann.in.Write([]byte("!")); err != nil {
		t.Fatal(err)
	}
	if code := ann.code(); code != 1 || !strings.Contains(ann.text(), "internal error in the viewer's screen") || strings.Contains(ann.text(), "goroutine") {
		t.Errorf("%d %q", code, ann.text())
	}
	r.logged(`"msg":"broke"`, "the screen of ann", "goroutine")
	if s := r.enter("ann").session(0, 0, "tail"); s.code() != 1 || !strings.Contains(s.text(), "internal error") {
		t.Errorf("%q", s.text())
	}
	if _, err := bob.in.Write([]byte("z")); err != nil {
		t.Fatal(err)
	}
	bob.await("<z>")
}

// What a client says of itself reaches neither screen nor log as it stands.
func TestFault78Escapes(t *testing.T) {
	openFault(t, 78)
	const evil = "\x1b]0;owned\x07\x1b[2J\u202e\u009b31m"
	r := start(t, nil)
	config := r.config(servetest.Signer(t, "ann"))
	config.User = evil
	conn, err := gossh.Dial("tcp", r.addr, config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	session, err := conn.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	out := &shell{t: t}
	session.Stdout, session.Stderr = out, out
	if err := session.Setenv("LANG", evil); err != nil {
		t.Fatal(err)
	}
	if err := session.RequestPty(evil, 30, 100, nil); err != nil {
		t.Fatal(err)
	}
	if err := session.Start(evil); err != nil {
		t.Fatal(err)
	}
	out.await("only tail")
	r.logged(`"msg":"came"`, "owned")
	config = r.config(servetest.Signer(t, "eve"))
	config.User = evil
	if c, err := gossh.Dial("tcp", r.addr, config); err == nil {
		_ = c.Close()
		t.Error("eve gets in")
	}
	r.logged(`"msg":"refused"`, "owned")
	for _, text := range []string{out.text(), r.log.all()} {
		if strings.ContainsAny(text, "\x1b\x07\u202e\u009b") || strings.Contains(text, `\u001b`) {
			t.Errorf("escapes: %q", text)
		}
	}
}

// The server's end is told to each viewer, and takes no longer than a moment.
func TestFault80ServerEnds(t *testing.T) {
	f := openFault(t, 80)
	var lines []string
	for i := range 50 {
		lines = append(lines, servetest.Line(t, fmt.Sprintf("v%d", i), ""))
	}
	r := start(t, nil, lines...)
	var all []*shell
	for i := range 50 {
		all = append(all, r.screen(fmt.Sprintf("v%d", i)))
	}
	began := time.Now()
	r.stop()
	f.Noticed(time.Since(began))
	for _, s := range all {
		if code := s.code(); code != 1 || !strings.Contains(s.text(), "the server ends") {
			t.Errorf("%d %q", code, s.text())
		}
	}
	if _, err := r.dial("v1"); err == nil {
		t.Error("somebody gets in")
	}
}

// A server may end before it began to serve.
func TestEndsAtOnce(t *testing.T) {
	for range 20 {
		start(t, nil).stop()
	}
}
