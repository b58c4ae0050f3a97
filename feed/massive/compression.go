package massive

import (
	"compress/flate"
	"errors"

	"github.com/coder/websocket"
)

// ErrCompression says that a compressed frame could not be inflated; the
// connection is closed.
var ErrCompression = errors.New("compressed frame cannot be inflated")

// compression is what to offer. With a context that lasts over frames each is
// packed by what the ones before held: see docs/performance.md for what that
// saves and costs.
func compression(offer bool) websocket.CompressionMode {
	if offer {
		return websocket.CompressionContextTakeover
	}
	return websocket.CompressionDisabled
}

// Compressed reports whether the server took the offer of compression.
func (c *Conn) Compressed() bool { return c.compressed }

// inflateError reports whether a read ended in data that is not deflate's.
func inflateError(err error) bool {
	_, corrupt := errors.AsType[flate.CorruptInputError](err)
	_, internal := errors.AsType[flate.InternalError](err)
	return corrupt || internal
}
