package massive

import (
	"context"
	"errors"
	"net/http"
	"time"
)

var errNotYet = errors.New("not yet")

// StreamOptions say where and how to connect.
type StreamOptions struct {
	URL        string // ws:// or wss://; "" is the vendor's real-time host
	Key        Key
	Dialect    Dialect
	HTTPClient *http.Client // nil: one with this package's timeouts
	ReadLimit  int64        // bytes of a frame; 0 is DefaultReadLimit
}

// Conn is one WebSocket connection. Read is for one goroutine; all else may be
// called from any.
type Conn struct{}

// Dial connects and upgrades, no more: the greeting is the first frame read.
// With the origin dialect the channel is part of the URL. The error is a
// *DialError. ctx bounds the dialling only.
func Dial(ctx context.Context, o StreamOptions, ch Channel) (*Conn, error) { return nil, errNotYet }

// Read reads the next frame into buf, growing it when it is too small, and
// returns the frame, which shares buf's memory. The end of ctx closes the
// connection; pass the same ctx each time and a Read allocates nothing. The
// error is a *CloseError when the server said goodbye.
func (c *Conn) Read(ctx context.Context, buf []byte) ([]byte, error) { return nil, errNotYet }

// Auth sends the key. In the origin dialect it does nothing.
func (c *Conn) Auth(ctx context.Context) error { return errNotYet }

// Subscribe asks for a channel's events of the given contract symbols, nil for
// all contracts.
func (c *Conn) Subscribe(ctx context.Context, ch Channel, symbols []string) error { return errNotYet }

// Unsubscribe is the reverse of Subscribe.
func (c *Conn) Unsubscribe(ctx context.Context, ch Channel, symbols []string) error {
	return errNotYet
}

// Pair is the name under which a subscription is acknowledged, for example
// "AM.O:SPY251219C00650000" or "A.*".
func Pair(ch Channel, symbol string) string { return string(ch) + "." + symbol }

// Ping provokes traffic. It returns nil when the pong came, ErrNoPong when the
// ping was sent and ctx ended first, another error when the transport failed.
// The goroutine in Read receives the pong.
func (c *Conn) Ping(ctx context.Context) error { return errNotYet }

// Heard is when the last byte of any kind came in, pings and pongs included.
func (c *Conn) Heard() time.Time { return time.Time{} }

// Partial is since when a frame has been coming in, and whether one is.
func (c *Conn) Partial() (since time.Time, coming bool) { return time.Time{}, false }

// Close says goodbye, waits at most a second, and closes.
func (c *Conn) Close(code int, reason string) error { return errNotYet }

// CloseNow closes without a word and without waiting.
func (c *Conn) CloseNow() {}

// ErrNoPong says that a ping was sent but not answered in time.
var ErrNoPong = errors.New("no pong")

// CloseError is the server's goodbye.
type CloseError struct {
	Code   int    // RFC 6455 section 7.4; 1005 when none was given
	Reason string // sanitised
}

func (e *CloseError) Error() string { return e.Reason }

// DialKind sorts the ways in which dialling fails.
type DialKind uint8

// Kinds of dial errors.
const (
	DialOther        DialKind = iota
	DialBadURL                // the setting is wrong: retrying cannot help
	DialRefused               // nothing listens there
	DialDNS                   // the name does not resolve
	DialTimeout               // no answer in time
	DialTLS                   // the certificate or the handshake was refused
	DialRedirect              // the server sent us elsewhere; not followed
	DialStatus                // an HTTP status other than 101: see Code
	DialNotWebSocket          // an answer that is not a WebSocket's: a captive portal?
	DialProxy                 // the proxy of the environment failed
)

// DialError says why Dial failed, in a sentence that names the host and never
// the query.
type DialError struct {
	Kind       DialKind
	Host       string        // host:port as dialled
	Code       int           // HTTP status, 0 when there was none
	RetryAfter time.Duration // what the server asked for, clamped to 1 s..5 min; 0 none
	text       string
	err        error
}

func (e *DialError) Error() string { return e.text }

// Unwrap is the cause, free of URLs.
func (e *DialError) Unwrap() error { return e.err }

// Temporary reports whether dialling again unchanged may help.
func (e *DialError) Temporary() bool { return e.Kind != DialBadURL }

// Refused reports whether the server refused the key (HTTP 401).
func (e *DialError) Refused() bool { return e.Code == http.StatusUnauthorized }

// Entitlement reports whether the plan does not allow this (HTTP 403).
func (e *DialError) Entitlement() bool { return e.Code == http.StatusForbidden }
