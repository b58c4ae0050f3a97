package script

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"optflow/model/crash"
)

// ServerName is the Server header of every answer: the data is invented.
const ServerName = "optflow-sim"

// Server plays a script to WebSocket clients and answers REST. It is an
// http.Handler, safe for concurrent use; Wait waits for its sessions.
type Server struct {
	script *Script
	now    func() time.Time
	truth  truth

	mu      sync.Mutex
	dials   []time.Time
	rest    Step // the REST policy in force
	playing map[net.Conn]struct{}
	group   sync.WaitGroup
	done    bool
	logins  int
}

// NewServer returns a server of the script. Now is the market's time; nil is
// time.Now.
func NewServer(s *Script, now func() time.Time) *Server {
	if now == nil {
		now = time.Now
	}
	server := &Server{script: s, now: now, truth: newTruth(now), rest: Step{Verb: REST, Word: "ok"}, playing: map[net.Conn]struct{}{}}
	for _, step := range s.Before {
		if step.Verb == Contracts {
			server.truth.resize(step.N)
		} else {
			server.rest = step
		}
	}
	return server
}

// Dials are the times at which connections were asked for so far.
func (s *Server) Dials() []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.dials)
}

// Logins counts the keys that were shown.
func (s *Server) Logins() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logins
}

// Traded is the day's volume of every contract, sent or lost.
func (s *Server) Traded() map[string]int64 { return s.truth.volumes() }

// Serve accepts on l until ctx ends or l fails, and returns when all sessions
// have ended: nil after ctx ended.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	web := &http.Server{Handler: s, ErrorLog: log.New(io.Discard, "", 0), ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, crash.Guarded("script", func() { _ = web.Close() }))
	defer stop()
	err := web.Serve(l)
	s.Close()
	if ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("serve the script: %w", err)
}

// Close ends all sessions and waits for them.
func (s *Server) Close() {
	s.mu.Lock()
	s.done = true
	for c := range s.playing {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.group.Wait()
}

// ServeHTTP answers handshakes by the script and all else by REST.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Server", ServerName)
	w.Header().Set("Date", s.now().UTC().Format(http.TimeFormat))
	if r.Header.Get("Upgrade") == "" {
		s.serveREST(w, r)
		return
	}
	session := s.next()
	step := session[0]
	switch step.Word {
	case "status":
		step.answer(w, fmt.Sprintf("told to answer %d", step.N))
		return
	case "page":
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, "<html>please log in to this hotel's network</html>")
		return
	case "redirect":
		http.Redirect(w, r, step.Text, http.StatusFound)
		return
	}
	conn, err := s.hijack(w)
	if err != nil {
		return
	}
	defer s.group.Done()
	defer s.forget(conn)
	switch step.Word {
	case "drop":
		return
	case "hang":
		_, _ = conn.Read(make([]byte, 1)) // until the client gives up
		return
	}
	if _, err := conn.Write(upgrade(r, ServerName)); err != nil {
		return
	}
	p := newPlay(s, conn)
	p.run(session)
}

// answer answers with the status that a step asks for.
func (s *Step) answer(w http.ResponseWriter, body string) {
	if s.Text != "" {
		w.Header().Set("Retry-After", s.Text)
	}
	if s.Body == "" {
		http.Error(w, body, s.N)
		return
	}
	w.Header().Set("Content-Type", http.DetectContentType([]byte(s.Body)))
	if strings.HasPrefix(s.Body, "{") {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(s.N)
	_, _ = io.WriteString(w, s.Body)
}

// next is the session of a new connection.
func (s *Server) next() Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := min(len(s.dials), len(s.script.Sessions)-1)
	s.dials = append(s.dials, s.now())
	return s.script.Sessions[n]
}

// hijack takes the connection over and lists it for Close.
func (s *Server) hijack(w http.ResponseWriter) (net.Conn, error) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "no connection to take over", http.StatusInternalServerError)
		return nil, err
	}
	_ = conn.SetDeadline(time.Time{})
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done {
		_ = conn.Close()
		return nil, net.ErrClosed
	}
	s.playing[conn] = struct{}{}
	s.group.Add(1)
	return conn, nil
}

func (s *Server) forget(conn net.Conn) {
	s.mu.Lock()
	delete(s.playing, conn)
	s.mu.Unlock()
	_ = conn.Close()
}
