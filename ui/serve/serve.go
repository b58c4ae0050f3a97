// Package serve lets others look over ssh: each viewer has a screen, or lines,
// of one market that runs in this process.
//
// It promises that a viewer costs, slows and breaks nobody else: what comes in
// is bounded before it is read, whoever stops reading is cut, a panic ends the
// session that it was in, and nobody enters without a key of the viewers file.
// Who somebody is follows from the key that signed the login and from nothing
// that was said before (CVE-2024-45337). All that a viewer is shown is made by
// Options.Screen and Options.Tail. charm.land/ssh is used here and nowhere else.
package serve

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"

	"optflow/config/viewers"
	"optflow/model/crash"
)

// Options set a server up. HostKey, Viewers, Screen and Tail are required.
type Options struct {
	HostKey gossh.Signer
	Viewers func() *viewers.List // as the file stands now
	Licence Licence
	// Screen shows a screen until the viewer quits or ctx ends, and gives the
	// terminal back. Its error ends the visit, with a sentence.
	Screen func(ctx context.Context, v *Visit) error
	// Tail carries out `ssh HOST tail args…` and returns its exit code.
	Tail func(ctx context.Context, v *Visit, args []string) int
	// Room says why there is no room for one more screen beside those that are
	// here, nil where there is.
	Room  func(here int) error
	Audit *slog.Logger // who came and went; nil: nowhere
	Limits
}

// Server serves viewers on one listener.
type Server struct {
	o      Options
	audit  *audit
	gate   *gate
	roster roster
	ssh    *ssh.Server

	visits sync.WaitGroup
	mu     sync.Mutex
	ending bool
}

// New makes a server. It listens to nothing yet.
func New(o Options) *Server {
	o.Limits = o.usual()
	s := &Server{o: o, audit: newAudit(o.Audit)}
	s.gate = &gate{perAddress: o.WaitingPerAddress, inAll: o.Waiting}
	s.ssh = &ssh.Server{
		Version:              "optflow",
		HostSigners:          []ssh.Signer{o.HostKey},
		Handler:              s.visit,
		PublicKeyHandler:     s.knows,
		PtyCallback:          func(_ ssh.Context, p ssh.Pty) bool { return len(p.Term) <= wordMost },
		ConnCallback:         accept,
		ServerConfigCallback: s.config,
		HandshakeTimeout:     o.Handshake,
		IdleTimeout:          o.Idle,
		MaxTimeout:           o.Longest,
		ChannelHandlers:      map[string]ssh.ChannelHandler{"session": s.session, "default": s.refuseChannel},
		RequestHandlers:      map[string]ssh.RequestHandler{"default": s.refuseRequest},
		SubsystemHandlers:    map[string]ssh.SubsystemHandler{"default": s.visit},
	}
	return s
}

// errEnds is why a visit ends when the server does.
var errEnds = errors.New("the server ends")

// Run serves until ctx ends. Then everybody is told, and has a moment to be
// gone.
func (s *Server) Run(ctx context.Context, l net.Listener) error {
	served := make(chan error, 1)
	crash.Go("ssh server", func() { served <- s.ssh.Serve(gated{l, s}) })
	var err error
	select {
	case <-ctx.Done():
	case err = <-served:
	}
	s.mu.Lock()
	s.ending = true
	s.mu.Unlock()
	_ = l.Close() // nobody new
	if err == nil {
		err = <-served // before Shutdown, which must not meet a Serve that only begins
	}
	s.roster.endAll(errEnds)
	gone := make(chan struct{})
	crash.Go("ssh server", func() {
		s.visits.Wait()
		close(gone)
	})
	select {
	case <-gone:
	case <-time.After(s.o.Goodbye):
	}
	closing, cancel := context.WithTimeout(context.Background(), s.o.Goodbye/4)
	defer cancel()
	_ = s.ssh.Shutdown(closing) // so that they hang up, who have read to the end
	_ = s.ssh.Close()
	s.gate.closeAll()
	if errors.Is(err, ssh.ErrServerClosed) || errors.Is(err, net.ErrClosed) {
		err = nil
	}
	return err
}

// begin counts a visit in, unless the server ends.
func (s *Server) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ending {
		s.visits.Add(1)
	}
	return !s.ending
}

// Limits bound what viewers cost. Zero fields are the usual ones.
type Limits struct {
	Handshake time.Duration // from the connection to the login
	Idle      time.Duration // without a byte on its way, or with one that does not get away
	Longest   time.Duration // of a connection
	Untouched time.Duration // without a key pressed
	Keepalive time.Duration // between two questions whether somebody is there
	Deaf      int           // questions without an answer after which nobody is
	Goodbye   time.Duration // for a last sentence

	Tries             int // of keys in a connection
	Waiting           int // connections that have not logged in
	WaitingPerAddress int
	Here              int // visits at a time
	HerePerName       int
	// Typed is how many bytes a second are read of what a viewer types: a held key
	// repeats 60 times a second.
	Typed int
}

// usual fills in what is not given.
func (l Limits) usual() Limits {
	l.Handshake = cmp.Or(l.Handshake, 10*time.Second)
	l.Idle = cmp.Or(l.Idle, 65*time.Second)
	l.Longest = cmp.Or(l.Longest, 24*time.Hour)
	l.Untouched = cmp.Or(l.Untouched, 8*time.Hour)
	l.Keepalive = cmp.Or(l.Keepalive, 15*time.Second)
	l.Goodbye = cmp.Or(l.Goodbye, time.Second)
	l.Deaf = cmp.Or(l.Deaf, 3)
	l.Tries = cmp.Or(l.Tries, 3)
	l.Waiting = cmp.Or(l.Waiting, 50)
	l.WaitingPerAddress = cmp.Or(l.WaitingPerAddress, 5)
	l.Here = cmp.Or(l.Here, 200)
	l.HerePerName = cmp.Or(l.HerePerName, 5)
	l.Typed = cmp.Or(l.Typed, 1<<10)
	return l
}
