// Package tap hears what goes over the vendor's wires, for a capture.
package tap

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"optflow/feed/capture"
	"optflow/feed/link"
	"optflow/feed/massive"
	"optflow/feed/massive/api"
	"optflow/feed/massive/wire"
	"optflow/feed/source"
)

// REST notes a request with its answer.
func REST(into *capture.Recorder) func(*api.Exchange) {
	return func(x *api.Exchange) {
		e := capture.Entry{
			At: into.Since(x.Asked), Kind: capture.Answer, Took: time.Since(x.Asked).Microseconds(),
			Method: x.Method, Path: strings.TrimPrefix(x.Target.Path, x.Base.Path), Query: query(x.Target),
			Status: x.Status, Type: x.Type, Date: x.Date, Cut: x.Cut,
		}
		if x.Err != nil {
			e.Why = x.Err.Error()
		}
		into.Take(e, x.Body)
	}
}

// query is that of a request without what could be a key.
func query(u *url.URL) string {
	values := u.Query()
	wire.DropKey(values)
	return values.Encode()
}

// Streams notes what the stream's connections bring.
func Streams(s *massive.Streams, into *capture.Recorder) {
	var conns atomic.Int64
	s.Connect = func(ctx context.Context, at massive.StreamOptions, ch link.Channel) (source.Conn, error) {
		c := &conn{into: into, number: int(conns.Add(1))}
		host := ""
		if u, err := url.Parse(at.URL); err == nil {
			host = u.Host
		}
		c.note(capture.Entry{Kind: capture.Dial, Host: host, Channel: massive.NameOf(ch)})
		dialled, err := massive.Dial(ctx, at, ch)
		if err != nil {
			e := capture.Entry{Kind: capture.Refused, Why: err.Error()}
			if undialled, is := errors.AsType[*wire.DialError](err); is {
				e.Status = undialled.Code
			}
			c.note(e)
			return nil, err
		}
		c.Conn = dialled
		c.note(capture.Entry{Kind: capture.Up})
		return c, nil
	}
}

// conn is a connection that is heard.
type conn struct {
	source.Conn
	into   *capture.Recorder
	number int
	over   atomic.Bool
}

func (c *conn) note(e capture.Entry) {
	e.Conn = c.number
	c.into.Take(e, nil)
}

// end notes the first reason for which it ended.
func (c *conn) end(e capture.Entry) {
	if c.over.CompareAndSwap(false, true) {
		c.note(e)
	}
}

// Read is the connection's.
func (c *conn) Read(ctx context.Context, buf []byte) ([]byte, error) {
	data, err := c.Conn.Read(ctx, buf)
	if err == nil {
		c.into.Take(capture.Entry{Kind: capture.Frame, Conn: c.number}, data)
		return data, nil
	}
	e := capture.Entry{Kind: capture.Broken, Why: err.Error()}
	if bye, is := errors.AsType[*massive.CloseError](err); is {
		e = capture.Entry{Kind: capture.Goodbye, Status: bye.Code, Why: bye.Reason}
	}
	c.end(e)
	return data, err
}

// Login is the connection's.
func (c *conn) Login(ctx context.Context) error {
	c.note(capture.Entry{Kind: capture.Login})
	return c.Conn.Login(ctx)
}

// Subscribe is the connection's.
func (c *conn) Subscribe(ctx context.Context, ch link.Channel, symbols []string) error {
	c.note(capture.Entry{Kind: capture.Subscribe, Channel: massive.NameOf(ch), Symbols: len(symbols)})
	return c.Conn.Subscribe(ctx, ch, symbols)
}

// Unsubscribe is the connection's.
func (c *conn) Unsubscribe(ctx context.Context, ch link.Channel, symbols []string) error {
	c.note(capture.Entry{Kind: capture.Drop, Channel: massive.NameOf(ch), Symbols: len(symbols)})
	return c.Conn.Unsubscribe(ctx, ch, symbols)
}

// Close is the connection's.
func (c *conn) Close() {
	c.end(capture.Entry{Kind: capture.Left})
	c.Conn.Close()
}

// CloseNow is the connection's.
func (c *conn) CloseNow() {
	c.end(capture.Entry{Kind: capture.Left})
	c.Conn.CloseNow()
}
