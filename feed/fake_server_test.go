package feed

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"optflow/feed/link"
	"optflow/feed/massive"
)

// server is a scripted WebSocket server. Its knobs may be turned at any time.
type server struct {
	market *market

	mu          sync.Mutex
	dialErr     error
	blackHole   bool               // a dial hangs
	mute        bool               // no greeting
	noLogin     bool               // no answer to the login
	login       [2]string          // status and message; empty: success
	refuseAll   [2]string          // answer to a wildcard
	refuseNames [2]string          // answer to names
	refuseSome  string             // the one symbol that is refused, without being named
	noAcks      bool               // subscriptions are not acknowledged
	silent      bool               // no data on a wildcard
	noWildcard  bool               // acknowledged, no data on it
	without     string             // no data of symbols that begin so
	twice       bool               // every frame comes twice
	event       func(b bar) string // what is sent of a bar; nil: the truth
	deaf        bool               // nothing inbound counts as heard
	ackDelay    time.Duration      // of subscriptions
	compresses  bool               // an offer to compress is taken
	onDial      func(n int, w *fakeWire)

	dials   []time.Time
	urls    []string
	offers  []bool // to compress, by dial
	logins  int
	wires   []*fakeWire // that were not over when the last one joined
	joined  int
	batches []int // names in each subscribe message
}

// dial is Options.Dial.
func (s *server) dial(ctx context.Context, at Endpoint, _ link.Channel) (Wire, error) {
	s.mu.Lock()
	s.dials = append(s.dials, time.Now())
	s.urls = append(s.urls, at.URL)
	s.offers = append(s.offers, at.Compress)
	err, hole := s.dialErr, s.blackHole
	s.mu.Unlock()
	if hole {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	w := &fakeWire{server: s, in: make(chan []byte, 4096), gone: make(chan struct{}), heard: time.Now(), pairs: map[string]bool{}}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.joined++
	w.compressed = at.Compress && s.compresses
	s.wires = append(slices.DeleteFunc(s.wires, (*fakeWire).over), w)
	if !s.mute {
		w.say("connected", "Connected Successfully")
	}
	if s.onDial != nil {
		go s.onDial(s.joined, w)
	}
	return w, nil
}

// offered says, dial by dial, whether compression was offered.
func (s *server) offered() []bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.offers)
}

// dialTimes, urlsDialled, batchSizes and loggedIn are safe while it runs.
func (s *server) dialTimes() []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.dials)
}

func (s *server) urlsDialled() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.urls)
}

func (s *server) batchSizes() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.batches)
}

func (s *server) loggedIn() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logins
}

func (s *server) set(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

func (s *server) dialled() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.dials)
}

// last is the newest connection.
func (s *server) last() *fakeWire {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.wires) == 0 {
		return nil
	}
	return s.wires[len(s.wires)-1]
}

// broadcast sends bars to whoever is subscribed to them.
func (s *server) broadcast(bars []bar) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.wires {
		var events []string
		for _, b := range bars {
			if s.without != "" && strings.HasPrefix(b.symbol, s.without) {
				continue
			}
			if w.pairs[b.channel+"."+b.symbol] || w.pairs[b.channel+".*"] && !s.noWildcard {
				events = append(events, s.say(b))
			}
		}
		if len(events) == 0 || s.silent {
			continue
		}
		frame := []byte("[" + strings.Join(events, ",") + "]")
		w.put(frame)
		if s.twice {
			w.put(frame)
		}
	}
}

// say is a bar as it is sent.
func (s *server) say(b bar) string {
	if s.event != nil {
		return s.event(b)
	}
	return b.json()
}

// fakeWire is the client's end of one connection to the server.
type fakeWire struct {
	server *server
	in     chan []byte
	gone   chan struct{}

	mu     sync.Mutex
	err    error
	heard  time.Time
	pairs  map[string]bool
	closed bool

	compressed bool
}

func (w *fakeWire) put(data []byte) {
	select {
	case <-w.gone:
	case w.in <- data:
	default: // nobody reads
	}
}

func (w *fakeWire) say(status, message string) {
	w.put(fmt.Appendf(nil, `[{"ev":"status","status":%q,"message":%q}]`, status, message))
}

// wait waits, and says no when the connection ended before.
func (w *fakeWire) wait(d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-w.gone:
		return false
	}
}

func (w *fakeWire) over() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.closed
}

// holds says whether a pair is subscribed to.
func (w *fakeWire) holds(pair string) bool {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	return w.pairs[pair]
}

// cut ends the connection as the server does, with an error for the reader.
func (w *fakeWire) cut(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closed {
		w.closed, w.err = true, err
		close(w.gone)
	}
}

func (w *fakeWire) Read(ctx context.Context, buf []byte) ([]byte, error) {
	select {
	case data := <-w.in:
		return w.read(buf, data), nil
	default:
	}
	select {
	case data := <-w.in:
		return w.read(buf, data), nil
	case <-w.gone:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select { // what was said before the end comes before it
	case data := <-w.in:
		return w.read(buf, data), nil
	default:
		return nil, w.err
	}
}

func (w *fakeWire) read(buf, data []byte) []byte {
	w.mu.Lock()
	w.heard = time.Now()
	w.mu.Unlock()
	return append(buf[:0], data...)
}

func (w *fakeWire) Login(context.Context) error {
	s := w.server
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logins++
	switch {
	case s.noLogin:
	case s.login[0] != "":
		w.say(s.login[0], s.login[1])
		if s.login[0] == "auth_failed" {
			w.cut(net.ErrClosed)
		}
	default:
		w.say("auth_success", "authenticated")
	}
	return nil
}

func (w *fakeWire) Subscribe(ctx context.Context, ch link.Channel, symbols []string) error {
	s := w.server
	s.mu.Lock()
	delay := s.ackDelay
	s.mu.Unlock()
	if delay > 0 {
		time.Sleep(delay)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	refuse := s.refuseNames
	if symbols == nil {
		symbols, refuse = []string{"*"}, s.refuseAll
	}
	s.batches = append(s.batches, len(symbols))
	if refuse[0] != "" {
		w.say(refuse[0], refuse[1])
		return nil
	}
	if s.noAcks {
		return nil
	}
	for _, symbol := range symbols {
		pair := massive.NameOf(ch) + "." + symbol
		if w.pairs[pair] {
			continue // held already: not acknowledged again
		}
		if symbol == s.refuseSome {
			w.say("error", "not authorized")
			continue
		}
		w.pairs[pair] = true
		w.say("success", "subscribed to: "+pair)
	}
	return nil
}

func (w *fakeWire) Unsubscribe(_ context.Context, ch link.Channel, symbols []string) error {
	s := w.server
	s.mu.Lock()
	defer s.mu.Unlock()
	if symbols == nil {
		symbols = []string{"*"}
	}
	for _, symbol := range symbols {
		pair := massive.NameOf(ch) + "." + symbol
		delete(w.pairs, pair)
		if !s.noAcks {
			w.say("success", "unsubscribed to: "+pair)
		}
	}
	return nil
}

func (w *fakeWire) Ping(ctx context.Context) error {
	w.server.mu.Lock()
	deaf := w.server.deaf
	w.server.mu.Unlock()
	if deaf {
		<-ctx.Done()
		return massive.ErrNoPong
	}
	w.mu.Lock()
	w.heard = time.Now()
	w.mu.Unlock()
	return nil
}

func (w *fakeWire) Heard() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.heard
}

func (w *fakeWire) Compressed() bool           { return w.compressed }
func (w *fakeWire) Partial() (time.Time, bool) { return time.Time{}, false }
func (w *fakeWire) Close()                     { w.cut(net.ErrClosed) }
func (w *fakeWire) Bare() bool                 { return false }
func (w *fakeWire) CloseNow()                  { w.cut(net.ErrClosed) }

func (s *server) isDeaf() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.deaf
}
