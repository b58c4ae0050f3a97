// Package faultline is a network that fails on purpose: it passes TCP on, late,
// slowly, in slices, or not at all, and cuts or resets what it passes. It works
// on any net.Conn, so that it runs under a virtual clock too.
package faultline

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// Faults are what a line does to what it passes. The zero value does nothing.
type Faults struct {
	Latency   time.Duration // each way
	Jitter    time.Duration // up to so much more
	Bandwidth int           // bytes a second towards the client; 0: no bound
	Slice     int           // bytes written at a time towards the client; 0: as they come
	Hole      bool          // swallows all, both ways, an end included
	Limit     int64         // bytes towards the client after which the line is cut; 0: none
}

// Line passes connections. Its faults may be changed at any time; what it has
// swallowed stays lost.
type Line struct {
	mu       sync.Mutex
	faults   Faults
	conns    map[net.Conn]struct{}
	upgrades int
	passed   int64
	closed   chan struct{}
	group    sync.WaitGroup
}

// New returns a line without faults.
func New() *Line { return &Line{conns: map[net.Conn]struct{}{}, closed: make(chan struct{})} }

// Set changes what is wrong with the line from now on.
func (l *Line) Set(f Faults) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.faults = f
}

// Upgrades counts the WebSockets asked for so far.
func (l *Line) Upgrades() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.upgrades
}

// Passed counts the bytes that reached clients so far.
func (l *Line) Passed() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.passed
}

// Join passes bytes between a client and a server until either ends, and then
// ends both. It does not wait.
func (l *Line) Join(client, server net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-l.closed:
		_ = client.Close()
		_ = server.Close()
		return
	default:
	}
	l.conns[client], l.conns[server] = struct{}{}, struct{}{}
	l.group.Go(func() { l.pass(server, client, false) })
	l.group.Go(func() { l.pass(client, server, true) })
}

// Reset ends every connection by a reset where it can (TCP), not by an end of
// the stream.
func (l *Line) Reset() { l.end(true) }

// Cut ends every connection by an end of the stream.
func (l *Line) Cut() { l.end(false) }

func (l *Line) end(reset bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.conns {
		if tcp, ok := c.(*net.TCPConn); ok && reset {
			_ = tcp.SetLinger(0)
		}
		_ = c.Close()
	}
}

// Close ends all and waits for it.
func (l *Line) Close() {
	l.mu.Lock()
	select {
	case <-l.closed:
	default:
		close(l.closed)
	}
	l.mu.Unlock()
	l.end(false)
	l.group.Wait()
}

func (l *Line) now() Faults {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.faults
}

// chunk is what was read together, and when it is due at the other end.
type chunk struct {
	data []byte
	due  time.Time
}

const pipeline = 64 // chunks on their way

// pass copies one direction. Reading and writing are apart, so that latency
// does not cost bandwidth.
func (l *Line) pass(to, from net.Conn, down bool) {
	way := make(chan chunk, pipeline)
	ended := make(chan struct{})
	l.group.Go(func() {
		defer close(ended)
		l.deliver(to, way, down)
		if l.now().Hole { // nobody is told of the end
			<-l.closed
		}
		_ = to.Close()
		_ = from.Close() // the reading ends with it
		l.mu.Lock()
		delete(l.conns, to)
		delete(l.conns, from)
		l.mu.Unlock()
	})
	l.collect(from, way, ended, down)
	close(way)
	<-ended
}

func (l *Line) collect(from net.Conn, way chan<- chunk, ended <-chan struct{}, down bool) {
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			f := l.now()
			if !down && bytes.Contains(buf[:n], []byte("Upgrade: websocket")) {
				l.mu.Lock()
				l.upgrades++
				l.mu.Unlock()
			}
			due := time.Now().Add(f.Latency)
			if f.Jitter > 0 {
				due = due.Add(rand.N(f.Jitter))
			}
			if !f.Hole {
				select {
				case way <- chunk{append([]byte(nil), buf[:n]...), due}:
				case <-ended:
					return
				}
			}
		}
		if err != nil {
			return
		}
	}
}

func (l *Line) deliver(to io.Writer, way <-chan chunk, down bool) {
	var sent int64
	for c := range way {
		if !l.sleep(time.Until(c.due)) {
			return
		}
		for len(c.data) > 0 {
			f := l.now()
			n := len(c.data)
			if f.Hole {
				break
			}
			if down && f.Bandwidth > 0 {
				n = min(n, max(f.Bandwidth/20, 1))
			}
			if down && f.Slice > 0 {
				n = min(n, f.Slice)
			}
			if down && f.Limit > 0 {
				if n = min(n, int(f.Limit-sent)); n <= 0 {
					return
				}
			}
			if _, err := to.Write(c.data[:n]); err != nil {
				return
			}
			c.data = c.data[n:]
			if !down {
				continue
			}
			sent += int64(n)
			l.mu.Lock()
			l.passed += int64(n)
			l.mu.Unlock()
			if f.Bandwidth > 0 && !l.sleep(time.Duration(n)*time.Second/time.Duration(f.Bandwidth)) {
				return
			}
		}
	}
}

// sleep waits, and says no when the line was closed meanwhile.
func (l *Line) sleep(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	select {
	case <-time.After(d):
		return true
	case <-l.closed:
		return false
	}
}
