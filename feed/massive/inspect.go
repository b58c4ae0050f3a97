package massive

import (
	"encoding/binary"
	"errors"
	"io"
	"net/http"
)

// errMasked is a frame that no server may send (RFC 6455 section 5.1).
var errMasked = errors.New("the server sent a masked frame")

// inspected is a connection whose frames are looked at as they come in. The
// WebSocket package takes a header's word for the length, and waits for as many
// bytes up to its limit; it also takes masked frames.
type inspected struct {
	io.ReadWriteCloser
	limit uint64 // bytes of one frame

	head [10]byte // of the frame that begins, as far as it has come
	have int
	left uint64 // bytes of the payload still to come
	bad  error
}

func (c *inspected) Read(p []byte) (int, error) {
	if c.bad != nil {
		return 0, c.bad
	}
	n, err := c.ReadWriteCloser.Read(p)
	good, bad := c.inspect(p[:n])
	if bad != nil {
		c.bad = bad
		if good > 0 { // what came before it counts
			return good, nil
		}
		return 0, bad
	}
	return n, err
}

// inspect follows the frames through what has come in. With an error, good is
// how much of it came before the header that is at fault.
func (c *inspected) inspect(b []byte) (good int, bad error) {
	for i := 0; i < len(b); {
		if c.left > 0 {
			n := min(c.left, uint64(len(b)-i))
			c.left -= n
			i += int(n)
			continue
		}
		if c.have == 0 {
			good = i
		}
		c.head[c.have] = b[i]
		c.have++
		i++
		if c.have < 2 || c.have < headerSize(c.head[1]) {
			continue
		}
		c.left = payload(&c.head)
		c.have = 0
		switch {
		case c.head[1]&0x80 != 0:
			return good, errMasked
		case c.left > c.limit:
			return good, ErrTooBig
		}
	}
	return len(b), nil
}

// headerSize is the length of a frame's header by its second byte.
func headerSize(second byte) int {
	switch second & 0x7f {
	case 126:
		return 4
	case 127:
		return 10
	}
	return 2
}

// payload is the length that a whole header states.
func payload(head *[10]byte) uint64 {
	switch n := head[1] & 0x7f; n {
	case 126:
		return uint64(binary.BigEndian.Uint16(head[2:]))
	case 127:
		return binary.BigEndian.Uint64(head[2:])
	default:
		return uint64(n)
	}
}

// inspector is a transport that has the frames of a connection looked at which
// an answer turned into a WebSocket.
type inspector struct {
	http.RoundTripper
	limit int64
}

func (t inspector) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := t.RoundTripper.RoundTrip(r)
	if err != nil || answer.StatusCode != http.StatusSwitchingProtocols {
		return answer, err
	}
	if conn, ok := answer.Body.(io.ReadWriteCloser); ok {
		answer.Body = &inspected{ReadWriteCloser: conn, limit: uint64(t.limit)}
	}
	return answer, nil
}
