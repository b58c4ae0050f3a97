package api

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"
)

// What an answer may be, in bytes after inflation: some ten times what the
// vendor's are when they are as long as they get.
const (
	maxBody   = 16 << 20 // bars: 50,000 of them are 6 MB
	barsBody  = maxBody
	pageBody  = 4 << 20 // a page of contracts is half a megabyte
	smallBody = 1 << 20 // one contract, the market's state

	pooledBody = 2 << 20 // larger buffers are not kept
	easyBody   = pooledBody / 2
)

var errTooBig = errors.New("the answer is larger than any that was asked for")

var errEncoding = errors.New("unknown content encoding")

// body is an answer's body as it is read. Small ones are read side by side, but
// only one at a time may become large: eight at once would be what eight times
// the limit is.
type body struct {
	bytes.Buffer
	turn  chan struct{} // holds one token for all of them
	large bool          // has the token
}

// read reads a body, inflating it if need be, up to limit bytes.
func (b *body) read(answer *http.Response, from *progressReader, limit int64) error {
	var plain io.Reader = from
	switch encoding := strings.ToLower(answer.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
	case "gzip":
		inflated, err := gzip.NewReader(from)
		if err == io.EOF {
			return io.ErrUnexpectedEOF
		}
		if err != nil {
			return err
		}
		defer inflated.Close()
		plain = inflated
	default:
		return errEncoding
	}
	n, err := b.ReadFrom(io.LimitReader(plain, min(limit+1, easyBody)))
	if err == nil && n == easyBody {
		if err := from.wait(b.turn); err != nil {
			return err
		}
		b.large = true
		n, err = b.readOn(plain, n, limit+1)
	}
	if err == nil && n > limit {
		b.Truncate(int(limit))
		err = errTooBig
	}
	return err
}

// readOn reads what follows the first n bytes, until there are as many as may be.
// The buffer by itself would grow to twice what it ever holds.
func (b *body) readOn(from io.Reader, n, most int64) (int64, error) {
	for n < most {
		size := min(2*n+1, most)
		b.Buffer = *bytes.NewBuffer(append(make([]byte, 0, size+bytes.MinRead), b.Bytes()...))
		more, err := b.ReadFrom(io.LimitReader(from, size-n))
		if n += more; err != nil || n < size {
			return n, err
		}
	}
	return n, nil
}

// free gives the token back.
func (b *body) free() {
	if b.large {
		b.turn <- struct{}{}
		b.large = false
	}
}
