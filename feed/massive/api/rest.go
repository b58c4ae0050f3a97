// Package api asks the vendor's REST endpoints and turns their answers into types of
// package source. It never retries, waits or decides what a failure means.
package api

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"optflow/feed/massive/wire"
	"optflow/feed/source"
)

// RESTOptions say where and how to ask.
type RESTOptions struct {
	BaseURL    string // http:// or https://; a path is kept as a prefix
	Key        wire.Key
	HTTPClient *http.Client                 // nil: one with this package's timeouts
	Now        func() int64                 // market time in ms, stamped on snapshots; nil: wall time
	OnDate     func(server, wall time.Time) // told the Date header of each good answer; nil: nobody
	OnServer   func(string)                 // told each answer's Server header; nil: nobody
	OnLate     func()                       // told when an answer says that the plan's data is delayed; nil: nobody
	OnExchange func(*Exchange)              // told each request with what came of it; keeps nothing of it; nil: nobody
}

// REST asks the vendor's REST endpoints. It is safe for concurrent use. Its
// errors are *source.Failure, but for the end of ctx, which comes as it is. It makes
// one request a call, or one a page, and never repeats one.
type REST struct {
	o      RESTOptions
	base   *url.URL
	client *http.Client
	turn   chan struct{} // a token: one large body at a time
}

// NewREST checks the options. The error does not quote the URL: a key may be
// in it.
func NewREST(o RESTOptions) (*REST, error) {
	base, err := url.Parse(o.BaseURL)
	switch {
	case err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http":
		return nil, errors.New("REST URL cannot be read: want https://host")
	case base.User != nil:
		return nil, errors.New("REST URL must not hold a user name or password")
	case base.RawQuery != "" || base.Fragment != "":
		return nil, errors.New("REST URL must end with the host or a path")
	}
	base.Path, base.RawPath = strings.TrimRight(base.Path, "/"), ""
	if o.Now == nil {
		o.Now = func() int64 { return time.Now().UnixMilli() }
	}
	r := &REST{o: o, base: base, client: restClient(o.HTTPClient), turn: make(chan struct{}, 1)}
	r.turn <- struct{}{}
	return r, nil
}

// restClient is a client that follows no redirect and keeps no cookies.
func restClient(given *http.Client) *http.Client {
	if given != nil {
		copied := *given
		copied.CheckRedirect, copied.Jar = wire.NoRedirect, nil
		return &copied
	}
	return &http.Client{CheckRedirect: wire.NoRedirect, Transport: &http.Transport{
		Proxy:                  wire.EnvironmentProxy,
		OnProxyConnectResponse: wire.OnProxyConnect,
		DialContext:            (&net.Dialer{Timeout: connectTimeout}).DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    connectTimeout,
		ResponseHeaderTimeout:  headerTimeout,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    8,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: wire.MaxHeader,
	}}
}

// Close gives idle connections back.
func (r *REST) Close() { r.client.CloseIdleConnections() }

// target is the URL of an endpoint at the base origin.
func (r *REST) target(path string, query url.Values) *url.URL {
	u := *r.base
	u.Path += path
	u.RawQuery = query.Encode()
	return &u
}

// longestURL bounds what a server can make us ask for, in bytes.
const longestURL = 8 << 10

// next is the target that an answer's next_url names: at exactly the base
// origin, without the key, or an error and no request.
func (r *REST) next(nextURL string) (*url.URL, error) {
	bad := func(why string) error {
		return &source.Failure{Kind: source.ErrorBadNext, Message: "next_url " + why + "; not followed"}
	}
	if len(nextURL) > longestURL {
		return nil, bad("is too long")
	}
	u, err := url.Parse(nextURL)
	switch {
	case err != nil:
		return nil, bad("cannot be read")
	case u.User != nil:
		return nil, bad("holds a user name")
	case u.Scheme != r.base.Scheme || u.Opaque != "" || !strings.EqualFold(u.Hostname(), r.base.Hostname()) || port(u) != port(r.base):
		return nil, bad("names another server")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, bad("cannot be read")
	}
	if wire.DropKey(query) { // else it is followed as it is
		u.RawQuery = query.Encode()
	}
	u.Fragment, u.RawFragment = "", ""
	u.Host = r.base.Host
	return u, nil
}

// port is the URL's port, the scheme's when it names none.
func port(u *url.URL) string {
	switch p := u.Port(); {
	case p != "":
		return p
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}

const (
	connectTimeout = 5 * time.Second  // TCP, then TLS
	headerTimeout  = 10 * time.Second // from the request to the header
	wholeTimeout   = 30 * time.Second // one request in all
	stallTimeout   = 10 * time.Second // no byte of the body for this long
)

// Exchange is one request and what came of it, before anybody judges it.
type Exchange struct {
	Asked  time.Time
	Method string
	Target *url.URL
	Base   *url.URL // of which Target is part
	Status int      // 0: there was no answer
	Type   string   // the answer's Content-Type
	Date   string   // the server's time
	Body   []byte   // unpacked, as far as it was read
	Cut    bool     // it did not come whole
	Err    error    // nil: it was what was asked for
}
