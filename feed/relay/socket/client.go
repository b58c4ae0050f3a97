package socket

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"optflow/feed/relay"
	"optflow/model/crash"
	"optflow/model/termsafe"
)

// Sink is who follows (follower.Follower).
type Sink interface {
	Hello(relay.Hello) error
	Block(data []byte) error
	Position(relay.Position)
}

// Client is one connection of a follower to the publisher.
type Client struct {
	Publisher relay.Hello // as it said first

	conn   net.Conn
	frames *relay.Reader

	mu      sync.Mutex // one frame at a time; guards what follows
	waiting map[uint64]chan relay.Answer
	ended   chan struct{}
}

// Dial connects to the publisher at a path. Ours says who follows, and from where
// on. The error is relay.ErrNewer where this program is too old to follow.
func Dial(ctx context.Context, path string, ours relay.Hello) (*Client, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("attaching: %w", err)
	}
	return Greet(conn, ours)
}

// Greet is Dial over a connection that is made. It is closed where it cannot be
// followed.
func Greet(conn net.Conn, ours relay.Hello) (*Client, error) {
	c := &Client{conn: conn, waiting: make(map[uint64]chan relay.Answer), ended: make(chan struct{})}
	if err := c.greet(ours); err != nil {
		_ = c.conn.Close()
		return nil, fmt.Errorf("attaching: %w", err)
	}
	return c, nil
}

func (c *Client) greet(hello relay.Hello) error {
	if err := ours(c.conn); err != nil {
		return err
	}
	if err := c.conn.SetDeadline(time.Now().Add(greeting)); err != nil {
		return err
	}
	data, err := relay.AppendJSON(nil, relay.TypeHello, hello)
	if err != nil {
		return err
	}
	if _, err := c.conn.Write(data); err != nil {
		return err
	}
	c.frames = relay.NewReader(bufio.NewReaderSize(c.conn, 64<<10))
	kind, payload, err := c.frames.Next()
	switch {
	case err != nil:
		return err
	case kind == relay.TypeBye:
		return byeError(payload)
	case kind != relay.TypeHello:
		return relay.ErrBroken
	}
	if c.Publisher, err = relay.ReadHello(payload); err != nil {
		return err
	}
	if c.Publisher.Feed != hello.Feed {
		return fmt.Errorf("it has the feed %s: %w", c.Publisher.Feed, relay.ErrBroken)
	}
	return c.conn.SetDeadline(time.Time{})
}

// Bye is why the publisher ends the talk, in its words.
type Bye string

// Ends is what it says at its own end.
const Ends = "it ends"

func (b Bye) Error() string { return string(b) }

// byeError reads why the publisher ends the talk.
func byeError(payload []byte) error { return Bye(termsafe.String(string(payload), 200)) }

// Run hands what comes on to the sink, until the connection or ctx ends, or the
// sink says no.
func (c *Client) Run(ctx context.Context, to Sink) error {
	stop := context.AfterFunc(ctx, crash.Guarded("following", func() { _ = c.conn.Close() }))
	defer stop()
	defer c.end()
	for {
		kind, payload, err := c.frames.Next()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if errors.Is(err, relay.ErrNewer) {
			err = c.Publisher.Newer()
		}
		if err != nil {
			return fmt.Errorf("following: %w", err)
		}
		if err := c.take(kind, payload, to); err != nil {
			return err
		}
	}
}

// Breathes reports whether the publisher says how far it is, and ends the connection.
func (c *Client) Breathes(ctx context.Context) bool {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := breath{heard: make(chan struct{}, 1), stop: cancel}
	_ = c.Run(ctx, &s)
	return len(s.heard) > 0
}

// breath is a sink that wants to hear anything.
type breath struct {
	heard chan struct{}
	stop  context.CancelFunc
}

func (b *breath) hear() {
	select {
	case b.heard <- struct{}{}:
	default:
	}
	b.stop()
}

func (b *breath) Hello(relay.Hello) error { return nil }

func (b *breath) Block([]byte) error {
	b.hear()
	return nil
}

func (b *breath) Position(relay.Position) { b.hear() }

func (c *Client) take(kind relay.Type, payload []byte, to Sink) error {
	switch kind {
	case relay.TypeHello:
		h, err := relay.ReadHello(payload)
		if err != nil {
			return err
		}
		return to.Hello(h)
	case relay.TypeBlock:
		return to.Block(payload)
	case relay.TypePosition:
		p, err := relay.ReadPosition(payload)
		if err != nil {
			return err
		}
		to.Position(p)
	case relay.TypeAnswer:
		a, err := relay.ReadAnswer(payload)
		if err != nil {
			return err
		}
		c.answered(a)
	case relay.TypeBye:
		return byeError(payload)
	}
	return nil
}

// end has nobody wait any more.
func (c *Client) end() {
	_ = c.conn.Close()
	close(c.ended)
}

var errAskEnded = errors.New("the connection to the other optflow has ended")

// Ask asks the publisher, and waits for the answer.
func (c *Client) Ask(ctx context.Context, ask relay.Ask) (relay.Answer, error) {
	data, err := relay.AppendJSON(nil, relay.TypeAsk, ask)
	if err != nil {
		return relay.Answer{}, err
	}
	answer := make(chan relay.Answer, 1)
	c.mu.Lock()
	c.waiting[ask.ID] = answer
	if err = c.conn.SetWriteDeadline(time.Now().Add(greeting)); err == nil {
		_, err = c.conn.Write(data)
	}
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.waiting, ask.ID)
		c.mu.Unlock()
	}()
	if err != nil {
		return relay.Answer{}, fmt.Errorf("asking the other optflow: %w", err)
	}
	select {
	case a := <-answer:
		return a, nil
	case <-c.ended:
		return relay.Answer{}, errAskEnded
	case <-ctx.Done():
		return relay.Answer{}, fmt.Errorf("asking the other optflow: %w", ctx.Err())
	}
}

func (c *Client) answered(a relay.Answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if to := c.waiting[a.ID]; to != nil {
		to <- a // there is room for the one answer
		delete(c.waiting, a.ID)
	}
}
