package playback

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"optflow/feed/capture"
	"optflow/model/crash"
)

// longestCommand is what a client may send in one message, in bytes.
const longestCommand = 1 << 20

// session is a connection that is played.
type session struct {
	server *Server
	conn   *websocket.Conn
	ctx    context.Context // ends with the client or the server
	login  chan struct{}   // a token for each
	asked  chan struct{}
}

// play plays a captured connection to a client. Again leaves out what came before
// now.
func (s *Server) play(w http.ResponseWriter, r *http.Request, c *capture.Connection, again bool) {
	if refused := c.Refused; refused != nil && !again {
		if refused.Status < 200 || refused.Status > 999 {
			panic(http.ErrAbortHandler)
		}
		http.Error(w, refused.Why, refused.Status)
		return
	}
	s.mu.Lock()
	done := s.done
	if done == nil || done.Err() != nil {
		s.mu.Unlock()
		http.Error(w, "the capture is played no more", http.StatusServiceUnavailable)
		return
	}
	s.group.Add(1)
	s.mu.Unlock()
	defer s.group.Done()
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionContextTakeover})
	if err != nil {
		return // Accept has answered
	}
	defer conn.CloseNow()
	conn.SetReadLimit(longestCommand)
	ctx, cancel := context.WithCancel(done)
	defer cancel()
	p := &session{server: s, conn: conn, ctx: ctx, login: make(chan struct{}, 1), asked: make(chan struct{}, 1)}
	s.group.Go(crash.Guarded("playback", func() { defer cancel(); p.listen() }))
	p.run(c.Events, again)
	cancel()
}

// run plays what the server said. The login and the first subscription are
// answered when the client has asked, what follows at its time.
func (p *session) run(events []capture.Event, again bool) {
	begun := p.server.elapsed()
	greeting := firstData(events)
	for i, e := range events {
		switch e.Kind {
		case capture.Login:
			if !p.await(p.login) {
				return
			}
		case capture.Subscribe:
			if i < greeting && !p.await(p.asked) {
				return
			}
		case capture.Frame:
			if i >= greeting {
				if again && e.Time() < begun {
					continue
				}
				if !p.wait(e.Time()) {
					return
				}
			}
			body, err := p.server.capture.Body(e)
			if err != nil || p.conn.Write(p.ctx, websocket.MessageText, body) != nil {
				return
			}
		case capture.Goodbye:
			if p.wait(e.Time()) {
				_ = p.conn.Close(websocket.StatusCode(e.Status), e.Why)
			}
			return
		case capture.Broken:
			p.wait(e.Time())
			return
		}
	}
	<-p.ctx.Done() // it went on: now it is silent
}

// firstData is where the greeting is over: behind the first subscription and the
// statuses that follow it.
func firstData(events []capture.Event) int {
	for i, e := range events {
		if e.Kind == capture.Subscribe {
			return i + 1
		}
	}
	return len(events)
}

// wait waits for a moment of the capture; false: the session is over.
func (p *session) wait(at time.Duration) bool {
	left := p.server.until(at)
	if left <= 0 {
		return p.ctx.Err() == nil
	}
	select {
	case <-time.After(left):
		return true
	case <-p.ctx.Done():
		return false
	}
}

func (p *session) await(said <-chan struct{}) bool {
	select {
	case <-said:
		return true
	case <-p.ctx.Done():
		return false
	}
}

// listen notes what the client asks for, until it leaves.
func (p *session) listen() {
	for {
		_, text, err := p.conn.Read(p.ctx)
		if err != nil {
			return
		}
		said := p.asked
		switch {
		case bytes.Contains(text, []byte(`"auth"`)):
			said = p.login
		case !bytes.Contains(text, []byte(`"subscribe"`)):
			continue
		}
		select {
		case said <- struct{}{}:
		default:
		}
	}
}
