package feed

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"optflow/feed/link"
	"optflow/feed/massive"
	"optflow/feed/plan"
	"optflow/model"
	"optflow/model/crash"
)

const (
	pingEvery   = 20 * time.Second // only to provoke traffic: a pong proves no health
	pongTimeout = 15 * time.Second
	sendTimeout = 10 * time.Second
	sendQueue   = 16 // one batch is in flight at a time: never full
)

// connection is one attempt at the stream, from the dial to the end. Its
// goroutine reads frames into the ring; another writes.
type connection struct {
	id      uint64
	delayed bool
	cancel  context.CancelFunc
	abrupt  atomic.Bool // end without a goodbye
	wire    Wire        // the engine's view of it: set once dialled
	send    chan func(context.Context, Wire) error

	planWords string    // what the server last said of the plan on it
	planAt    time.Time // and when
}

// connect starts an attempt.
func (e *Engine) connect() {
	m := &e.machine
	m.conns++
	at := e.o.Realtime
	if m.delayed {
		at = e.o.Delayed
	}
	at.Compress = at.Compress && m.offers(e.now)
	c := &connection{id: m.conns, delayed: m.delayed, send: make(chan func(context.Context, Wire) error, sendQueue)}
	m.conn = c
	ch := massive.ChannelOf(e.window.wanted)
	own, cancel := context.WithCancel(context.Background())
	c.cancel = cancel
	e.spawn(func(ctx context.Context) {
		defer cancel()
		stop := context.AfterFunc(ctx, crash.Guarded("stream", cancel))
		defer stop()
		e.serve(own, c, at, ch)
	})
}

// serve dials, then reads until the connection or ctx ends.
func (e *Engine) serve(ctx context.Context, c *connection, at Endpoint, ch massive.Channel) {
	dialCtx, cancel := context.WithTimeout(ctx, dialTimeout)
	wire, err := e.o.Dial(dialCtx, at, ch)
	cancel()
	if err != nil {
		e.post(ctx, func() { e.dialFailed(c, err) })
		return
	}
	reading, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	crash.Go("stream", func() { // ends the reading, politely where that is of use
		defer close(ended)
		<-ctx.Done()
		if c.abrupt.Load() {
			wire.CloseNow()
		} else {
			wire.Close(1000, "") //nolint:errcheck // it is over either way
		}
		stop()
	})
	defer func() { c.cancel(); <-ended }()
	if !e.post(ctx, func() { e.dialled(c, wire) }) {
		return
	}
	var own sync.WaitGroup
	own.Go(crash.Guarded("stream", func() { c.write(ctx, wire) }))
	own.Go(crash.Guarded("stream", func() { c.ping(ctx, wire) }))
	err = e.read(reading, c, wire)
	e.post(ctx, func() { e.closed(c, err) })
	c.cancel()
	own.Wait()
}

// read is the socket's reader: it waits for nothing but the socket.
func (e *Engine) read(ctx context.Context, c *connection, wire Wire) error {
	buf := make([]byte, 0, 4096)
	for {
		data, err := wire.Read(ctx, buf)
		if err != nil {
			return err
		}
		buf = e.ring.push(frame{data: data, at: time.Now(), conn: c.id})
	}
}

func (c *connection) write(ctx context.Context, wire Wire) {
	for {
		select {
		case <-ctx.Done():
			return
		case send := <-c.send:
			limited, cancel := context.WithTimeout(ctx, sendTimeout)
			err := send(limited, wire)
			cancel()
			if err != nil {
				c.abrupt.Store(true)
				wire.CloseNow() // the reader then reports the loss
				return
			}
		}
	}
}

func (c *connection) ping(ctx context.Context, wire Wire) {
	ticker := time.NewTicker(pingEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			limited, cancel := context.WithTimeout(ctx, pongTimeout)
			wire.Ping(limited) //nolint:errcheck // Heard tells what came in
			cancel()
		}
	}
}

// tell hands a command to the writer.
func (c *connection) tell(send func(context.Context, Wire) error) {
	select {
	case c.send <- send:
	default:
		c.abrupt.Store(true)
		c.cancel() // a writer this far behind is stuck; the deadlines do the rest
	}
}

func (e *Engine) dialled(c *connection, wire Wire) {
	if e.machine.conn != c {
		return
	}
	c.wire = wire
	e.stream.frameErrors = 0
	if e.dialect(c) == massive.Origin {
		e.accept() // the key was in the URL: there is neither greeting nor login
		e.subscribe()
		return
	}
	e.enter(model.PhaseGreeting, greetingTimeout, e.machine.reason)
}

func (e *Engine) dialect(c *connection) massive.Dialect {
	if c.delayed {
		return e.o.Delayed.Dialect
	}
	return e.o.Realtime.Dialect
}

// assume tells the decoder which channel bars without a name of it are on.
func (e *Engine) assume() {
	e.decoder.Assume = ""
	if e.o.Realtime.Dialect == massive.Origin || e.o.Delayed.Dialect == massive.Origin {
		e.decoder.Assume = massive.ChannelOf(e.window.wanted)
	}
}

func (e *Engine) dialFailed(c *connection, err error) {
	if e.machine.conn != c {
		return
	}
	var d *massive.DialError
	if !errors.As(err, &d) {
		e.lost(err.Error(), 0, true)
		return
	}
	if d.Code == http.StatusSwitchingProtocols { // some answer the offer of compression with what we cannot do
		e.machine.plainUntil = e.now.Add(plainFor)
	}
	switch {
	case d.Refused(), d.Entitlement():
		e.handshakeDenied(d)
	case !d.Temporary():
		e.lost(d.Error(), link.BackoffCap, true)
	default:
		e.lost(d.Error(), d.RetryAfter, true)
	}
}

// closed is the end of a connection that we did not end.
func (e *Engine) closed(c *connection, err error) {
	if e.machine.conn != c {
		return
	}
	if !e.ring.empty() { // what the server said before it closed decides
		e.parting = func() { e.closed(c, err) }
		return
	}
	m := &e.machine
	if m.phase == model.PhaseAuthenticating {
		e.lost("server closed the connection at login", 0, true)
		return
	}
	if errors.Is(err, massive.ErrTooBig) {
		e.plain("a message was too big to read") // a bomb, if it was compressed
		e.lost("server sent a message too big to read", 0, true)
		return
	}
	if errors.Is(err, massive.ErrCompression) {
		reason, least := e.misunderstood("server sent what cannot be inflated")
		e.lost(reason, least, true)
		return
	}
	var bye *massive.CloseError
	if !errors.As(err, &bye) {
		e.lost(reasonLost, 0, true)
		return
	}
	if bye.Code == closedByPolicy && c.planWords != "" && e.now.Sub(c.planAt) < ackTimeout { // it said why before
		e.denied(plan.NoPlan, c.planWords, endedWait)
		return
	}
	reason, least := e.goodbye(bye)
	e.lost(reason, least, true)
}

const closedByPolicy = 1008

// goodbye says what a close code asks of us (docs/faults.md#close-codes).
func (e *Engine) goodbye(bye *massive.CloseError) (reason string, least time.Duration) {
	m := &e.machine
	jitter := func(low, high time.Duration) time.Duration { return link.Spread(e.o.Rand, low, high) }
	switch bye.Code {
	case 1000, 1005, 1006:
		return reasonLost, 0
	case 1001:
		return "server is going away", jitter(time.Second, 2*time.Second)
	case 1002, 1003, 1007:
		return e.misunderstood(fmt.Sprintf("protocol error (%d)", bye.Code))
	case closedByPolicy:
		if within(&m.slow, e.now, 10*time.Minute) >= 2 {
			e.subs.shed(e)
		}
		return "server dropped us as too slow", 5 * time.Second
	case 1009:
		e.subs.limit = max(e.subs.limit/2, 1)
		return "server found a message of ours too big", 0
	case 1011:
		return "server error", 0
	case 1012:
		return "server restarts", jitter(time.Second, 5*time.Second)
	case 1013:
		return "server asks to come back later", 10 * time.Second
	case 1015:
		return "TLS failed", 0
	}
	e.log.Info("feed closed", "code", bye.Code, "reason", bye.Reason)
	return fmt.Sprintf("server closed the connection (%d)", bye.Code), 0
}

// within adds now to the times and counts those not older than span.
func within(times *[]time.Time, now time.Time, span time.Duration) int {
	kept := (*times)[:0]
	for _, t := range *times {
		if now.Sub(t) <= span {
			kept = append(kept, t)
		}
	}
	*times = append(kept, now)
	return len(*times)
}
