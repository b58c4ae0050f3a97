package massive

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"math"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"

	"github.com/coder/websocket"

	"optflow/feed/link"
	"optflow/feed/massive/wire"
)

// cluster is the URL path of options. Channels look like paths in the vendor's
// documentation ("/options/AM") but answer 404 when dialled.
const cluster = "/options"

// StreamOptions say where and how to connect.
type StreamOptions struct {
	URL        string // ws:// or wss://; without a path it gets /options
	Key        wire.Key
	Dialect    Dialect
	HTTPClient *http.Client // nil: one with this package's timeouts
	Compress   bool         // offer permessage-deflate (RFC 7692); the server may decline
	ReadLimit  int64        // bytes of a frame, once inflated; 0 is DefaultReadLimit
	OnServer   func(string) // told the Server header of the upgrade; nil: nobody
}

// SimulatorServer is the Server header of the simulated market, by which its
// data is known to be invented wherever it runs.
const SimulatorServer = "optflow-sim"

// Dial connects and upgrades, no more: the greeting is the first frame read.
// With the origin dialect the channel is part of the URL. The error is a
// *DialError. ctx bounds the dialling only; it should have a deadline.
func Dial(ctx context.Context, o StreamOptions, ch link.Channel) (*Conn, error) {
	target, problem := streamURL(o, ch)
	if problem != "" {
		return nil, &wire.DialError{Kind: wire.DialBadURL, Text: problem}
	}
	limit := o.ReadLimit
	if limit <= 0 {
		limit = DefaultReadLimit
	}
	client, release := dialClient(o.HTTPClient)
	client.Transport = inspector{cmp.Or(client.Transport, http.DefaultTransport), limit}
	var raw net.Conn
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { raw = info.Conn }}
	c := &Conn{key: o.Key, dialect: o.Dialect, limit: limit}
	c.heard.Store(ticks())
	ws, response, err := websocket.Dial(httptrace.WithClientTrace(ctx, trace), target.String(), &websocket.DialOptions{
		HTTPClient:           client,
		CompressionMode:      compression(o.Compress),
		CompressionThreshold: math.MaxInt, // of what we send: a few commands, for which a writer would hold 1.2 MB
		OnPingReceived:       func(context.Context, []byte) bool { c.heard.Store(ticks()); return true },
		OnPongReceived:       func(context.Context, []byte) { c.heard.Store(ticks()) },
	})
	if err != nil {
		release()
		return nil, wire.SortDial(ctx, target, o.Key, response, err)
	}
	if o.OnServer != nil {
		o.OnServer(response.Header.Get("Server"))
	}
	if under, ok := raw.(*tls.Conn); ok {
		raw = under.NetConn()
	}
	ws.SetReadLimit(limit)
	c.ws, c.raw, c.compressed = ws, raw, response.Header.Get("Sec-WebSocket-Extensions") != ""
	c.heard.Store(ticks())
	return c, nil
}

// compression is what to offer. With a context that lasts over frames each is
// packed by what the ones before held: see docs/performance.md for what that
// saves and costs.
func compression(offer bool) websocket.CompressionMode {
	if offer {
		return websocket.CompressionContextTakeover
	}
	return websocket.CompressionDisabled
}

// readBuffer is what one read of the socket may take, in bytes. The WebSocket
// package reads 4 KiB at a time, a system call for every twenty events.
const readBuffer = 64 << 10

// buffered is a connection that reads ahead.
type buffered struct {
	net.Conn
	ahead *bufio.Reader
}

func (c *buffered) Read(p []byte) (int, error) { return c.ahead.Read(p) }

func dialBuffered(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{Timeout: dialTimeout}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &buffered{conn, bufio.NewReaderSize(conn, readBuffer)}, nil
}

// dialClient is a client that follows no redirect, for one connection.
func dialClient(given *http.Client) (client *http.Client, release func()) {
	if given != nil {
		copied := *given
		copied.CheckRedirect, copied.Timeout = wire.NoRedirect, 0
		return &copied, func() {}
	}
	transport := &http.Transport{
		Proxy:                  wire.EnvironmentProxy,
		OnProxyConnectResponse: wire.OnProxyConnect,
		DialContext:            dialBuffered,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    dialTimeout,
		DisableCompression:     true,
		MaxResponseHeaderBytes: wire.MaxHeader,
	}
	return &http.Client{Transport: transport, CheckRedirect: wire.NoRedirect}, transport.CloseIdleConnections
}

// streamURL is the URL to dial, or what is wrong with the given one. It never
// quotes the given one: a key may be in it.
func streamURL(o StreamOptions, ch link.Channel) (u *url.URL, problem string) {
	u, err := url.Parse(o.URL)
	switch {
	case err != nil || u.Host == "":
		return nil, "stream URL cannot be read: want wss://host/options"
	case u.User != nil:
		return nil, "stream URL must not hold a user name or password"
	}
	switch u.Scheme {
	case "ws", "wss":
	case "http":
		u.Scheme = "ws"
	case "https":
		u.Scheme = "wss"
	default:
		return nil, "stream URL must start with wss:// or ws://"
	}
	path := strings.TrimRight(u.Path, "/")
	for _, name := range channelNames[link.SecondBars:] {
		path = strings.TrimSuffix(path, cluster+"/"+name)
	}
	if path == "" || path != strings.TrimRight(u.Path, "/") {
		path += cluster
	}
	u.Fragment, u.RawPath = "", ""
	query := u.Query()
	wire.DropKey(query)
	if o.Dialect == Origin {
		path += "/" + NameOf(ch)
		if o.Key != nil {
			query.Set("apiKey", o.Key.Reveal())
		}
	}
	u.Path, u.RawQuery = path, query.Encode()
	return u, ""
}
