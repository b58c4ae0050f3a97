package massive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"optflow/feed/massive/wire"
	"optflow/model/crash"
)

// Conn is one WebSocket connection. Read is for one goroutine; all else may be
// called from any.
type Conn struct {
	ws      *websocket.Conn
	raw     net.Conn // under TLS and WebSocket: closing it never waits
	key     wire.Key
	dialect Dialect
	limit   int64 // bytes of a frame
	last    int   // bytes of the last one

	compressed bool

	heard   atomic.Int64 // of the monotonic clock: when the last byte came in
	partial atomic.Int64 // since when a frame has been coming in, 0 none

	mu       sync.Mutex
	watched  <-chan struct{} // Done of the context that Read was given
	unwatch  func() bool
	finished bool
}

// firstBuffer is what Read starts with when the caller's buffer has no room.
const firstBuffer = 32 << 10

// epoch makes small numbers of monotonic times.
var epoch = time.Now()

func ticks() int64 { return int64(time.Since(epoch)) + 1 } // never 0

// Read reads the next frame into buf, growing it when it is too small, and
// returns the frame, which shares buf's memory. The end of ctx closes the
// connection; pass the same ctx each time and a Read allocates nothing. The
// error is a *CloseError when the server said goodbye, ErrTooBig when a frame
// passed the limit, ctx's when that ended.
func (c *Conn) Read(ctx context.Context, buf []byte) ([]byte, error) {
	c.watch(ctx)
	_, reader, err := c.ws.Reader(context.Background())
	if err != nil {
		return nil, c.readError(ctx, err)
	}
	now := ticks()
	c.heard.Store(now)
	c.partial.Store(now)
	defer c.partial.Store(0)
	if buf = buf[:0]; cap(buf) == 0 {
		buf = make([]byte, 0, firstBuffer)
	}
	for {
		if len(buf) == cap(buf) {
			grown := make([]byte, len(buf), c.grown(cap(buf)))
			copy(grown, buf)
			buf = grown
		}
		n, err := reader.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err == io.EOF {
			c.last = len(buf)
			return buf, nil
		}
		if err != nil {
			return nil, c.readError(ctx, err)
		}
	}
}

// grown is the next larger size of a buffer: twice as much, or what the frame
// before took, but no more than the longest frame needs. One byte past the limit
// ends the connection.
func (c *Conn) grown(size int) int {
	if most := int(c.limit) + 2; size < most && 2*size >= int(c.limit) {
		return most
	}
	return max(2*size, c.last+1)
}

// watch closes the connection when ctx ends. The WebSocket package would do
// that with three allocations a read; this does it once a context.
func (c *Conn) watch(ctx context.Context) {
	done := ctx.Done()
	c.mu.Lock()
	defer c.mu.Unlock()
	if done == c.watched || c.finished {
		return
	}
	if c.unwatch != nil {
		c.unwatch()
	}
	c.watched, c.unwatch = done, nil
	if done != nil {
		c.unwatch = context.AfterFunc(ctx, crash.Guarded("stream", c.CloseNow))
	}
}

// finish ends the watching.
func (c *Conn) finish() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.finished = true
	if c.unwatch != nil {
		c.unwatch()
		c.unwatch = nil
	}
}

// Heard is when the last byte of any kind came in, pings and pongs included.
func (c *Conn) Heard() time.Time { return epoch.Add(time.Duration(c.heard.Load())) }

// Partial is since when a frame has been coming in, and whether one is.
func (c *Conn) Partial() (since time.Time, coming bool) {
	t := c.partial.Load()
	return epoch.Add(time.Duration(t)), t != 0
}

// ErrNoPong says that a ping was sent but not answered in time.
var ErrNoPong = errors.New("no pong")

// Ping provokes traffic. It returns nil when the pong came, ErrNoPong when the
// ping was sent and ctx ended first, another error when the transport failed.
// The pong is received by the goroutine that is in Read.
func (c *Conn) Ping(ctx context.Context) error {
	err := c.ws.Ping(ctx)
	if err == nil {
		return nil
	}
	if errors.Is(err, net.ErrClosed) || ctx.Err() == nil {
		return c.wrap("ping", err)
	}
	return ErrNoPong
}

// Bare says that the dialect has no login and no acknowledgements, and the channel
// in its address.
func (c *Conn) Bare() bool { return c.dialect == Origin }

// Compressed reports whether the server took the offer of compression.
func (c *Conn) Compressed() bool { return c.compressed }

// Close says goodbye, waits at most a second for the answer, and closes.
func (c *Conn) Close() {
	c.finish()
	patience := time.AfterFunc(closeTimeout, crash.Guarded("stream", c.cut))
	defer patience.Stop()
	_ = c.ws.Close(websocket.StatusNormalClosure, "") // it is over either way
}

// CloseNow closes without a word and without waiting.
func (c *Conn) CloseNow() {
	c.finish()
	c.cut()
	_ = c.ws.CloseNow() // it was cut already, and that cannot fail
}

// cut closes the socket itself: TLS would first wait for its own goodbye to be
// taken.
func (c *Conn) cut() {
	if c.raw != nil {
		_ = c.raw.Close()
	}
}

// wrap says what failed; neither the cause nor its text holds URL or key.
func (c *Conn) wrap(doing string, err error) error {
	return fmt.Errorf("%s: %w", doing, wire.Bare(err, c.key))
}
