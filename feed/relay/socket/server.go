package socket

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"optflow/feed/history"
	"optflow/feed/relay"
	"optflow/model"
	"optflow/model/crash"
)

// Blocks reads a day log while it is written (history.Following).
type Blocks interface {
	Next(ctx context.Context) (history.Block, error)
	Close()
}

// Server is the publisher's side. All of it is required.
type Server struct {
	Hello relay.Hello // ours: feed, epoch, process
	// Follow reads the day log from an op of a day on, and goes on with what is
	// appended.
	Follow func(date model.Date, from uint64) Blocks
	// Position is how far the log is written: the op that is next on a day, which is
	// 0 while there is none.
	Position func() (date model.Date, next uint64)
	// Trouble says in words why nothing is written; "" it is.
	Trouble func() string
	Now     func() int64 // market time in ms
	Desk    *relay.Desk
	Log     *slog.Logger
}

// Serve serves followers until ctx ends.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	var followers sync.WaitGroup
	defer followers.Wait()
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	places := make(chan struct{}, mostFollowers)
	for n := 1; ; n++ {
		c, err := l.Accept()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("waiting for followers: %w", err)
		}
		select {
		case places <- struct{}{}:
		default:
			_ = c.Close()
			continue
		}
		followers.Go(crash.Guarded("follower", func() {
			defer func() { <-places }()
			f := &guest{server: s, name: fmt.Sprint("follower ", n), conn: c}
			if err := f.serve(ctx); err != nil {
				s.Log.Info("a follower ended", "why", err)
			}
		}))
	}
}

// guest is one connection to a follower.
type guest struct {
	server *Server
	name   string
	conn   net.Conn

	block []byte // that is sent

	mu   sync.Mutex // one frame at a time
	room []byte
}

func (f *guest) serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer f.server.Desk.Leave(f.name)
	defer func() { _ = f.conn.Close() }() // what was not sent is read again
	if err := ours(f.conn); err != nil {
		return err
	}
	hello, frames, err := f.greet()
	if err != nil {
		return err
	}
	var parts sync.WaitGroup
	defer parts.Wait()
	stop := context.AfterFunc(ctx, func() {
		_ = f.bye("it ends")
		_ = f.conn.Close()
	})
	defer stop()
	parts.Go(crash.Guarded("follower", func() {
		defer cancel()
		f.positions(ctx)
	}))
	parts.Go(crash.Guarded("follower", func() {
		defer cancel()
		f.asks(ctx, frames, &parts)
	}))
	err = f.blocks(ctx, hello)
	cancel()
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// greet reads the follower's hello.
func (f *guest) greet() (relay.Hello, *relay.Reader, error) {
	frames := relay.NewReader(bufio.NewReader(f.conn))
	if err := f.conn.SetReadDeadline(time.Now().Add(greeting)); err != nil {
		return relay.Hello{}, nil, err
	}
	kind, payload, err := frames.Next()
	if err != nil {
		return relay.Hello{}, nil, fmt.Errorf("reading its hello: %w", err)
	}
	if kind != relay.TypeHello {
		return relay.Hello{}, nil, relay.ErrBroken
	}
	hello, err := relay.ReadHello(payload)
	if errors.Is(err, relay.ErrNewer) {
		err = f.json(relay.TypeHello, f.server.Hello) // it knows better whether it can follow us
		return hello, nil, errors.Join(relay.ErrNewer, err)
	}
	if err == nil && hello.Feed != f.server.Hello.Feed {
		err = f.bye("here is " + f.server.Hello.Feed)
		return hello, nil, errors.Join(errors.New("it follows "+hello.Feed), err)
	}
	if err != nil {
		return hello, nil, err
	}
	if err := f.json(relay.TypeHello, f.server.Hello); err != nil {
		return hello, nil, err
	}
	return hello, frames, f.conn.SetReadDeadline(time.Time{})
}

// send writes one frame, made in a buffer that is reused.
func (f *guest) send(make func(into []byte) ([]byte, error)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	data, err := make(f.room[:0])
	if err != nil {
		return err
	}
	if f.room = data; cap(f.room) > 1<<20 {
		f.room = nil
	}
	if err := f.conn.SetWriteDeadline(time.Now().Add(stalled)); err != nil {
		return err
	}
	_, err = f.conn.Write(data)
	return err
}

func (f *guest) json(t relay.Type, value any) error {
	return f.send(func(into []byte) ([]byte, error) { return relay.AppendJSON(into, t, value) })
}

// bye says why nothing more comes, as far as there is somebody to hear it.
func (f *guest) bye(why string) error {
	if !f.mu.TryLock() { // it does not read
		return nil
	}
	defer f.mu.Unlock()
	_ = f.conn.SetWriteDeadline(time.Now().Add(time.Second))
	_, err := f.conn.Write(relay.AppendFrame(nil, relay.TypeBye, []byte(why)))
	return err
}

// positions says each second how far the log is.
func (f *guest) positions(ctx context.Context) {
	tick := time.NewTicker(positionEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if why := f.server.Trouble(); why != "" {
				_ = f.bye(why)
				return
			}
			if f.position() != nil {
				return
			}
		}
	}
}

func (f *guest) position() error {
	_, next := f.server.Position()
	at := relay.Position{Op: next, Tick: f.server.Now()}
	return f.send(func(into []byte) ([]byte, error) { return relay.AppendPosition(into, at), nil })
}

// asks carries out what the follower asks.
func (f *guest) asks(ctx context.Context, frames *relay.Reader, parts *sync.WaitGroup) {
	under := make(chan struct{}, asksAtOnce)
	for {
		kind, payload, err := frames.Next()
		if err != nil {
			return
		}
		if kind != relay.TypeAsk {
			continue
		}
		ask, err := relay.ReadAsk(payload)
		if err != nil {
			return
		}
		select {
		case under <- struct{}{}:
		case <-ctx.Done():
			return
		}
		carry := func() {
			defer func() { <-under }()
			_ = f.json(relay.TypeAnswer, f.server.Desk.Ask(ctx, f.name, ask)) // its connection's end shows elsewhere
		}
		if ask.Verb.Waits() {
			parts.Go(crash.Guarded("ask", carry))
		} else {
			carry() // in their order
		}
	}
}

// blocks sends the log from where the follower is, or from the day's start.
func (f *guest) blocks(ctx context.Context, hello relay.Hello) error {
	date, from := hello.Date, hello.From
	anew := !f.goesOn(ctx, hello)
	if anew {
		from = 0
		if date, _ = f.server.Position(); date == 0 {
			date = model.TradingDate(f.server.Now())
		}
	}
	log := f.server.Follow(date, from)
	defer log.Close()
	for first := true; ; first = false {
		b, err := log.Next(ctx)
		if err != nil {
			return err
		}
		if b.Begins || first || b.Hole != nil {
			h := f.server.Hello
			h.Epoch, h.From, h.Fresh = b.Header.Epoch, b.First, first && anew || b.Begins && b.Header.Fresh || b.Hole != nil
			if h.Date, err = model.ParseDate(b.Header.Date); err != nil {
				return err
			}
			if err := f.json(relay.TypeHello, h); err != nil {
				return err
			}
		}
		if first {
			if err := f.position(); err != nil { // what there is to be read
				return err
			}
		}
		f.block = b.Append(f.block[:0])
		if err := f.send(func(into []byte) ([]byte, error) { return relay.AppendFrame(into, relay.TypeBlock, f.block), nil }); err != nil {
			return err
		}
	}
}

// goesOn reports whether what a follower has is what the log has: the block that
// ends where it goes on is of the epoch that it names.
func (f *guest) goesOn(ctx context.Context, hello relay.Hello) bool {
	if hello.Date == 0 || hello.From == 0 {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, greeting)
	defer cancel()
	log := f.server.Follow(hello.Date, hello.From-1)
	defer log.Close()
	b, err := log.Next(ctx)
	return err == nil && b.Header.Date == hello.Date.String() && b.Header.Epoch == hello.Epoch && b.First+uint64(b.Ops) == hello.From
}
