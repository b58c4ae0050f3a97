package sim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"optflow/feed/sim/exchange"
	"optflow/model/crash"
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
	NoCompression  bool          // permessage-deflate is declined; else it is taken when offered
}

// ServerHeader is the Server header of every answer, by which a client can tell
// invented data from the vendor's.
const ServerHeader = "optflow-sim"

// Server serves one market over WebSocket and REST.
type Server struct {
	market  *exchange.Market
	options ServerOptions
	rest    *rest
	guests  guests

	mu       sync.Mutex
	sessions []*client // in order of arrival
	serving  bool      // Serve is running; new sessions are welcome
	running  sync.WaitGroup
	wake     chan struct{} // somebody connected: the pump ticks fast
}

// NewServer returns a server for the market.
func NewServer(m *exchange.Market, o ServerOptions) *Server {
	if o.MaxConnections <= 0 {
		o.MaxConnections = 1
	}
	if o.AuthTimeout <= 0 {
		o.AuthTimeout = 10 * time.Second
	}
	if o.QueueBytes <= 0 {
		o.QueueBytes = 8 << 20
	}
	if len(o.Dialects) == 0 {
		o.Dialects = []Dialect{Massive, Origin}
	}
	if o.DelayedHost && !m.Options().Plan.DelayedHost {
		late := *m.Options()
		late.Start, late.Plan.DelayedHost = m.Now(), true
		m = exchange.NewMarket(late)
	}
	s := &Server{market: m, options: o, guests: guests{all: map[net.Conn]*guest{}}, wake: make(chan struct{}, 1)}
	s.rest = newREST(s)
	return s
}

// Market is the market this server shows; on a delayed host of a market that is
// not delayed itself it is a market of its own, 15 minutes behind.
func (s *Server) Market() *exchange.Market { return s.market }

// Serve accepts on l until ctx ends or l fails, and returns when all its
// goroutines have ended: nil after ctx ended.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	s.mu.Lock()
	s.serving = true
	s.mu.Unlock()

	web := &http.Server{
		Handler:           s,
		ErrorLog:          log.New(io.Discard, "", 0), // a screen may be on the terminal
		ReadHeaderTimeout: headerTimeout, ReadTimeout: answerTimeout, WriteTimeout: answerTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHello, ConnContext: s.guests.enter, ConnState: s.guests.left,
	}
	s.running.Go(crash.Guarded("simulated market", func() { s.pump(ctx) }))
	s.running.Go(crash.Guarded("simulated market", func() {
		<-ctx.Done()
		s.mu.Lock()
		s.serving = false
		s.mu.Unlock()
		s.Cut()
		// Connections that are being served are cut too: a client that reads
		// slowly must not keep the program.
		_ = web.Close()
	}))
	err := web.Serve(l)
	ended := ctx.Err() != nil
	stop()
	s.running.Wait()
	if ended || errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve the simulated market: %w", err)
}

// Cut drops every WebSocket abruptly, without a close frame.
func (s *Server) Cut() {
	s.mu.Lock()
	all := slices.Clone(s.sessions)
	s.mu.Unlock()
	for _, one := range all {
		one.cut()
	}
}

// ServeHTTP answers WebSocket handshakes and REST requests.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	serving := s.serving
	if serving {
		s.running.Add(1)
	}
	s.mu.Unlock()
	if !serving {
		http.Error(w, "the market is going down", http.StatusServiceUnavailable)
		return
	}
	defer s.running.Done()
	if r.Header.Get("Origin") != "" { // a web page, which has no business here
		http.Error(w, "this server is not for web pages", http.StatusForbidden)
		return
	}
	// Every answer states market time and that it is invented, the handshake's too.
	w.Header().Set("Server", ServerHeader)
	w.Header().Set("Date", s.market.Now().UTC().Format(http.TimeFormat))
	if only, dialect, ok := s.socketPath(r); ok {
		s.serveSocket(w, r, dialect, only)
		return
	}
	if r.Header.Get("Upgrade") != "" {
		http.NotFound(w, r)
		return
	}
	s.rest.mux.ServeHTTP(w, r)
}
