// Package servetest makes up who looks over ssh, for the tests of those who serve
// them.
package servetest

import (
	"crypto/ed25519"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"

	gossh "golang.org/x/crypto/ssh"
)

// Signer is a key; the same name gives the same one.
func Signer(t testing.TB, name string) gossh.Signer {
	t.Helper()
	seed := make([]byte, ed25519.SeedSize)
	copy(seed, name)
	s, err := gossh.NewSignerFromSigner(ed25519.NewKeyFromSeed(seed))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Line is a line of the viewers file for a key of a name, with more options such
// as ",role=operator".
func Line(t testing.TB, name, options string) string {
	t.Helper()
	return fmt.Sprintf("name=%q%s %s", name, options, gossh.MarshalAuthorizedKey(Signer(t, name).PublicKey()))
}

// Stalling is a connection that reads nothing once it was told to, and stays open.
type Stalling struct {
	net.Conn
	mu      sync.Mutex
	stalled bool
	closed  chan struct{}
}

// NewStalling returns one that reads as yet.
func NewStalling(c net.Conn) *Stalling { return &Stalling{Conn: c, closed: make(chan struct{})} }

// Stall has it read nothing more.
func (s *Stalling) Stall() {
	s.mu.Lock()
	s.stalled = true
	s.mu.Unlock()
}

// Read reads, or waits until it is closed.
func (s *Stalling) Read(b []byte) (int, error) {
	n, err := s.Conn.Read(b)
	s.mu.Lock()
	stalled := s.stalled
	s.mu.Unlock()
	if stalled && err == nil {
		<-s.closed
		return 0, io.EOF
	}
	return n, err
}

// Close ends what waits.
func (s *Stalling) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.closed:
	default:
		close(s.closed)
	}
	return s.Conn.Close()
}
