package history

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"optflow/model/daylog"
)

// scanAhead is how much is read of a file at a time, in bytes.
const scanAhead = 512 << 10

// scan goes through the blocks of one file.
type scan struct {
	from io.Reader
	mem  []byte // for buf
	buf  []byte // what is read and not yet gone through
	at   int64  // where in the file it begins
	end  error  // of reading: io.EOF where all is read

	Header Header
	// bad says that something before the next block is damaged.
	bad bool
}

// begin reads the first line.
func (s *scan) begin() error {
	for s.end == nil && len(s.buf) < headerMost && bytes.IndexByte(s.buf, '\n') < 0 {
		s.more(headerMost)
	}
	h, size, err := readHeader(s.buf)
	s.Header = h
	if err == nil {
		s.pass(size)
	}
	return err
}

// next is the next block that is whole, until the next call. Where there is
// damage it goes on at the next key and sets bad. It is io.EOF at the end: of the
// file, or where its last block is not whole.
func (s *scan) next() (daylog.Block, error) {
	s.bad = false
	for skip := false; ; {
		b, size, err := s.block()
		switch {
		case err == nil && (!skip || b.Key):
			s.pass(size)
			return b, nil
		case err == nil:
			s.pass(size)
		case errors.Is(err, daylog.ErrDamaged):
			skip, s.bad = true, true
			s.resync()
		case s.end != io.EOF:
			return b, fmt.Errorf("reading the history: %w", s.end)
		case len(s.buf) > 0 && s.resume():
			skip, s.bad = true, true
		default:
			return b, io.EOF
		}
	}
}

// block is the block at which the file has been read to, ErrTorn where the file
// ends before it does.
func (s *scan) block() (b daylog.Block, size int, err error) {
	for {
		b, size, err = daylog.Next(s.buf)
		if !errors.Is(err, daylog.ErrTorn) || s.end != nil {
			return b, size, err
		}
		s.more(max(scanAhead, len(s.buf)))
	}
}

// resync goes on to where a block may begin.
func (s *scan) resync() {
	for from := 1; ; from = 0 {
		if i := bytes.Index(s.buf[from:], []byte("OFB1")); i >= 0 {
			s.pass(from + i)
			return
		}
		s.pass(max(0, len(s.buf)-3))
		if s.end != nil {
			s.pass(len(s.buf))
			return
		}
		s.more(scanAhead)
	}
}

// resume looks for a block behind what is torn at the file's end: then it was
// damage that said how long it is.
func (s *scan) resume() bool {
	for at := 1; ; at++ {
		i := bytes.Index(s.buf[at:], []byte("OFB1"))
		if i < 0 {
			return false
		}
		at += i
		if _, _, err := daylog.Next(s.buf[at:]); err == nil {
			s.pass(at)
			return true
		}
	}
}

func (s *scan) pass(n int) {
	s.buf = s.buf[n:]
	s.at += int64(n)
}

// more reads n bytes, or what there is.
func (s *scan) more(n int) {
	have := len(s.buf)
	if cap(s.buf)-have < n {
		if cap(s.mem) < have+n {
			s.mem = make([]byte, 0, have+n)
		}
		s.buf = append(s.mem[:0], s.buf...)
	}
	read, err := io.ReadFull(s.from, s.buf[have:have+n])
	s.buf = s.buf[:have+read]
	if s.end = err; err == io.ErrUnexpectedEOF {
		s.end = io.EOF
	}
}
