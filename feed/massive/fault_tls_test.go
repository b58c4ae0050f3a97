package massive

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"optflow/feed/faults"
	"optflow/feed/massive/api"
	"optflow/feed/massive/wire"
	"optflow/feed/massive/wiretest"
	"optflow/feed/source"
)

// authority signs certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "an authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{cert, key}
}

// issue makes a server's certificate for a name, valid for so long from now.
func (a *authority) issue(t *testing.T, name string, valid time.Duration) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), DNSNames: []string{name}, NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: time.Now().Add(valid),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// tapped keeps what clients sent before and beside TLS.
type tapped struct {
	net.Listener
	mu   sync.Mutex
	seen bytes.Buffer
}

func (l *tapped) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &tappedConn{c, l}, nil
}

type tappedConn struct {
	net.Conn
	listener *tapped
}

func (c *tappedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.listener.mu.Lock()
	c.listener.seen.Write(b[:n])
	c.listener.mu.Unlock()
	return n, err
}

// Stream and REST refuse the same certificates, say why, and send nothing in
// plain text afterwards.
func TestFault04TLS(t *testing.T) {
	run := faults.OpenReal(t, 4)
	ours, stranger := newAuthority(t), newAuthority(t)
	roots := x509.NewCertPool()
	roots.AddCert(ours.cert)
	good := ours.issue(t, "stream.test", time.Hour)
	for _, tt := range []struct {
		name   string
		cert   tls.Certificate
		newest uint16 // TLS version
		inject bool   // by a proxy
		words  string
	}{
		{"good", good, 0, false, ""},
		{"expired", ours.issue(t, "stream.test", -time.Hour), 0, false, "expired"},
		{"wrong host", ours.issue(t, "other.test", time.Hour), 0, false, "not stream.test"},
		{"unknown authority", stranger.issue(t, "stream.test", time.Hour), 0, false, "unknown authority"},
		{"TLS 1.0 only", good, tls.VersionTLS10, false, "protocol version"},
		{"injected by a proxy", stranger.issue(t, "stream.test", time.Hour), 0, true, "unknown authority"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = io.WriteString(w, `{"status":"OK","request_id":"x","results":[]}`)
			}))
			tap := &tapped{Listener: server.Listener}
			server.Listener = tap
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			server.TLS = &tls.Config{Certificates: []tls.Certificate{tt.cert}}
			if tt.newest != 0 {
				server.TLS.MinVersion, server.TLS.MaxVersion = tls.VersionTLS10, tt.newest
			}
			server.StartTLS()
			defer server.Close()
			address := server.Listener.Addr().String()
			transport := &http.Transport{
				TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}, DisableKeepAlives: true,
				DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
					return new(net.Dialer).DialContext(ctx, network, address)
				},
			}
			if tt.inject { // a proxy that answers CONNECT and speaks TLS itself
				proxy := connectProxy(t, address)
				transport.DialContext = nil
				transport.Proxy = http.ProxyURL(proxy)
			}
			client := &http.Client{Transport: transport}
			start := time.Now()
			if tt.words == "" {
				if err := askChain(t, api.RESTOptions{BaseURL: "https://stream.test", HTTPClient: client}); err != nil {
					t.Fatal(err) // else the others prove nothing
				}
				return
			}
			e := dialFails(t, wiretest.Bounded(t), "wss://stream.test", wire.DialTLS, client)
			run.Noticed(time.Since(start))
			if !strings.Contains(e.Error(), tt.words) || !e.Temporary() {
				t.Errorf("stream: %v", e)
			}
			err := askChain(t, api.RESTOptions{BaseURL: "https://stream.test", HTTPClient: client})
			if failure, ok := errors.AsType[*source.Failure](err); !ok || failure.Kind != source.ErrorNetwork || !strings.Contains(failure.Message, tt.words) {
				t.Errorf("REST: %v", err)
			}
			wiretest.NoCanary(t, "REST", err.Error())
			tap.mu.Lock()
			defer tap.mu.Unlock()
			if seen := tap.seen.String(); strings.Contains(seen, "GET ") || strings.Contains(seen, "Authorization") {
				t.Errorf("sent in plain text: %q", seen)
			}
		})
	}
}

// connectProxy answers CONNECT to anything with a tunnel to one address.
func connectProxy(t *testing.T, address string) *url.URL {
	t.Helper()
	var (
		group sync.WaitGroup
		mu    sync.Mutex
		ended bool // no tunnel is added to the group any more
	)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			http.Error(w, "CONNECT only", http.StatusMethodNotAllowed)
			return
		}
		client, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", address)
		if err != nil {
			_ = client.Close()
			return
		}
		_, _ = io.WriteString(client, "HTTP/1.1 200 OK\r\n\r\n")
		pass := func(to, from net.Conn) {
			_, _ = io.Copy(to, from)
			_, _ = to.Close(), from.Close()
		}
		mu.Lock()
		defer mu.Unlock()
		if ended {
			_, _ = client.Close(), server.Close()
			return
		}
		group.Go(func() { pass(server, client) })
		group.Go(func() { pass(client, server) })
	}))
	t.Cleanup(func() {
		mu.Lock()
		ended = true
		mu.Unlock()
		group.Wait()
		proxy.Close()
	})
	u, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
