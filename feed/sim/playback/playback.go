// Package playback serves a capture again over the same wire: the stream's
// messages at the pace at which they came, and to each request the answer that was
// captured nearest to its time. What was not captured is answered by 503, never by
// nothing.
package playback

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"optflow/feed/capture"
	"optflow/model/crash"
)

// ServerName is the Server header of every answer: whatever was captured, this is
// no market.
const ServerName = "optflow-sim"

// Server plays one capture, once, from the first request on. It is an
// http.Handler, safe for concurrent use.
type Server struct {
	capture *capture.Capture
	answers answers
	speed   float64
	now     func() time.Time
	first   time.Duration // in the capture, when something was first asked for

	mu    sync.Mutex
	began time.Time // zero: nobody has asked yet
	dials int
	done  context.Context // nil before Serve
	group sync.WaitGroup
}

// NewServer plays a capture at a multiple of its pace. Now is nil but in tests.
func NewServer(c *capture.Capture, speed float64, now func() time.Time) *Server {
	if now == nil {
		now = time.Now
	}
	s := &Server{capture: c, answers: sorted(c), speed: speed, now: now, first: c.Until}
	for i := range c.Answers {
		s.first = min(s.first, c.Answers[i].Time())
	}
	for i := range c.Conns {
		s.first = min(s.first, c.Conns[i].Dialled)
	}
	return s
}

// Serve accepts on l until ctx ends or l fails, and returns once all sessions
// have ended: nil after ctx ended.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	s.mu.Lock()
	s.done = ctx
	s.mu.Unlock()
	web := &http.Server{Handler: s, ErrorLog: log.New(io.Discard, "", 0), ReadHeaderTimeout: 10 * time.Second}
	closing := context.AfterFunc(ctx, crash.Guarded("playback", func() { _ = web.Close() }))
	defer closing()
	err := web.Serve(l)
	ended := ctx.Err() != nil
	stop()
	s.group.Wait()
	if ended {
		return nil
	}
	return fmt.Errorf("serve the capture: %w", err)
}

// ServeHTTP answers handshakes by the captured connections and all else by REST.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Server", ServerName)
	if r.Header.Get("Origin") != "" { // a web page, which has no business here
		http.Error(w, "this server is not for web pages", http.StatusForbidden)
		return
	}
	at := s.elapsed()
	if r.Header.Get("Upgrade") == "" {
		s.answer(w, r, at)
		return
	}
	if number, again, ok := s.dialled(); ok {
		s.play(w, r, &s.capture.Conns[number], again)
		return
	}
	http.Error(w, "no stream was dialled in this capture", http.StatusServiceUnavailable)
}

// dialled is which captured connection a dial gets: the next, and once there is no
// other the last one again, from where the play is.
func (s *Server) dialled() (number int, again, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dials++
	most := len(s.capture.Conns)
	return min(s.dials, most) - 1, s.dials > most, most > 0
}

// elapsed is how far the play is, in the capture's time. The first one who asks
// begins it.
func (s *Server) elapsed() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if s.began.IsZero() {
		s.began = now
	}
	return s.first + time.Duration(float64(now.Sub(s.began))*s.speed)
}

// until is how long it is, on this machine, to a moment of the capture.
func (s *Server) until(at time.Duration) time.Duration {
	return time.Duration(float64(at-s.elapsed()) / s.speed)
}
