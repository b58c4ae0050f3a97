package sim

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"optflow/feed/sim/exchange"
)

// enter opens a WebSocket and logs in.
func (f *floorUnderTest) enter(key string) *websocket.Conn {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.t.Context(), 20*time.Second)
	defer cancel()
	c, _, err := websocket.Dial(ctx, "ws://sim/options", &websocket.DialOptions{HTTPClient: f.client})
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { _ = c.CloseNow() })
	if err := c.Write(ctx, websocket.MessageText, []byte(`{"action":"auth","params":"`+key+`"}`)); err != nil {
		f.t.Fatal(err)
	}
	for {
		_, text, err := c.Read(ctx)
		if err != nil {
			f.t.Fatal(err)
		}
		if strings.Contains(string(text), "auth_success") {
			return c
		}
	}
}

// alive asks a WebSocket for a subscription and awaits its acknowledgement.
func alive(t *testing.T, c *websocket.Conn, pair string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := c.Write(ctx, websocket.MessageText, []byte(`{"action":"subscribe","params":"`+pair+`"}`)); err != nil {
		t.Fatal(err)
	}
	for {
		_, text, err := c.Read(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "subscribed to: "+pair) {
			return
		}
	}
}

// Strangers who fill the house keep nobody out, take no more than 64 places, and
// are shown out after a while.
func TestStrangersKeepNobodyOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := serve(t, exchange.Options{Seed: 1, Start: monday, Rate: 1}, ServerOptions{Key: "good", MaxConnections: 3})
		l := f.client.Transport.(*http.Transport).DialContext
		first := f.enter("good")
		closed := make(chan struct{}, 1000)
		for i := range 200 {
			conn, err := l(t.Context(), "", "")
			if err != nil {
				t.Fatal(err)
			}
			go func() {
				_, _ = io.Copy(io.Discard, conn)
				_ = conn.Close()
				closed <- struct{}{}
			}()
			if i%2 == 0 { // half of them say something
				go func() { _, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n") }()
			}
			synctest.Wait()
			f.server.guests.mu.Lock()
			n := len(f.server.guests.all)
			f.server.guests.mu.Unlock()
			if n > maxGuests {
				t.Fatalf("%d connections", n)
			}
		}
		alive(t, first, "A.O:SPY261218C00500000")
		alive(t, f.enter("good"), "A.*")
		time.Sleep(idleTimeout + headerTimeout)
		synctest.Wait()
		if n := len(closed); n != 200 {
			t.Errorf("%d of 200 were shown out", n)
		}
		f.server.guests.mu.Lock()
		n := len(f.server.guests.all)
		f.server.guests.mu.Unlock()
		if n > 2 {
			t.Errorf("%d connections are still listed", n)
		}
		f.stop()
	})
}

// A web page is no client, of the stream or of REST, whatever it is named after.
func TestOriginIsRefused(t *testing.T) {
	f := serve(t, exchange.Options{Seed: 1, Start: monday, Rate: 1}, ServerOptions{Key: "good"})
	for _, origin := range []string{"http://evil.test", "http://sim", "null"} {
		header := http.Header{"Origin": {origin}}
		_, answer, err := websocket.Dial(t.Context(), "ws://sim/options", &websocket.DialOptions{HTTPClient: f.client, HTTPHeader: header})
		if err == nil || answer == nil || answer.StatusCode != http.StatusForbidden {
			t.Errorf("%s: a WebSocket, %v", origin, err)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://sim/v1/marketstatus/now?apiKey=good", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header = header
		got, err := f.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if _ = got.Body.Close(); got.StatusCode != http.StatusForbidden || got.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: REST answers %d", origin, got.StatusCode)
		}
	}
}

// Before the login a message may be 64 KB, after it as long as a subscription is.
func TestLongMessagesWantALogin(t *testing.T) {
	f := serve(t, exchange.Options{Seed: 1, Start: monday, Rate: 1}, ServerOptions{Key: "good"})
	long := `{"action":"subscribe","params":"A.O:SPY261218C00500000` + strings.Repeat(",A.O:SPY261218C00510000", 10_000) + `"}`
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	stranger, _, err := websocket.Dial(ctx, "ws://sim/options", &websocket.DialOptions{HTTPClient: f.client})
	if err != nil {
		t.Fatal(err)
	}
	defer stranger.CloseNow()  //nolint:errcheck // it is closed
	var writing sync.WaitGroup // a pipe holds nothing: who only writes never hears the goodbye
	writing.Go(func() { _ = stranger.Write(ctx, websocket.MessageText, []byte(long)) })
	defer writing.Wait()
	for err == nil {
		_, _, err = stranger.Read(ctx)
	}
	if ctx.Err() != nil {
		t.Errorf("the stranger is still there: %v", err)
	}
	known := f.enter("good")
	known.SetReadLimit(1 << 20)
	if err := known.Write(ctx, websocket.MessageText, []byte(long)); err != nil {
		t.Fatal(err)
	}
	alive(t, known, "A.O:SPY261218C00520000")
}
