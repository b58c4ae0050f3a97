//go:build unix

package main

import (
	"bytes"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// proxy passes TCP on to a server, so that a test can cut connections and count
// the WebSockets among them.
type proxy struct {
	listener net.Listener
	target   string
	upgrades atomic.Int64 // WebSockets asked for so far
	passed   atomic.Int64 // bytes from the server

	mu    sync.Mutex
	conns map[net.Conn]struct{}
	group sync.WaitGroup
}

func startProxy(t testing.TB, target string) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: listener, target: target, conns: make(map[net.Conn]struct{})}
	p.group.Go(p.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		p.cut()
		p.group.Wait()
	})
	return p
}

// flags point a client at the proxy.
func (p *proxy) flags(args ...string) []string {
	address := p.listener.Addr().String()
	return append([]string{"--ws-url", "ws://" + address, "--rest-url", "http://" + address}, args...)
}

func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.target)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		p.conns[client], p.conns[server] = struct{}{}, struct{}{}
		p.mu.Unlock()
		p.group.Go(func() { p.pass(server, io.TeeReader(client, upgradeCounter{p}), client) })
		p.group.Go(func() { p.pass(client, io.TeeReader(server, byteCounter{p}), server) })
	}
}

// pass copies one direction until it ends, then ends both.
func (p *proxy) pass(to net.Conn, from io.Reader, source net.Conn) {
	_, _ = io.Copy(to, from)
	_ = to.Close()
	_ = source.Close()
	p.mu.Lock()
	delete(p.conns, to)
	delete(p.conns, source)
	p.mu.Unlock()
}

// cut resets every connection, as a failing network does.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = c.Close()
	}
}

// awaitUpgrades waits until n WebSockets were asked for, and the last of them
// has had time to bring something.
func (p *proxy) awaitUpgrades(t testing.TB, n int64) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for p.upgrades.Load() < n {
		if time.Now().After(deadline) {
			t.Errorf("%d of %d WebSockets", p.upgrades.Load(), n)
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	from := p.passed.Load()
	for p.passed.Load() < from+100_000 && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
}

// upgradeCounter looks at what clients send for requests to upgrade.
type upgradeCounter struct{ p *proxy }

func (u upgradeCounter) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte("Upgrade: websocket")) {
		u.p.upgrades.Add(1)
	}
	return len(b), nil
}

// byteCounter counts what servers send.
type byteCounter struct{ p *proxy }

func (b byteCounter) Write(data []byte) (int, error) {
	b.p.passed.Add(int64(len(data)))
	return len(data), nil
}
