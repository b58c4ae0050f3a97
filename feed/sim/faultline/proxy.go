package faultline

import (
	"fmt"
	"net"
)

// Proxy listens on a free port of the loopback and passes to a server over its
// line.
type Proxy struct {
	*Line
	listener net.Listener
}

// Listen starts a proxy to target. Close ends it.
func Listen(target string) (*Proxy, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the proxy: %w", err)
	}
	p := &Proxy{Line: New(), listener: listener}
	p.group.Go(func() { p.accept(target) })
	return p, nil
}

// Addr is where to connect to.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

func (p *Proxy) accept(target string) {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", target)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.Join(client, server)
	}
}

// Close ends the proxy and all it passes.
func (p *Proxy) Close() {
	_ = p.listener.Close()
	p.Line.Close()
}
