//go:build linux

package e2e

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"optflow/feed/sim/script"
)

// vendor plays the vendor's own hosts, each by a script: the program reaches
// them by their names, through a proxy of the environment and with an authority
// of its own, and so asks as it would ask the vendor.
type vendor struct {
	env []string

	mu    sync.Mutex
	dials map[string]int // connections by host
}

// The hosts by what they are.
const (
	realtimeHost = "socket.massive.com"
	delayedHost  = "delayed.massive.com"
	restHost     = "api.massive.com"
)

func startVendor(t *testing.T, scripts map[string]string) *vendor {
	t.Helper()
	v := &vendor{dials: map[string]int{}}
	hosts := map[string]http.Handler{}
	for host, text := range scripts {
		scenario, err := script.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		server := script.NewServer(scenario, nil)
		t.Cleanup(server.Close)
		hosts[host] = server
	}
	certificate, authority := authorityOf(t, "*.massive.com")
	inside := listen(t)
	web := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if h := hosts[r.Host]; h != nil {
				h.ServeHTTP(w, r)
				return
			}
			http.NotFound(w, r)
		}),
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){}, // a script speaks the wire by hand
	}
	go func() {
		_ = web.Serve(tls.NewListener(inside, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}))
	}()
	t.Cleanup(func() { _ = web.Close() })
	proxy := listen(t)
	go v.proxy(proxy, inside.Addr().String())
	t.Cleanup(func() { _ = proxy.Close() })
	file := filepath.Join(t.TempDir(), "authority.pem")
	if err := os.WriteFile(file, authority, 0o600); err != nil {
		t.Fatal(err)
	}
	v.env = []string{"HTTPS_PROXY=http://" + proxy.Addr().String(), "SSL_CERT_FILE=" + file, "MASSIVE_API_KEY=" + canary}
	return v
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// proxy leads every CONNECT to one address, and counts who is asked for.
func (v *vendor) proxy(l net.Listener, to string) {
	for {
		client, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer client.Close()
			r := bufio.NewReader(client)
			request, err := http.ReadRequest(r)
			if err != nil {
				return
			}
			host, _, _ := net.SplitHostPort(request.Host)
			v.mu.Lock()
			v.dials[host]++
			v.mu.Unlock()
			server, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", to)
			if err != nil {
				return
			}
			defer server.Close()
			_, _ = fmt.Fprint(client, "HTTP/1.1 200 OK\r\n\r\n")
			go func() {
				_, _ = io.Copy(server, r)
				_ = server.Close()
			}()
			_, _ = io.Copy(client, server)
		}()
	}
}

func (v *vendor) dialled(host string) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.dials[host]
}

// authorityOf makes an authority, and a certificate of its for a name.
func authorityOf(t *testing.T, name string) (tls.Certificate, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

const (
	lateWords   = "You don't have access real-time data. If your plan only includes delayed data, you can connect to the delayed websocket at wss://delayed.massive.com/options."
	blockedPage = `403 says "<html>this site is blocked</html>"`
	unknownKey  = `401 says "{\"status\":\"ERROR\",\"request_id\":\"r\",\"error\":\"Unknown API Key\"}"`
	notInPlan   = `403 says "{\"status\":\"NOT_AUTHORIZED\",\"request_id\":\"r\",\"message\":\"You are not entitled to this data.\"}"`
	streams     = "connect ok; auth ok; send 100000 bars every 50ms"
)

// What the vendor's hosts say of a key, and what tail and doctor make of it.
func TestVendorsPlans(t *testing.T) {
	for name, c := range map[string]struct {
		realtime, delayed, rest string
		tail                    int // exit codes
		late                    bool
		doctor                  int
		says                    []string // doctor's findings
		never                   []string // in what either prints
	}{
		"real time": {streams, streams, "rest ok", 0, false, 0, []string{"ok stream", "ok monitor will be Live, with"}, []string{"delayed"}},
		"refused by the real-time host alone": {
			"connect ok; auth failed", streams, "rest ok", 0, true, 0,
			[]string{"warn stream the key is refused", "ok delayed connects", "ok monitor will be Live, 15 minutes late"}, []string{"Stopped", "refused: key"},
		},
		"no real-time data in the plan": {
			`connect ok; auth ok; subscribe refused "` + lateWords + `"; stall 1s; close 1008`, streams, "rest late", 0, true, 0,
			[]string{"warn stream not in the plan: You don't have access", "ok delayed connects", "ok monitor will be Live, 15 minutes late"},
			[]string{"too slow", "ws-dialect", "unexpected"},
		},
		"refused by all": {
			"connect ok; auth failed", streams, "rest status " + unknownKey, exitRefused, false, exitRefused,
			[]string{"fail REST", "fail stream the key is refused", "fail monitor shows nothing with this key"}, []string{"delayed"},
		},
		"a firewall": {
			"connect status " + blockedPage, "connect status " + blockedPage, "rest status " + blockedPage, 0, false, exitFailed,
			[]string{"fail REST", "firewall or proxy?", "fail stream", "fail monitor has nothing to show"}, []string{"plan has no WebSocket", "not in the plan"},
		},
		"REST not in the plan": {streams, streams, "rest status " + notInPlan, 0, false, 0, []string{"ok stream", "ok monitor"}, []string{"delayed"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := startVendor(t, map[string]string{realtimeHost: c.realtime, delayedHost: c.delayed, restHost: c.rest + "; connect drop"})
			r := run(t, v.env, "tail", "--format", "json", "--min-premium", "0", "--tickers", "SPY", "--for", "12s")
			if r.code != c.tail {
				t.Errorf("tail ends with %d, want %d: %s", r.code, c.tail, r.stderr)
			}
			if streamed := strings.Contains(r.stdout, `"source":"ws"`); streamed != (strings.Contains(c.realtime+c.delayed, "send") && c.tail == 0) {
				t.Errorf("rows of the stream: %v; stderr %s", streamed, r.stderr)
			}
			if late := strings.Contains(r.stdout, `"delayed":true`); late != c.late {
				t.Errorf("rows said to be late: %v", late)
			}
			if !c.late && v.dialled(delayedHost) > 0 {
				t.Errorf("the delayed host was dialled %d times", v.dialled(delayedHost))
			}
			d := run(t, v.env, "doctor", "--tickers", "SPY")
			if d.code != c.doctor {
				t.Errorf("doctor ends with %d, want %d: %s", d.code, c.doctor, d.stdout)
			}
			findings := strings.Join(strings.Fields(d.stdout), " ")
			for _, want := range c.says {
				if !strings.Contains(findings, want) {
					t.Errorf("doctor does not say %q:\n%s", want, d.stdout)
				}
			}
			for _, bad := range c.never {
				if strings.Contains(findings, bad) || strings.Contains(r.stderr, bad) {
					t.Errorf("%q is said:\n%s\n%s", bad, d.stdout, r.stderr)
				}
			}
		})
	}
}

// The screen of a plan without real time: Live on the delayed host, with how
// late it is and why.
func TestVendorsDelayedPlanOnScreen(t *testing.T) {
	t.Parallel()
	v := startVendor(t, map[string]string{
		realtimeHost: `connect ok; auth ok; subscribe refused "` + lateWords + `"; stall 1s; close 1008`,
		delayedHost:  streams, restHost: "rest late; connect drop",
	})
	x := start(t, 120, 30, v.env, "--tickers", "SPY", "--min-premium", "0")
	x.await("Live and late", func(screen string) bool {
		if strings.Contains(screen, "too slow") || strings.Contains(screen, "Stopped") {
			t.Fatalf("the screen says:\n%s", screen)
		}
		return live(screen) && holds(screen, "late") && len(rows(screen)) > 0
	})
	x.press("m")
	x.awaitText("no real-time stream in this plan", "access real-time data")
	x.press("\x03")
	x.awaitEnd(patience)
}
