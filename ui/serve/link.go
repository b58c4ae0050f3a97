package serve

import (
	"cmp"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"charm.land/ssh"

	"optflow/model/crash"
)

// What a connection may send: far more than a person types, far less than costs.
const (
	linkRate  = 64 << 10 // bytes a second
	linkBurst = 512 << 10
)

// link is one connection, from its first byte on.
type link struct {
	net.Conn
	s     *Server
	addr  netip.Addr
	group netip.Prefix
	began time.Time
	in    bucket

	sent, taken atomic.Int64
	refusals    atomic.Int32 // of channels and requests
	closed      chan struct{}
	once        sync.Once

	mu       sync.Mutex
	loggedIn bool
	visited  bool // a session was opened
	user     string
	tried    []string // fingerprints
	why      string   // it was refused, or cut
}

type linkKey struct{}

// linkOf is the connection that a context of the library belongs to.
func linkOf(ctx ssh.Context) *link { return ctx.Value(linkKey{}).(*link) }

// gated is a listener whose connections pass the gate in the order in which they
// come.
type gated struct {
	net.Listener
	s *Server
}

func (g gated) Accept() (net.Conn, error) {
	c, err := g.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l := &link{Conn: c, s: g.s, began: time.Now(), in: newBucket(linkRate, linkBurst), closed: make(chan struct{})}
	if at, err := netip.ParseAddrPort(c.RemoteAddr().String()); err == nil {
		l.addr = at.Addr().Unmap().WithZone("")
		l.group = groupOf(l.addr)
	}
	g.s.gate.enter(l)
	return l, nil
}

// accept tells the library's context whose it is.
func accept(ctx ssh.Context, c net.Conn) net.Conn {
	ctx.SetValue(linkKey{}, c)
	return c
}

// Read reads no faster than a connection may send.
func (l *link) Read(b []byte) (int, error) {
	if wait := l.in.wait(); wait > 0 {
		select {
		case <-time.After(wait):
		case <-l.closed:
			return 0, net.ErrClosed
		}
	}
	n, err := l.Conn.Read(b)
	l.in.take(n)
	l.taken.Add(int64(n))
	return n, err
}

func (l *link) Write(b []byte) (int, error) {
	n, err := l.Conn.Write(b)
	l.sent.Add(int64(n))
	return n, err
}

// Close closes it once, and notes those who never logged in.
func (l *link) Close() error {
	err := l.Conn.Close()
	l.once.Do(func() {
		close(l.closed)
		l.s.gate.leave(l)
		l.mu.Lock()
		defer l.mu.Unlock()
		if !l.loggedIn {
			l.s.audit.refused(l)
		}
	})
	return err
}

// drop cuts the connection, and says why in the log.
func (l *link) drop(why string) {
	l.mu.Lock()
	l.why = cmp.Or(l.why, why)
	l.mu.Unlock()
	_ = l.Close()
}

// enter notes that the login is done. Whoever then opens no session holds a place
// for nothing.
func (l *link) enter() {
	l.mu.Lock()
	l.loggedIn = true
	l.mu.Unlock()
	l.s.gate.leave(l)
	time.AfterFunc(l.s.o.Handshake, crash.Guarded("ssh connection", func() {
		l.mu.Lock()
		idle := !l.visited
		l.mu.Unlock()
		if idle {
			_ = l.Close()
		}
	}))
}

// open takes the one session that a connection may have.
func (l *link) open() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	first := !l.visited
	l.visited = true
	return first
}

// mostRefusals is after how many refused channels and requests a connection is
// cut: nobody asks so often in good faith.
const mostRefusals = 200

// refuse counts what was refused.
func (l *link) refuse() {
	if l.refusals.Add(1) == mostRefusals {
		l.drop("asks again and again for what there is not")
	}
}

// bucket lets a number of bytes a second pass, more at once after a pause. One
// goroutine takes from it.
type bucket struct {
	rate, most, left float64
	at               time.Time
}

func newBucket(rate, burst float64) bucket { return bucket{rate: rate, most: burst, left: burst} }

func (b *bucket) take(n int) { b.left -= float64(n) }

// wait is how long to wait before more may be taken.
func (b *bucket) wait() time.Duration {
	now := time.Now()
	if !b.at.IsZero() {
		b.left = min(b.left+now.Sub(b.at).Seconds()*b.rate, b.most)
	}
	b.at = now
	if b.left >= 0 {
		return 0
	}
	return time.Duration(-b.left / b.rate * float64(time.Second))
}
