package cli

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"time"

	"optflow/config"
	"optflow/feed/sim"
	"optflow/feed/sim/exchange"
)

// builtin is the simulated market in this process. The feed reaches it over
// loopback like any other server, with a key made up for this run.
type builtin struct {
	listener net.Listener
	key      config.Secret
	ready    chan struct{} // closed once server is set
	server   *sim.Server
}

func newBuiltin() (*builtin, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("starting the simulated market: %w", err)
	}
	return &builtin{listener: listener, key: config.Secret(rand.Text()), ready: make(chan struct{})}, nil
}

func (b *builtin) endpoints() endpoints {
	address := b.listener.Addr().String()
	return endpoints{ws: "ws://" + address + "/options", rest: "http://" + address, key: b.key}
}

// serve makes up a market and serves it until ctx ends. Clients that come while
// it is made up wait at the listener.
func (b *builtin) serve(ctx context.Context) error {
	now := time.Now()
	b.server = sim.NewServer(
		exchange.NewMarket(exchange.Options{Seed: uint64(now.UnixNano()), Start: now}),
		sim.ServerOptions{Key: b.key.Reveal()},
	)
	close(b.ready)
	return b.server.Serve(ctx, b.listener)
}
