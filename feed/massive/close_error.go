package massive

import (
	"compress/flate"
	"context"
	"errors"
	"fmt"

	"github.com/coder/websocket"

	"optflow/feed/massive/wire"
)

// CloseError is the server's goodbye.
type CloseError struct {
	Code   int    // RFC 6455 section 7.4; 1005 when none was given
	Reason string // sanitised
}

func (e *CloseError) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("server closed the connection (%d)", e.Code)
	}
	return fmt.Sprintf("server closed the connection (%d: %s)", e.Code, e.Reason)
}

// ErrTooBig says that a frame, inflated if it was compressed, was past the read
// limit; the connection is closed.
var ErrTooBig = errors.New("frame is past the read limit")

// ErrCompression says that a compressed frame could not be inflated; the
// connection is closed.
var ErrCompression = errors.New("compressed frame cannot be inflated")

// inflateError reports whether a read ended in data that is not deflate's.
func inflateError(err error) bool {
	_, corrupt := errors.AsType[flate.CorruptInputError](err)
	_, internal := errors.AsType[flate.InternalError](err)
	return corrupt || internal
}

const reasonCells = 123 // as many bytes fit in a close frame

// readError sorts why a read ended.
func (c *Conn) readError(ctx context.Context, err error) error {
	if cause := ctx.Err(); cause != nil {
		return fmt.Errorf("read: %w", cause)
	}
	var goodbye websocket.CloseError
	switch {
	case errors.As(err, &goodbye):
		return &CloseError{Code: int(goodbye.Code), Reason: wire.Clean(goodbye.Reason, reasonCells, c.key)}
	case errors.Is(err, websocket.ErrMessageTooBig), errors.Is(err, ErrTooBig):
		return fmt.Errorf("read: %w", ErrTooBig)
	case inflateError(err):
		c.CloseNow() // the WebSocket package would go on with the next frame
		return fmt.Errorf("read: %w", ErrCompression)
	}
	return c.wrap("read", err)
}
