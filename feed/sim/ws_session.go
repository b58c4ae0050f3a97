package sim

import (
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coder/websocket"

	"optflow/feed/sim/exchange"
	"optflow/model/crash"
)

// client is one WebSocket connection. Its reader obeys commands, its writer sends
// what the pump and the reader queued; neither waits for the other.
type client struct {
	server  *Server
	conn    *websocket.Conn
	dialect Dialect
	only    exchange.Channel   // the origin dialect's channel
	cut     context.CancelFunc // drops the connection now, whatever is queued
	request context.Context    // of the handshake: it names the connection

	mu     sync.Mutex
	key    string // once authenticated
	authed bool
	subs   subscriptions
	queue  queue
	done   bool // nothing is queued any more
}

// ending says how the writer ends a session once the queue is sent.
type ending struct {
	set  bool
	code websocket.StatusCode // 0: drop the connection without a close frame
	text string
}

// socketPath tells WebSocket endpoints from the rest: /options of the massive
// dialect, /options/A and /options/AM of the origin one.
func (s *Server) socketPath(r *http.Request) (only exchange.Channel, d Dialect, ok bool) {
	switch r.URL.Path {
	case "/options":
		d = Massive
	case "/options/A":
		only, d = exchange.ChannelA, Origin
	case "/options/AM":
		only, d = exchange.ChannelAM, Origin
	}
	return only, d, slices.Contains(s.options.Dialects, d)
}

// serveSocket runs a session until it ends.
func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request, d Dialect, only exchange.Channel) {
	options := &websocket.AcceptOptions{}
	if !s.options.NoCompression {
		options.CompressionMode = websocket.CompressionContextTakeover
	}
	conn, err := websocket.Accept(w, r, options)
	if one := guestOf(r.Context()); one != nil { // nobody else tells of a WebSocket's end
		defer s.guests.leave(one.conn)
	}
	if err != nil {
		return // Accept has answered
	}
	conn.SetReadLimit(maxHello)
	ctx, cut := context.WithCancel(context.Background())
	defer cut()
	one := &client{
		server: s, conn: conn, dialect: d, only: only, cut: cut, request: r.Context(),
		queue: queue{limit: s.options.QueueBytes, ready: make(chan struct{}, 1)},
	}
	if !s.enter(one) {
		_ = conn.CloseNow()
		return
	}
	defer s.leave(one)

	timer := time.AfterFunc(s.options.AuthTimeout, crash.Guarded("simulated market", one.authTimeout))
	defer timer.Stop()
	written := make(chan struct{})
	crash.Go("simulated market", func() {
		defer close(written)
		one.write(ctx)
	})
	one.status("connected", "Connected Successfully")
	if d == Origin {
		if key := r.URL.Query().Get("apiKey"); key != "" {
			one.auth(key)
		}
	}
	one.read(ctx)
	one.finish(ending{set: true})
	<-written
}

// enter lists a session; false once the server is going down.
func (s *Server) enter(one *client) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.serving {
		return false
	}
	s.sessions = append(s.sessions, one)
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return true
}

func (s *Server) leave(one *client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions = slices.DeleteFunc(s.sessions, func(other *client) bool { return other == one })
}

// read obeys commands until the connection ends.
func (c *client) read(ctx context.Context) {
	for {
		_, r, err := c.conn.Reader(ctx)
		if err != nil {
			return
		}
		text, err := io.ReadAll(r)
		if err != nil {
			return
		}
		c.command(text)
	}
}

// write sends what is queued until the session ends, and then ends it as asked.
func (c *client) write(ctx context.Context) {
	for {
		batch, end, ok := c.queue.take(ctx)
		if !ok {
			_ = c.conn.CloseNow()
			return
		}
		if err := batch.frames(func(frame []byte) error {
			return c.conn.Write(ctx, websocket.MessageText, frame)
		}); err != nil {
			_ = c.conn.CloseNow()
			return
		}
		if end.set {
			if end.code != 0 {
				_ = c.conn.Close(end.code, end.text)
			}
			_ = c.conn.CloseNow()
			return
		}
	}
}

// finish lets the writer send what is queued and end the session.
func (c *client) finish(e ending) {
	c.mu.Lock()
	c.done = true
	c.mu.Unlock()
	c.queue.end(e)
}

// authTimeout ends a session that has not authenticated in time.
func (c *client) authTimeout() {
	c.mu.Lock()
	authed := c.authed || c.done
	c.mu.Unlock()
	if !authed {
		c.status("auth_timeout", "No authentication request received.")
		c.finish(ending{set: true, code: websocket.StatusPolicyViolation, text: "auth timeout"})
	}
}
