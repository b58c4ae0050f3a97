package massive

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"optflow/feed/faults"
	"optflow/feed/link"
	"optflow/feed/massive/api"
	"optflow/feed/massive/wire"
	"optflow/feed/massive/wiretest"
	"optflow/feed/source"
)

// askChain asks REST for a chain and returns what was wrong.
func askChain(t *testing.T, o api.RESTOptions) error {
	t.Helper()
	o.Key = wiretest.Secret(wiretest.Canary)
	r, err := api.NewREST(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	_, err = r.Chain(wiretest.Bounded(t), "SPY", source.ChainFilter{})
	return err
}

// failures are what stream and REST say of a host, by both schemes.
func failures(t *testing.T, host string) map[string]error {
	t.Helper()
	said := make(map[string]error)
	for _, scheme := range []string{"ws", "wss"} {
		c, err := Dial(wiretest.Bounded(t), StreamOptions{URL: scheme + "://" + host, Key: wiretest.Secret(wiretest.Canary)}, link.SecondBars)
		if err == nil {
			c.CloseNow()
		}
		said[scheme] = err
	}
	for _, scheme := range []string{"http", "https"} {
		said[scheme] = askChain(t, api.RESTOptions{BaseURL: scheme + "://" + host})
	}
	return said
}

const proxyPassword = "sesame"

func TestFault41Proxy(t *testing.T) {
	faults.Open(t, 41)
	through := 0
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		through++
		ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
		if err == nil {
			_, _, _ = ws.Read(r.Context())
			_ = ws.CloseNow()
		}
	}))
	defer proxy.Close()
	wiretest.ByEnvironment(t, proxy.URL, "")
	c, err := Dial(wiretest.Bounded(t), StreamOptions{URL: "ws://stream.test", Key: wiretest.Secret(wiretest.Canary)}, link.SecondBars)
	if err != nil || through != 1 {
		t.Fatalf("%v, %d connections through the proxy", err, through)
	}
	c.CloseNow()

	const nobody = wiretest.Nobody
	for _, c := range []struct{ name, proxy, except, want string }{
		{"wrong", "http://user:" + proxyPassword + "@" + nobody, "", "the proxy " + nobody + ", which the environment sets, failed while connecting to stream.test"},
		{"SOCKS", "socks5://user:" + proxyPassword + "@" + nobody, "", "the proxy " + nobody + ", which the environment sets, failed while connecting to stream.test"},
		{"not for this host", "http://" + nobody, "stream.test", "stream.test"},
		{"unreadable, and not for this host", "http://user:" + proxyPassword + "#@" + nobody, "stream.test", "stream.test"},
	} {
		wiretest.ByEnvironment(t, c.proxy, c.except)
		for scheme, err := range failures(t, "stream.test") {
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), proxyPassword) || c.except != "" && strings.Contains(err.Error(), "proxy") {
				t.Errorf("%s, %s: %v", c.name, scheme, err)
				continue
			}
			wiretest.NoCanary(t, c.name, err.Error())
		}
	}
}

// Of a setting that cannot be read nothing is shown, and nothing is dialled in
// its place.
func TestFault41UnreadableProxy(t *testing.T) {
	faults.Open(t, 41)
	for _, setting := range []string{
		"http://user:" + proxyPassword + "#1@proxy.test:8080", "http://user:" + proxyPassword + "/1@proxy.test:8080", "http://user:" + proxyPassword + "?1@proxy.test:8080",
		"http://user:" + proxyPassword + "%1@proxy.test:8080", "http://user:" + proxyPassword + " 1@proxy.test:8080",
		"http://user:12#" + proxyPassword + "@proxy.test:8080", "http://user:12/" + proxyPassword + "@proxy.test:8080", "user:" + proxyPassword + "#1@proxy.test:8080", "http://" + proxyPassword + "#@proxy.test",
		"http://", "http://:8080",
	} {
		wiretest.ByEnvironment(t, setting, "")
		for scheme, err := range failures(t, "stream.test") {
			if err == nil || !strings.Contains(err.Error(), "_PROXY cannot be read") || strings.Contains(err.Error(), proxyPassword) || strings.Contains(err.Error(), "user:12") {
				t.Errorf("%q, %s: %v", setting, scheme, err)
				continue
			}
			if remedy := wire.Remedy(err); !strings.Contains(remedy, "HTTPS_PROXY") {
				t.Errorf("%q, %s: the remedy is %q", setting, scheme, remedy)
			}
		}
	}
}

// A proxy that refuses is named; what it answers says nothing of key or plan.
func TestFault41ProxyRefuses(t *testing.T) {
	faults.Open(t, 41)
	for code, want := range map[int]string{407: "wants a user name and password to connect to stream.test", 403: "does not connect to stream.test", 401: "does not connect to stream.test", 502: "does not connect to stream.test"} {
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Proxy-Authenticate", "Basic")
			w.WriteHeader(code)
		}))
		address := strings.TrimPrefix(proxy.URL, "http://")
		wiretest.ByEnvironment(t, "http://user:"+proxyPassword+"@"+address, "")
		for scheme, err := range failures(t, "stream.test") {
			if plain := scheme == "ws" || scheme == "http"; plain && code != 407 {
				continue // there the proxy's answer looks like the host's
			}
			if err == nil || !strings.Contains(err.Error(), "the proxy "+address+" "+want) || strings.Contains(err.Error(), proxyPassword) {
				t.Errorf("%d, %s: %v", code, scheme, err)
				continue
			}
			if dial, ok := errors.AsType[*wire.DialError](err); ok && (dial.Kind != wire.DialProxy || !dial.Temporary() || dial.Code != 0) {
				t.Errorf("%d, %s: %+v", code, scheme, dial)
			}
			if api, ok := errors.AsType[*source.Failure](err); ok && (api.Kind != source.ErrorNetwork || !api.Temporary()) {
				t.Errorf("%d, %s: %+v", code, scheme, api)
			}
			if wire.Remedy(err) == "" {
				t.Errorf("%d, %s: no remedy", code, scheme)
			}
		}
		proxy.Close()
	}
}

// A certificate by an authority of somebody's own is told with the remedy, the
// host's as the proxy's.
func TestFault41OwnAuthority(t *testing.T) {
	faults.Open(t, 41)
	serve := func(name string) (address string) {
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.TLS = &tls.Config{Certificates: []tls.Certificate{newAuthority(t).issue(t, name, time.Hour)}}
		server.StartTLS()
		t.Cleanup(server.Close)
		return server.Listener.Addr().String()
	}
	address := serve("stream.test")
	_, port, _ := net.SplitHostPort(serve("localhost"))
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: x509.NewCertPool()},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, address)
		},
	}}
	_, dialErr := Dial(wiretest.Bounded(t), StreamOptions{URL: "wss://stream.test", Key: wiretest.Secret(wiretest.Canary), HTTPClient: client}, link.SecondBars)
	restErr := askChain(t, api.RESTOptions{BaseURL: "https://stream.test", HTTPClient: client})
	wiretest.ByEnvironment(t, "https://localhost:"+port, "")
	_, proxyErr := Dial(wiretest.Bounded(t), StreamOptions{URL: "wss://stream.test", Key: wiretest.Secret(wiretest.Canary)}, link.SecondBars)
	for whose, err := range map[string]error{"stream.test": dialErr, " stream.test": restErr, "the proxy localhost:" + port: proxyErr} {
		if err == nil || !strings.Contains(err.Error(), "the certificate of "+strings.TrimSpace(whose)+" is signed by an unknown authority: if a proxy") {
			t.Errorf("%s: %v", whose, err)
		}
		if wire.Remedy(err) == "" {
			t.Errorf("%s: no remedy", whose)
		}
	}
}
