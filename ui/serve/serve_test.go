package serve

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"optflow/ui/serve/servetest"
)

// A screen over ssh has its size, its changes, its keys, and ends by itself.
func TestScreen(t *testing.T) {
	r := start(t, nil)
	s := r.enter("ann").session(100, 30, "")
	s.await("ann [TERM=xterm-256color] 100x30")
	if !strings.HasPrefix(s.text(), "optflow: a simulated market: the data is nobody's\r\n") {
		t.Errorf("the first line: %q", s.text())
	}
	if err := s.WindowChange(50, 200); err != nil {
		t.Fatal(err)
	}
	s.await("200x50")
	if _, err := s.in.Write([]byte("xq")); err != nil {
		t.Fatal(err)
	}
	s.await("<x>")
	if code := s.code(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	r.logged(`"msg":"came"`, `"name":"ann"`, `"key":"SHA256:`, `"from":"127.0.0.1"`, `"wants":"screen"`)
	r.logged(`"msg":"left"`, `"name":"ann"`, `"why":"left"`)
}

// Lines come for tail, and a sentence with exit code 2 for all else.
func TestCommands(t *testing.T) {
	r := start(t, nil)
	s := r.enter("ann").session(0, 0, "tail --format json --filter 'spy puts'")
	s.await(`["--format" "json" "--filter" "spy puts"]` + "\n")
	s = r.enter("ann").session(100, 30, "tail")
	s.await("[]\r\n")
	if _, err := s.in.Write([]byte{3}); err != nil {
		t.Fatal(err)
	}
	if code := s.code(); code != 0 {
		t.Errorf("ctrl+c at a terminal: %d", code)
	}
	for command, says := range map[string]string{
		"ls": "only tail is carried out here", "tail; ls'": "only tail", "/bin/sh -c tail": "only tail", "scp -t x": "only tail", "": "a screen needs a terminal",
	} {
		s := r.enter("bob").session(0, 0, command)
		if code := s.code(); code != 2 || !strings.Contains(s.text(), says) {
			t.Errorf("%q: exit code %d, %q", command, code, s.text())
		}
	}
	c := r.enter("bob")
	session, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	said, err := session.StderrPipe()
	if err == nil {
		err = session.RequestSubsystem("sftp")
	}
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(said); err != nil || !strings.Contains(string(text), "there is no sftp here") {
		t.Errorf("%q %v", text, err)
	}
}

// Tunnels, agents and X11 are refused, and what is in the environment does not
// pass.
func TestNothingElse(t *testing.T) {
	r := start(t, nil)
	c := r.enter("ann")
	if _, err := c.Dial("tcp", r.addr); err == nil || !strings.Contains(err.Error(), "administratively prohibited") {
		t.Errorf("a tunnel: %v", err)
	}
	if _, err := c.Listen("tcp", "127.0.0.1:0"); err == nil {
		t.Error("a port is listened to")
	}
	session, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	for _, request := range []string{"auth-agent-req@openssh.com", "x11-req", "break", "xon-xoff"} {
		if ok, err := session.SendRequest(request, true, []byte{0, 0, 0, 0}); ok || err != nil {
			t.Errorf("%s: %v %v", request, ok, err)
		}
	}
	for name, want := range map[string]bool{"COLORTERM": true, "LANG": true, "LD_PRELOAD": false, "HOME": false, "TERMINFO": false, "": false} {
		if err := session.Setenv(name, "x"); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := session.Setenv("LANG", strings.Repeat("x", wordMost+1)); err == nil {
		t.Error("a long value passes")
	}
	out := &shell{t: t}
	session.Stdout = out
	if _, err := session.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := session.RequestPty("vt100", 30, 100, nil); err != nil {
		t.Fatal(err)
	}
	if err := session.Shell(); err != nil {
		t.Fatal(err)
	}
	out.await("100x30")
	if text := out.text(); !strings.Contains(text, "ann [TERM=vt100 ") || strings.Contains(text, "HOME") || strings.Contains(text, "TERMINFO") {
		t.Errorf("%q", text)
	}
}

// A key that is only offered says nothing of who somebody is.
func TestFault71OfferedKey(t *testing.T) {
	openFault(t, 71)
	r := start(t, nil)
	// The owner's key is offered and is another's to sign with.
	for _, names := range [][]string{{"olaf", "ann"}, {"ann", "ann"}} {
		claimed := forged{servetest.Signer(t, names[0]), servetest.Signer(t, names[1])}
		c, err := gossh.Dial("tcp", r.addr, r.config(claimed, servetest.Signer(t, "bob")))
		if names[0] != names[1] {
			if err == nil {
				_ = c.Close()
				t.Fatal("a forged signature gets in")
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		_ = c.Close()
	}
	// Whoever offers the owner's key and then signs with another is that other.
	c, err := gossh.Dial("tcp", r.addr, &gossh.ClientConfig{
		User: "olaf", Timeout: 5 * time.Second, HostKeyCallback: gossh.InsecureIgnoreHostKey(),
		Auth: []gossh.AuthMethod{gossh.PublicKeysCallback(func() ([]gossh.Signer, error) {
			return []gossh.Signer{unwilling{servetest.Signer(t, "olaf")}, servetest.Signer(t, "bob")}, nil
		})},
	})
	if err != nil {
		t.Log("denied:", err) // which is as good
		return
	}
	defer c.Close()
	s := (&client{c, r}).session(100, 30, "")
	s.await("bob [")
}

// forged shows one key and signs with another.
type forged struct {
	gossh.Signer
	with gossh.Signer
}

func (f forged) Sign(r reader, data []byte) (*gossh.Signature, error) { return f.with.Sign(r, data) }

// unwilling offers a key and does not sign.
type unwilling struct{ gossh.Signer }

func (unwilling) Sign(reader, []byte) (*gossh.Signature, error) { return nil, errors.New("no") }

// Strangers, weak algorithms, passwords and many tries are refused and logged.
func TestFault81Strangers(t *testing.T) {
	openFault(t, 81)
	r := start(t, nil, servetest.Line(t, "old", `,expiry-time="20200101"`), servetest.Line(t, "far", `,from="192.0.2.0/24"`))
	try := func(what string, change func(*gossh.ClientConfig), names ...string) {
		t.Helper()
		var keys []gossh.Signer
		for _, n := range names {
			keys = append(keys, servetest.Signer(t, n))
		}
		config := r.config(keys...)
		if change != nil {
			change(config)
		}
		if c, err := gossh.Dial("tcp", r.addr, config); err == nil {
			_ = c.Close()
			t.Errorf("%s gets in", what)
		}
	}
	try("a stranger", nil, "eve")
	r.logged(`"msg":"refused"`, gossh.FingerprintSHA256(servetest.Signer(t, "eve").PublicKey()), "not in the viewers file", `"user":"me"`)
	try("an expired key", nil, "old")
	r.logged(`"msg":"refused"`, "the key expired at 2020-01-01")
	try("a key from elsewhere", nil, "far")
	r.logged(`"msg":"refused"`, "may not be used from 127.0.0.1")
	try("three strangers before a viewer", nil, "eve", "mallory", "trudy", "ann")
	r.logged(gossh.FingerprintSHA256(servetest.Signer(t, "trudy").PublicKey()))
	try("a password", func(c *gossh.ClientConfig) {
		c.Auth = []gossh.AuthMethod{gossh.Password("ann"), gossh.KeyboardInteractive(func(string, string, []string, []bool) ([]string, error) { return nil, nil })}
	})
	try("nothing", func(c *gossh.ClientConfig) { c.Auth = nil })
	weak := gossh.InsecureAlgorithms()
	for what, change := range map[string]func(*gossh.ClientConfig){
		"an old exchange": func(c *gossh.ClientConfig) { c.KeyExchanges = append(weak.KeyExchanges, "ecdh-sha2-nistp256") },
		"an old cipher":   func(c *gossh.ClientConfig) { c.Ciphers = append(weak.Ciphers, "aes128-ctr") },
		"an old host key": func(c *gossh.ClientConfig) { c.HostKeyAlgorithms = []string{"ssh-rsa", "ecdsa-sha2-nistp256"} },
	} {
		try(what, change, "ann")
	}
	r.enter("eve", "mallory", "ann") // the third try may be right
	r.mu.Lock()
	r.pretend = func(a2 netAddr) netAddr { return ip("192.0.2.7") }
	r.mu.Unlock()
	r.enter("far")
	if text := r.log.all(); strings.Contains(text, `"name":"eve"`) || strings.Count(text, `"msg":"refused"`) < 8 {
		t.Errorf("the log:\n%s", text)
	}
}

// A flood of refusals leaves what was logged before.
func TestRefusalsAreBounded(t *testing.T) {
	log := &journal{}
	a := newAudit(logger(log))
	for i := range 1000 {
		a.refused(&link{why: fmt.Sprint(i)})
	}
	a.minute = a.minute.Add(-2 * time.Minute)
	a.refused(&link{why: "the next minute"})
	if n := len(log.lines); n != refusalsAMinute+2 || !strings.Contains(log.all(), `"more":970`) || !strings.Contains(log.all(), "the next minute") {
		t.Errorf("%d lines:\n%s", n, log.all())
	}
}

// Who is here can be asked and ended by the server's user.
func TestFault82NoLonger(t *testing.T) {
	f := openFault(t, 82)
	r := start(t, func(o *Options) { o.Keepalive = 50 * time.Millisecond })
	ann, bob := r.screen("ann"), r.screen("bob")
	here := r.server.Here()
	if len(here) != 2 || here[0].Name != "ann" || here[1].Name != "bob" || here[0].Sent == 0 || here[0].Wants != "screen" || here[0].Role != "viewer" || here[0].From != "127.0.0.1" {
		t.Fatalf("here are %+v", here)
	}
	if n := r.server.Kick("ann"); n != 1 {
		t.Errorf("%d kicked", n)
	}
	if code := ann.code(); code != 1 || !strings.Contains(ann.text(), "you were asked to leave") {
		t.Errorf("%d %q", code, ann.text())
	}
	if n := r.server.Kick("nobody"); n != 0 || len(r.server.Here()) != 1 {
		t.Errorf("%d kicked, here are %+v", n, r.server.Here())
	}
	began := time.Now()
	r.file(servetest.Line(t, "olaf", ",role=owner"))
	if code := bob.code(); code != 1 || !strings.Contains(bob.text(), "the viewers file has changed") {
		t.Errorf("%d %q", code, bob.text())
	}
	f.Noticed(time.Since(began))
	r.logged(`"msg":"left"`, `"name":"bob"`, "the viewers file has changed")
}

// told hears of each line of the audit log as it is written.
type told func(line string)

func (f told) Write(b []byte) (int, error) {
	f(string(b))
	return len(b), nil
}

// Who has left is not here any more once the log says so.
func TestLeftIsNotHere(t *testing.T) {
	var r *rig
	here := make(chan int, 1)
	r = start(t, func(o *Options) {
		o.Audit = logger(told(func(line string) {
			if strings.Contains(line, `"msg":"left"`) {
				here <- len(r.server.Here())
			}
		}))
	})
	ann := r.screen("ann")
	if _, err := ann.in.Write([]byte("q")); err != nil {
		t.Fatal(err)
	}
	if n := <-here; n != 0 {
		t.Errorf("%d are here", n)
	}
}

// Without an agreement only the owner sees data that is somebody's.
func TestLicence(t *testing.T) {
	for _, c := range []struct {
		others int
		free   bool
		name   string
		says   string
		in     bool
	}{
		{0, false, "olaf", "the data is licensed to olaf alone", true},
		{0, false, "ann", "the data is licensed to olaf alone", false},
		{0, true, "ann", "a simulated market", true},
		{1, false, "ann", "licensed to olaf, and shown to you by agreement", true},
		{1, false, "bob", "to the first 1 others", false},
		{2, false, "bob", "shown to you by agreement", true},
		{2, false, "oprah", "to the first 2 others", false},
	} {
		r := start(t, func(o *Options) {
			o.Licence.Free, o.Licence.Others = func() bool { return c.free }, c.others
			o.Keepalive = 50 * time.Millisecond
		})
		s := r.enter(c.name).session(100, 30, "")
		s.await(c.says)
		if !c.in {
			if code := s.code(); code != 1 {
				t.Errorf("%+v: exit code %d", c, code)
			}
			r.logged(`"msg":"sent away"`, c.name)
			continue
		}
		s.await("100x30")
		if _, err := s.in.Write([]byte("q")); err != nil || s.code() != 0 {
			t.Errorf("%+v: %v %q", c, err, s.text())
		}
	}
}
