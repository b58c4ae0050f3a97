//go:build unix

package terminal

import (
	"errors"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// pieceMost is how much is read at once: so many pieces and what was held before
// fit into what a program reads at once, 4 KiB. What does not waits for more to
// come.
const pieceMost = 512

// Input is a terminal that is read in whole sequences. It is the file in all
// else, so that whoever reads it can set its modes and wait for it.
type Input struct {
	*os.File
	pieces Pieces
	rest   []byte // what passed and did not fit
}

// Whole reads what is a file in whole sequences; others stay as they are.
func Whole(in io.Reader) io.Reader {
	if file, ok := in.(*os.File); ok {
		return &Input{File: file}
	}
	return in
}

// Read reads what is there. It may return nothing without an error: the
// sequence that has begun is not whole.
func (in *Input) Read(p []byte) (int, error) {
	if len(in.rest) == 0 {
		if err := in.more(); err != nil {
			return 0, err
		}
	}
	n := copy(p, in.rest)
	in.rest = in.rest[n:]
	return n, nil
}

// more reads a piece, and waits a moment for the next one where it ends with an
// ESC.
func (in *Input) more() error {
	piece := make([]byte, pieceMost)
	n, err := in.File.Read(piece)
	if n == 0 && err != nil {
		return err // which the file keeps: the ESC that may be held has no reader any more
	}
	pass, wait := in.pieces.Take(piece[:n], time.Now())
	in.rest = append(in.rest[:0], pass...)
	for wait > 0 {
		if n = 0; readable(int(in.Fd()), wait) {
			n, err = in.File.Read(piece)
		}
		if n == 0 || err != nil {
			in.rest = append(in.rest, in.pieces.Late()...)
			return nil
		}
		pass, wait = in.pieces.Take(piece[:n], time.Now())
		in.rest = append(in.rest, pass...)
	}
	return nil
}

// readable waits for something to read.
func readable(fd int, limit time.Duration) bool {
	if fd >= unix.FD_SETSIZE {
		return false
	}
	for deadline := time.Now().Add(limit); ; {
		var set unix.FdSet
		set.Set(fd)
		left := unix.NsecToTimeval(max(time.Until(deadline), 0).Nanoseconds())
		n, err := unix.Select(fd+1, &set, nil, nil, &left)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		return err == nil && n > 0
	}
}
