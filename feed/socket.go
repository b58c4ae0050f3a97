package feed

import (
	"context"
	"sync/atomic"
	"time"

	"optflow/feed/link"
	"optflow/feed/source"
	"optflow/model"
	"optflow/model/crash"
)

const (
	pingEvery   = 20 * time.Second // only to provoke traffic: a pong proves no health
	pongTimeout = 15 * time.Second
	sendTimeout = 10 * time.Second
	sendQueue   = 16 // one batch is in flight at a time: never full
)

// socket is one attempt at the stream, from the dial to the end. One goroutine
// reads messages into the ring, others write, ping and close.
type socket struct {
	id     uint64
	cancel context.CancelFunc
	abrupt atomic.Bool // end without a goodbye
	conn   source.Conn // the engine's view of it: set once dialled
	send   chan func(context.Context, source.Conn) error
	now    func() time.Time
}

// dial starts an attempt. What comes of it comes back as events.
func (e *Engine) dial(d link.Dial) {
	e.count.Dials++
	if d.Again {
		e.count.Reconnects++
	}
	own, cancel := context.WithCancel(context.Background())
	s := &socket{id: d.Conn, cancel: cancel, now: e.o.Machine.Now, send: make(chan func(context.Context, source.Conn) error, sendQueue)}
	e.socket, e.stream.unreadable = s, 0
	open := e.source.Dial(d)
	e.spawn(func(ctx context.Context) {
		defer cancel()
		stop := context.AfterFunc(ctx, crash.Guarded("stream", cancel))
		defer stop()
		conn, err := s.open(own, open)
		if err != nil {
			e.post(own, func() { e.hungUp(s, err) })
			return
		}
		reading, halt := context.WithCancel(context.Background())
		e.spawn(func(context.Context) { defer halt(); s.close(own, conn) })
		if !e.post(own, func() { e.dialled(s, conn) }) {
			return
		}
		e.spawn(func(context.Context) { s.write(own, conn) })
		e.spawn(func(context.Context) { s.ping(own, conn) })
		err = s.read(reading, conn, e.ring)
		e.post(own, func() { e.hungUp(s, err) })
	})
}

// dialled is a dial that went well.
func (e *Engine) dialled(s *socket, conn source.Conn) {
	if e.socket == s {
		s.conn = conn
		e.step(link.Up{Conn: s.id, Bare: conn.Bare(), Compressed: conn.Compressed()})
	}
}

// hungUp is a dial that failed, or the end of a connection that we did not end.
// What the server said before decides, so that is read first.
func (e *Engine) hungUp(s *socket, err error) {
	switch {
	case e.socket != s:
	case s.conn != nil && !e.ring.empty():
		e.parting = func() { e.hungUp(s, err) }
	default:
		e.step(link.Down{Conn: s.id, End: e.source.End(err)})
	}
}

func (s *socket) open(ctx context.Context, open func(context.Context) (source.Conn, error)) (source.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, link.DialTimeout)
	defer cancel()
	return open(ctx)
}

// close ends the connection when ctx does, politely where that is of use.
func (s *socket) close(ctx context.Context, conn source.Conn) {
	<-ctx.Done()
	if s.abrupt.Load() {
		conn.CloseNow()
	} else {
		conn.Close()
	}
}

// read waits for nothing but the socket.
func (s *socket) read(ctx context.Context, conn source.Conn, into *ring) error {
	buf := make([]byte, 0, 4096)
	for {
		data, err := conn.Read(ctx, buf)
		if err != nil {
			return err
		}
		buf = into.push(frame{data: data, at: s.now(), conn: s.id})
	}
}

func (s *socket) write(ctx context.Context, conn source.Conn) {
	for {
		select {
		case <-ctx.Done():
			return
		case send := <-s.send:
			limited, cancel := context.WithTimeout(ctx, sendTimeout)
			err := send(limited, conn)
			cancel()
			if err != nil {
				s.abrupt.Store(true)
				conn.CloseNow() // the reader then reports the loss
				return
			}
		}
	}
}

func (s *socket) ping(ctx context.Context, conn source.Conn) {
	ticker := time.NewTicker(pingEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			limited, cancel := context.WithTimeout(ctx, pongTimeout)
			conn.Ping(limited) //nolint:errcheck // Heard tells what came in
			cancel()
		}
	}
}

// tell hands a command to the writer.
func (s *socket) tell(send func(context.Context, source.Conn) error) {
	select {
	case s.send <- send:
	default:
		s.end(true) // a writer this far behind is stuck; the deadlines do the rest
	}
}

// ask tells the server what is wanted, or not any more.
func (s *socket) ask(a link.Ask, contracts *model.Contracts) {
	var symbols []string
	for _, id := range a.IDs {
		symbols = append(symbols, contracts.At(id).Symbol)
	}
	s.tell(func(ctx context.Context, conn source.Conn) error {
		if a.Drop {
			return conn.Unsubscribe(ctx, a.Channel, symbols)
		}
		return conn.Subscribe(ctx, a.Channel, symbols)
	})
}

// end lets go of the connection; its goroutines end by themselves.
func (s *socket) end(abrupt bool) {
	s.abrupt.Store(abrupt)
	s.cancel()
}

// tick is the passing of time, with what the connection shows of itself.
func (s *socket) tick(late bool) link.Tick {
	t := link.Tick{Late: late}
	if s != nil && s.conn != nil {
		t.Heard = s.conn.Heard()
		if since, coming := s.conn.Partial(); coming {
			t.Partial = since
		}
	}
	return t
}
