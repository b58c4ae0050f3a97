package massive

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"optflow/feed/link"
	"optflow/feed/massive/wiretest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// streamServer runs script for each connection and collects what it reports.
type streamServer struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*http.Request
}

func newStreamServer(t testing.TB, script func(ctx context.Context, ws *websocket.Conn)) *streamServer {
	s := &streamServer{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r.Clone(context.Background()))
		s.mu.Unlock()
		if len(r.URL.Path) < len(cluster) || r.URL.Path[:len(cluster)] != cluster {
			http.NotFound(w, r)
			return
		}
		ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionContextTakeover})
		if err != nil {
			return
		}
		defer ws.CloseNow()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		script(ctx, ws)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *streamServer) last() *http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests[len(s.requests)-1]
}

func (s *streamServer) ws() string { return "ws" + strings.TrimPrefix(s.URL, "http") }

func dialTest(t testing.TB, url string, o StreamOptions, ch link.Channel) *Conn {
	t.Helper()
	o.URL = url
	if o.Key == nil {
		o.Key = wiretest.Secret(wiretest.Canary)
	}
	c, err := Dial(wiretest.Bounded(t), o, ch)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseNow)
	return c
}

// transcript plays a protocol: "C" lines are expected from the client, "S"
// lines sent to it. It sends what went wrong, or nothing.
func transcript(lines string, wrong chan<- string) func(context.Context, *websocket.Conn) {
	return func(ctx context.Context, ws *websocket.Conn) {
		defer close(wrong)
		for line := range strings.Lines(strings.TrimSpace(lines)) {
			who, text, _ := strings.Cut(strings.TrimSpace(line), " ")
			if who == "S" {
				if err := ws.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
					wrong <- err.Error()
					return
				}
				continue
			}
			_, got, err := ws.Read(ctx)
			if err != nil || string(got) != text {
				wrong <- "want " + text + ", got " + string(bytes.TrimSpace(got))
				return
			}
		}
		_, _, _ = ws.Read(ctx) // until the client leaves
	}
}
