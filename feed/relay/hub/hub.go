// Package hub is a NATS server with JetStream inside this program: nothing to
// install. What it has acknowledged is on its disk. Beyond this machine it speaks
// TLS and knows its guests by their keys, or does not start.
package hub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

const (
	// startMost is how long it may take to read what it has: 0.6 s for 1.5 GB.
	startMost = time.Minute
	// payloadMost is a message: a block of a day that begins has a few MB.
	payloadMost = 8 << 20
	// pendingMost is what one who does not read may leave lying about.
	pendingMost = 64 << 20
)

// Options set a hub up.
type Options struct {
	Listen string // host:port; no host is this machine alone
	Store  string // folder of what it keeps
	Keys   string // path of the file of guests, needed beyond this machine
	Cert   string // paths of certificate and key, needed beyond this machine
	Key    string
	Log    *slog.Logger
}

// errOpen says what is needed to be open to others.
var errOpen = errors.New("beyond this machine a hub needs --tls-cert, --tls-key and --keys")

// Hub is a server that runs.
type Hub struct{ server *server.Server }

// Start starts one, and returns once it takes connections.
func Start(o Options) (*Hub, error) {
	so, err := options(o)
	if err != nil {
		return nil, err
	}
	s, err := server.NewServer(so)
	if err != nil {
		return nil, fmt.Errorf("starting the hub: %w", err)
	}
	if o.Log != nil {
		s.SetLoggerV2(logger{o.Log}, false, false, false)
	}
	s.Start()
	if !s.ReadyForConnections(startMost) {
		s.Shutdown()
		return nil, errors.New("starting the hub: it cannot listen at " + net.JoinHostPort(so.Host, strconv.Itoa(so.Port)))
	}
	return &Hub{s}, nil
}

func options(o Options) (*server.Options, error) {
	host, text, err := net.SplitHostPort(o.Listen)
	if err != nil {
		return nil, fmt.Errorf("listening at %q: want host:port", o.Listen)
	}
	port, err := strconv.Atoi(text)
	if err != nil || port < 0 || port > 65535 {
		return nil, fmt.Errorf("listening at %q: want host:port", o.Listen)
	}
	if port == 0 {
		port = server.RANDOM_PORT
	}
	if host == "" {
		host = "127.0.0.1"
	}
	if err := os.MkdirAll(o.Store, 0o700); err != nil {
		return nil, fmt.Errorf("making the hub's folder: %w", err)
	}
	so := &server.Options{
		ServerName: "optflow-hub", Host: host, Port: port, JetStream: true, StoreDir: filepath.Clean(o.Store), SyncAlways: true,
		MaxPayload: payloadMost, MaxPending: pendingMost, MaxConn: 1024, NoSigs: true, NoLog: o.Log == nil,
		DisableShortFirstPing: true,
	}
	if o.Keys != "" {
		if so.Nkeys, err = guests(o.Keys); err != nil {
			return nil, err
		}
	}
	if o.Cert != "" {
		t := &server.TLSConfigOpts{CertFile: o.Cert, KeyFile: o.Key}
		if so.TLSConfig, err = server.GenTLSConfig(t); err != nil {
			return nil, fmt.Errorf("reading the hub's certificate: %w", err)
		}
		so.TLS, so.TLSTimeout = true, 5
	}
	if !loopback(host) && (so.TLSConfig == nil || len(so.Nkeys) == 0) {
		return nil, errOpen
	}
	return so, nil
}

// loopback reports whether a host is this machine alone.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// URL is where it listens.
func (h *Hub) URL() string { return h.server.ClientURL() }

// Run waits until ctx ends, then ends the hub with all on disk.
func (h *Hub) Run(ctx context.Context) {
	<-ctx.Done()
	h.Stop()
}

// Stop ends the hub.
func (h *Hub) Stop() {
	h.server.Shutdown()
	h.server.WaitForShutdown()
}

// logger writes what the server says into our log.
type logger struct{ log *slog.Logger }

func (l logger) Noticef(format string, v ...any) { l.log.Info(fmt.Sprintf(format, v...)) }
func (l logger) Warnf(format string, v ...any)   { l.log.Warn(fmt.Sprintf(format, v...)) }
func (l logger) Fatalf(format string, v ...any)  { l.log.Error(fmt.Sprintf(format, v...)) }
func (l logger) Errorf(format string, v ...any)  { l.log.Error(fmt.Sprintf(format, v...)) }
func (l logger) Debugf(string, ...any)           {}
func (l logger) Tracef(string, ...any)           {}
