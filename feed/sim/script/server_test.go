package script

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// serve runs a script's server and returns its URL.
func serve(t *testing.T, text string) (*Server, string) {
	t.Helper()
	parsed, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	s := NewServer(parsed, nil)
	web := httptest.NewServer(s)
	t.Cleanup(func() { s.Close(); web.Close() })
	return s, web.URL
}

func dial(t *testing.T, url string) (*websocket.Conn, *http.Response, context.Context) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	c, answer, err := websocket.Dial(ctx, url, &websocket.DialOptions{HTTPClient: &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true}, // a request on a used connection is repeated
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}})
	if err != nil {
		return nil, answer, ctx
	}
	t.Cleanup(func() { _ = c.CloseNow() })
	return c, answer, ctx
}

// The whole of a session, as a client of the WebSocket package sees it.
func TestSession(t *testing.T) {
	s, url := serve(t, `connect ok; auth ok; stall 50ms; ping 1; send 20 bars; lose 4 bars; status hello "there"; text "[]"; close 1012 "bye"`)
	c, answer, ctx := dial(t, url)
	if c == nil || answer.Header.Get("Server") != ServerName {
		t.Fatalf("answer %v", answer)
	}
	read := func() string {
		_, data, err := c.Read(ctx)
		if err != nil {
			return err.Error()
		}
		return string(data)
	}
	say := func(text string) { _ = c.Write(ctx, websocket.MessageText, []byte(text)) }
	want := func(part string) string {
		t.Helper()
		got := read()
		if !strings.Contains(got, part) {
			t.Fatalf("%q, want %q", got, part)
		}
		return got
	}
	want("Connected Successfully")
	say(`{"action":"auth","params":"k"}`)
	want("auth_success")
	say(`{"action":"subscribe","params":"A.*,A.*"}`)
	want("subscribed to: A.*")
	var bars []struct {
		Sym   string
		V, Av int64
		S     int64
	}
	if err := json.Unmarshal([]byte(want(`"ev":"A"`)), &bars); err != nil || len(bars) != 20 {
		t.Fatalf("%d bars, %v", len(bars), err)
	}
	want(`"hello"`)
	want("[]")
	if got := read(); !strings.Contains(got, "StatusServiceRestart") || !strings.Contains(got, "bye") {
		t.Errorf("ended with %q", got)
	}
	if s.Logins() != 1 || len(s.Dials()) != 1 {
		t.Errorf("%d logins, %d dials", s.Logins(), len(s.Dials()))
	}
	sent := map[string]int64{}
	for _, b := range bars {
		sent[b.Sym] += b.V
		if b.Av != sent[b.Sym] {
			t.Errorf("%s: %d of the day, %d sent", b.Sym, b.Av, sent[b.Sym])
		}
	}
	total, lost := int64(0), int64(0)
	for symbol, day := range s.Traded() {
		total, lost = total+day, lost+day-sent[symbol]
	}
	if total == 0 || lost != 1+2+3+4 {
		t.Errorf("traded %d, %d lost", total, lost)
	}
	answer, err := http.Get(url + "/v3/snapshot/options/SPY")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var page struct {
		Results []struct{ Day struct{ Volume int64 } }
	}
	body, _ := io.ReadAll(answer.Body)
	if err := json.Unmarshal(body, &page); err != nil || len(page.Results) != 8 {
		t.Fatalf("%s, %v", body, err)
	}
	for _, row := range page.Results {
		total -= row.Day.Volume
	}
	if total != 0 {
		t.Errorf("REST and the truth differ by %d", total)
	}
}

// Connections play one session after another, the last one again and again.
func TestSessionsInTurn(t *testing.T) {
	_, url := serve(t, "connect status 503 after 20\nconnect page\nconnect redirect \"http://elsewhere.test/\"\nconnect drop\nconnect ok; drop")
	for i, want := range []int{503, 200, 302, 0, 101, 101} {
		c, answer, ctx := dial(t, url)
		code := 0
		if answer != nil {
			code = answer.StatusCode
		}
		if code != want || i == 0 && answer.Header.Get("Retry-After") != "20" {
			t.Errorf("connection %d: %d, want %d", i, code, want)
		}
		if c != nil {
			_, _, _ = c.Read(ctx)
			if _, _, err := c.Read(ctx); err == nil {
				t.Error("not dropped")
			}
		}
	}
}
