package massive

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"optflow/feed/link"
	"optflow/feed/massive/wire"
	"optflow/feed/massive/wiretest"
)

func TestStreamURL(t *testing.T) {
	for _, c := range []struct {
		given   string
		dialect Dialect
		want    string
	}{
		{"", Massive, ""},
		{"wss://delayed.massive.com/options", Massive, "wss://delayed.massive.com/options"},
		{"wss://socket.massive.com/options/AM", Massive, "wss://socket.massive.com/options"},
		{"wss://socket.massive.com/options/A/?apiKey=x", Massive, "wss://socket.massive.com/options"},
		{"ws://127.0.0.1:9700", Massive, "ws://127.0.0.1:9700/options"},
		{"http://127.0.0.1:9700/", Massive, "ws://127.0.0.1:9700/options"},
		{"https://gw.test/feed?plan=x#y", Massive, "wss://gw.test/feed?plan=x"},
		{"ws://127.0.0.1:9700", Origin, "ws://127.0.0.1:9700/options/AM?apiKey=k"},
		{"wss://socket.massive.com/options/A", Origin, "wss://socket.massive.com/options/AM?apiKey=k"},
		{"wss://user:pass@host", Massive, ""},
		{"127.0.0.1:9700", Massive, ""},
		{"ftp://host", Massive, ""},
		{"wss://", Massive, ""},
		{"wss://ho st/\x00", Massive, ""},
	} {
		u, problem := streamURL(StreamOptions{URL: c.given, Dialect: c.dialect, Key: wiretest.Secret("k")}, link.MinuteBars)
		if c.want == "" {
			if problem == "" || strings.Contains(problem, "pass@") {
				t.Errorf("%s: %v, %q", c.given, u, problem)
			}
		} else if problem != "" || u.String() != c.want {
			t.Errorf("%s: %v, want %s (%s)", c.given, u, c.want, problem)
		}
	}
}

// dialFails dials and checks the error's kind; origin, so that the key is in
// the URL and every leak of it shows.
func dialFails(t *testing.T, ctx context.Context, url string, kind wire.DialKind, client *http.Client) *wire.DialError {
	t.Helper()
	_, err := Dial(ctx, StreamOptions{URL: url, Key: wiretest.Secret(wiretest.Canary), Dialect: Origin, HTTPClient: client}, link.MinuteBars)
	var e *wire.DialError
	if !errors.As(err, &e) {
		t.Fatalf("%s: %v", url, err)
	}
	if e.Kind != kind {
		t.Errorf("%s: kind %d, want %d: %v (%v)", url, e.Kind, kind, e, e.Unwrap())
	}
	for cause := error(e); cause != nil; cause = errors.Unwrap(cause) {
		wiretest.NoCanary(t, "dial error", fmt.Sprintf("%v %+v %q", cause, cause, cause))
		if strings.Contains(cause.Error(), "apiKey") {
			t.Errorf("the query is in %v", cause)
		}
	}
	return e
}

func TestDialTellsHTTPAnswers(t *testing.T) {
	evil := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { evil++ }))
	defer elsewhere.Close()
	for _, c := range []struct {
		code      int
		kind      wire.DialKind
		temporary bool
		words     string
	}{
		{200, wire.DialNotWebSocket, true, "captive portal"}, {301, wire.DialRedirect, true, "not followed"}, {302, wire.DialRedirect, true, ""}, {307, wire.DialRedirect, true, ""},
		{401, wire.DialStatus, false, "key"}, {403, wire.DialStatus, true, "firewall or proxy?"}, {404, wire.DialStatus, true, "path"}, {429, wire.DialStatus, true, "too many"}, {503, wire.DialStatus, true, "503"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", elsewhere.URL+r.URL.String())
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(c.code)
			_, _ = io.WriteString(w, "<html>"+r.URL.String())
		}))
		e := dialFails(t, wiretest.Bounded(t), server.URL, c.kind, nil)
		if e.Code != c.code || e.RetryAfter != 7*time.Second || e.Temporary() != c.temporary || !strings.Contains(e.Error(), c.words) || !strings.Contains(e.Error(), e.Host) {
			t.Errorf("%d: %+v: %v", c.code, e, e)
		}
		if e.Refused() != (c.code == 401) || e.Entitlement() {
			t.Errorf("%d: refused %v, entitlement %v", c.code, e.Refused(), e.Entitlement())
		}
		if c.kind == wire.DialRedirect {
			dialFails(t, wiretest.Bounded(t), server.URL, c.kind, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}})
		}
		server.Close()
	}
	if evil != 0 {
		t.Errorf("the other server was asked %d times", evil)
	}
}

// Only a 403 in the vendor's own form speaks of the plan.
func TestDialForbidden(t *testing.T) {
	for body, plan := range map[string]bool{
		`{"status":"NOT_AUTHORIZED","request_id":"r","message":"You are not entitled to this data."}`: true,
		`{"error":"not in your plan"}`: true,
		``:                             false,
		`<html>blocked</html>`:         false,
		`Forbidden`:                    false,
		`{}`:                           false,
		`[]`:                           false,
		`"plan"`:                       false,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, body)
		}))
		e := dialFails(t, wiretest.Bounded(t), server.URL, wire.DialStatus, nil)
		if e.Entitlement() != plan || e.Temporary() == plan || strings.Contains(e.Error(), "the plan does not allow") != plan {
			t.Errorf("%s: entitlement %v, %v", body, e.Entitlement(), e)
		}
		server.Close()
	}
}

func TestDialTellsNetworkFailures(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	silent := "ws://" + listener.Addr().String()
	short, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	dialFails(t, short, silent, wire.DialTimeout, nil)
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	dialFails(t, gone, silent, wire.DialCancelled, nil)
	listener.Close()
	if e := dialFails(t, wiretest.Bounded(t), "ws://"+wiretest.Nobody, wire.DialRefused, nil); !strings.Contains(e.Error(), "refused") {
		t.Error(e)
	}
	hangsUp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer hangsUp.Close()
	go func() {
		for {
			conn, err := hangsUp.Accept()
			if err != nil {
				return
			}
			conn.Close()
		}
	}()
	dialFails(t, wiretest.Bounded(t), "ws://"+hangsUp.Addr().String(), wire.DialOther, nil)
	unresolved := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "nowhere.test", IsNotFound: true}}
	}}}
	if e := dialFails(t, wiretest.Bounded(t), "ws://nowhere.test", wire.DialDNS, unresolved); !strings.Contains(e.Error(), "nowhere.test") {
		t.Error(e)
	}
	behindProxy := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "proxyconnect", Err: errors.New("refused")}
	}}}
	dialFails(t, wiretest.Bounded(t), "ws://nowhere.test", wire.DialProxy, behindProxy)
}

func TestDialTellsTLSFailures(t *testing.T) {
	quiet := log.New(io.Discard, "", 0)
	unknownAuthority := httptest.NewUnstartedServer(http.NotFoundHandler())
	unknownAuthority.Config.ErrorLog = quiet
	unknownAuthority.StartTLS()
	defer unknownAuthority.Close()
	address := strings.TrimPrefix(unknownAuthority.URL, "https")
	if e := dialFails(t, wiretest.Bounded(t), "wss"+address, wire.DialTLS, nil); !strings.Contains(e.Error(), "certificate") {
		t.Error(e)
	}
	old := httptest.NewUnstartedServer(http.NotFoundHandler())
	old.Config.ErrorLog = quiet
	old.TLS = &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	old.StartTLS()
	defer old.Close()
	dialFails(t, wiretest.Bounded(t), old.URL, wire.DialTLS, nil)
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	dialFails(t, wiretest.Bounded(t), "wss"+strings.TrimPrefix(plain.URL, "http"), wire.DialTLS, nil)
}

func TestTLSConversation(t *testing.T) {
	server := newStreamServer(t, func(ctx context.Context, ws *websocket.Conn) {
		_ = ws.Write(ctx, websocket.MessageText, []byte("[]"))
		_, _, _ = ws.Read(ctx)
	})
	secure := httptest.NewUnstartedServer(server.Config.Handler)
	secure.StartTLS()
	defer secure.Close()
	u, _ := url.Parse(secure.URL)
	c, err := Dial(wiretest.Bounded(t), StreamOptions{URL: "wss://" + u.Host, HTTPClient: secure.Client()}, link.MinuteBars)
	if err != nil {
		t.Fatal(err)
	}
	if _, secured := c.raw.(*tls.Conn); secured {
		t.Error("a forced close would wait for TLS")
	}
	if frame, err := c.Read(wiretest.Bounded(t), nil); err != nil || string(frame) != "[]" {
		t.Errorf("%q, %v", frame, err)
	}
	c.CloseNow()
	secure.Client().CloseIdleConnections()
}
