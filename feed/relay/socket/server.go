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
	"optflow/model/crash"
)

// Server is the publisher's side. All of it is required.
type Server struct {
	Day  *relay.Log
	Desk *relay.Desk
	Log  *slog.Logger

	left int
}

// Left is how many followed to the end, once Serve has returned.
func (s *Server) Left() int { return s.left }

// Serve serves followers until ctx ends.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	theirs, cancel := context.WithCancel(context.WithoutCancel(ctx)) // they are counted before they end
	var followers sync.WaitGroup
	defer followers.Wait()
	defer cancel()
	stop := context.AfterFunc(ctx, crash.Guarded("followers", func() { _ = l.Close() }))
	defer stop()
	places := make(chan struct{}, mostFollowers)
	for n := 1; ; n++ {
		c, err := l.Accept()
		if ctx.Err() != nil {
			s.left = len(places)
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
			if err := f.serve(theirs); err != nil {
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
	stop := context.AfterFunc(ctx, crash.Guarded("follower", func() {
		_ = f.bye(Ends)
		_ = f.conn.Close()
	}))
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
		err = f.json(relay.TypeHello, f.server.Day.Hello) // it knows better whether it can follow us
		return hello, nil, errors.Join(relay.ErrNewer, err)
	}
	if err == nil && hello.Feed != f.server.Day.Hello.Feed {
		err = f.bye("here is " + f.server.Day.Hello.Feed)
		return hello, nil, errors.Join(errors.New("it follows "+hello.Feed), err)
	}
	if err != nil {
		return hello, nil, err
	}
	if why := f.server.Day.Trouble(); why != "" { // nothing is written that could be followed
		err = f.bye(why)
		return hello, nil, errors.Join(errors.New("nobody can follow: "+why), err)
	}
	if err := f.json(relay.TypeHello, f.server.Day.Hello); err != nil {
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
			if why := f.server.Day.Trouble(); why != "" {
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
	at := f.server.Day.At()
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
func (f *guest) blocks(ctx context.Context, has relay.Hello) error {
	said := false
	return f.server.Day.Walk(ctx, has, func(hello *relay.Hello, b *history.Block) error {
		if hello != nil {
			if err := f.json(relay.TypeHello, hello); err != nil {
				return err
			}
		}
		if !said { // what there is to be read
			if err := f.position(); err != nil {
				return err
			}
			said = true
		}
		f.block = b.Append(f.block[:0])
		return f.send(func(into []byte) ([]byte, error) { return relay.AppendFrame(into, relay.TypeBlock, f.block), nil })
	})
}
