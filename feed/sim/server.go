package sim

import (
	"context"
	"net"
	"time"
)

// Dialect is a way of speaking on the WebSocket.
type Dialect string

// The dialects. Massive is the vendor's; Origin is the older one on
// /options/A and /options/AM with the key in the query.
const (
	Massive Dialect = "massive"
	Origin  Dialect = "origin"
)

// ServerOptions say how the server behaves towards clients.
type ServerOptions struct {
	Key            string        // the one good key; empty: any key is accepted
	Dialects       []Dialect     // empty: both
	MaxConnections int           // WebSockets per key; 0 is 1
	EvictNewest    bool          // the cap drops the newest connection, not the oldest
	AuthTimeout    time.Duration // wall time; 0 is 10 s
	DelayedHost    bool          // this is the delayed host: all data is 15 minutes late
	QueueBytes     int           // unsent bytes at which a slow consumer is dropped; 0 is 8 MiB
	NoPong         bool          // pings are not answered
}

// Server serves one market over WebSocket and REST.
type Server struct {
	market  *Market
	options ServerOptions
}

// NewServer returns a server for the market.
func NewServer(m *Market, o ServerOptions) *Server { return &Server{market: m, options: o} }

// Serve accepts on l until ctx ends or l fails, and returns when all its
// goroutines have ended: nil after ctx ended.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	<-ctx.Done()
	return l.Close()
}

// Cut drops every WebSocket abruptly, without a close frame.
func (s *Server) Cut() {}

// Market is the market this server shows; on a delayed host of a market that is
// not delayed itself it is a market of its own, 15 minutes behind.
func (s *Server) Market() *Market { return s.market }
