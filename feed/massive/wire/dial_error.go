package wire

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

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
	DialNotWebSocket          // an answer that is not a WebSocket's
	DialProxy                 // the proxy of the environment failed
	DialCancelled             // ctx was cancelled
)

// DialError says why Dial failed, in a sentence that names the host and never
// the query.
type DialError struct {
	Kind       DialKind
	Host       string        // host or host:port as dialled
	Code       int           // HTTP status, 0 when there was none
	RetryAfter time.Duration // what the server asked for, clamped to 1 s..5 min; 0 none
	OfThePlan  bool          // a 403 in the vendor's form
	Text       string
	err        error
}

func (e *DialError) Error() string {
	if e.Text == "" { // made by a test's dialer
		return "connect to " + e.Host + " failed"
	}
	return e.Text
}

// Unwrap is the cause, free of URLs.
func (e *DialError) Unwrap() error { return e.err }

// Temporary reports whether dialling again unchanged may help.
func (e *DialError) Temporary() bool {
	return e.Kind != DialBadURL && !e.Refused() && !e.Entitlement()
}

// Refused reports whether the server refused the key (HTTP 401).
func (e *DialError) Refused() bool { return e.Code == http.StatusUnauthorized }

// Entitlement reports whether the plan does not allow this (HTTP 403 in the
// vendor's form).
func (e *DialError) Entitlement() bool { return e.Code == http.StatusForbidden && e.OfThePlan }

// SortDial sorts what websocket.Dial returned. The answer, when there was one,
// says more than the error.
func SortDial(ctx context.Context, target *url.URL, key Key, answer *http.Response, err error) *DialError {
	e := &DialError{Host: target.Host, err: Bare(err, key)}
	if answer != nil && answer.StatusCode == http.StatusProxyAuthRequired {
		refused := RefusedByProxy(ProxyOf(target), target.Host, answer.StatusCode, target.Scheme)
		e.Kind, e.Text, e.err = DialProxy, refused.Text, refused
		return e
	}
	if answer != nil {
		e.Code = answer.StatusCode
		e.RetryAfter = RetryAfter(answer.Header, time.Now())
		e.Kind, e.Text = sortAnswer(e.Host, answer)
		if e.Code == http.StatusForbidden {
			e.forbidden(answer, key)
		}
		return e
	}
	e.Kind, e.Text = SortFailure(ctx, target, err)
	if e.Kind == DialOther {
		e.Text = "connect to " + e.Host + ": " + Clean(e.err.Error(), MessageCells, key)
	}
	return e
}

// forbidden reads the vendor's words, if they are the vendor's. The WebSocket
// package keeps the beginning of the body.
func (e *DialError) forbidden(answer *http.Response, key Key) {
	if answer.Body == nil {
		return
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, MaxErrorBody))
	if err != nil {
		return
	}
	message, is := InVendorsForm(body)
	if e.OfThePlan = is; is {
		e.Text = e.Host + " says that the plan does not allow this (HTTP 403): " + Clean(message, MessageCells, key)
	}
}

func sortAnswer(host string, answer *http.Response) (DialKind, string) {
	code := answer.StatusCode
	switch {
	case code == http.StatusSwitchingProtocols:
		return DialNotWebSocket, host + " does not speak WebSocket correctly"
	case code >= 300 && code < 400:
		return DialRedirect, fmt.Sprintf("%s wants to send us elsewhere (HTTP %d); not followed", host, code)
	case code < 300:
		return DialNotWebSocket, fmt.Sprintf("%s answered with a page instead of a stream (HTTP %d): captive portal?", host, code)
	case code == http.StatusUnauthorized:
		return DialStatus, host + " refused the key (HTTP 401)"
	case code == http.StatusForbidden:
		return DialStatus, host + " answered HTTP 403, not in the vendor's form: firewall or proxy?"
	case code == http.StatusNotFound:
		return DialStatus, host + " has no stream at this URL's path (HTTP 404)"
	case code == http.StatusTooManyRequests:
		return DialStatus, host + " says too many requests (HTTP 429)"
	}
	return DialStatus, fmt.Sprintf("%s answered HTTP %d", host, code)
}

func SortFailure(ctx context.Context, target *url.URL, err error) (DialKind, string) {
	host := target.Host
	op, _ := errors.AsType[*net.OpError](err)
	proxy, refused := errors.AsType[*proxyError](err)
	timeout, _ := errors.AsType[net.Error](err)
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return DialCancelled, "connect to " + host + ": cancelled"
	case refused:
		return DialProxy, proxy.Text
	case op != nil && (op.Op == "proxyconnect" || op.Op == "socks connect"):
		name := "the proxy " + ProxyOf(target)
		if is[x509.UnknownAuthorityError](err) { // nobody known signed its certificate
			return DialProxy, unknownAuthority(name)
		}
		return DialProxy, fmt.Sprintf("%s, which the environment sets, failed while connecting to %s", name, host)
	case is[*net.DNSError](err):
		return DialDNS, "no address for " + target.Hostname() + ": name lookup failed"
	case errors.Is(err, syscall.ECONNREFUSED):
		return DialRefused, host + " refused the connection"
	case is[x509.UnknownAuthorityError](err):
		return DialTLS, unknownAuthority(host)
	case isTLS(err):
		return DialTLS, "secure connection to " + host + " failed: " + Clean(innermost(err).Error(), MessageCells, nil)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), timeout != nil && timeout.Timeout():
		return DialTimeout, "no answer from " + host + " in time"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return DialOther, host + " hung up"
	}
	return DialOther, ""
}

// is reports whether an error is, or wraps, one of a type.
func is[E error](err error) bool {
	_, found := errors.AsType[E](err)
	return found
}

// isTLS reports whether an error is about certificates or the handshake.
func isTLS(err error) bool {
	remote, _ := errors.AsType[*net.OpError](err)
	return errors.Is(err, http.ErrSchemeMismatch) || strings.HasPrefix(innermost(err).Error(), "tls: ") ||
		is[*tls.CertificateVerificationError](err) || is[tls.AlertError](err) || is[tls.RecordHeaderError](err) ||
		is[x509.UnknownAuthorityError](err) || is[x509.HostnameError](err) || is[x509.CertificateInvalidError](err) ||
		remote != nil && (remote.Op == "remote error" || remote.Op == "local error")
}

// innermost is the first cause.
func innermost(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}

// Bare rids an error of URLs: net/http puts the whole URL into *url.Error, the
// key in its query included. What is around that error goes, too.
func Bare(err error, key Key) error {
	var withURL *url.Error
	for errors.As(err, &withURL) {
		err = withURL.Err
	}
	if text := err.Error(); Scrub(text, key) != text {
		// The cause is not kept: its text is the key's.
		return errors.New(Clean(text, MessageCells, key))
	}
	return err
}

// RetryAfter reads a Retry-After of seconds or a date, clamped to 1 s..5 min;
// 0 when there is none that can be read.
func RetryAfter(header http.Header, now time.Time) time.Duration {
	value := header.Get("Retry-After")
	if value == "" {
		return 0
	}
	var wait time.Duration
	if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds == seconds {
		wait = time.Duration(min(max(seconds, 0), longestRetry.Seconds()) * float64(time.Second))
	} else if at, err := http.ParseTime(value); err == nil {
		wait = at.Sub(now)
	} else {
		return 0
	}
	return min(max(wait, shortestRetry), longestRetry)
}
