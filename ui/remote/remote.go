// Package remote reads a terminal that is no file of this machine, such as one at
// the other end of an ssh connection.
//
// It promises that whole sequences only are decoded, as of a terminal here, and
// that nothing stays of a reader whose screen has ended.
package remote

import (
	"context"
	"io"
	"time"

	uv "github.com/charmbracelet/ultraviolet"

	"optflow/model/crash"
	"optflow/ui/terminal"
)

// pieceMost is how much is read at once, in bytes.
const pieceMost = 512

// Quiet is the input of a program that is told its events: nothing until ctx ends,
// then the end.
func Quiet(ctx context.Context) io.Reader { return quiet{ctx.Done()} }

type quiet struct{ done <-chan struct{} }

func (q quiet) Read([]byte) (int, error) {
	<-q.done
	return 0, io.EOF
}

// Events reads a terminal of that name and tells what comes, until it or ctx ends.
// A program that reads for itself stops for ever at an event that nobody takes any
// more.
func Events(ctx context.Context, in io.Reader, name string, tell func(event any)) error {
	events, ended := make(chan uv.Event), make(chan error, 1)
	from := whole(ctx, in)
	crash.Go("terminal's input", func() {
		ended <- crash.Call("terminal's input", func() error { return uv.NewTerminalReader(from, name).StreamEvents(ctx, events) })
	})
	for {
		select {
		case e := <-events:
			if ctx.Err() == nil {
				tell(e)
			}
		case err := <-ended:
			return err
		}
	}
}

// whole is an input in whole sequences, which ends with it or with ctx.
func whole(ctx context.Context, in io.Reader) io.Reader {
	pieces := make(chan []byte)
	failed := io.EOF                       // what ended the input, once pieces is closed
	crash.Go("terminal's pieces", func() { // it ends with the input
		defer close(pieces)
		for {
			piece := make([]byte, pieceMost)
			n, err := in.Read(piece)
			if n > 0 {
				select {
				case pieces <- piece[:n]:
				case <-ctx.Done():
					return
				}
			}
			if err != nil {
				failed = err
				return
			}
		}
	})
	from, to := io.Pipe()
	context.AfterFunc(ctx, crash.Guarded("terminal's end", func() { _ = to.Close() })) // which never fails
	crash.Go("terminal's sequences", func() {
		var p terminal.Pieces
		var late <-chan time.Time
		for {
			var pass []byte
			select {
			case piece, more := <-pieces:
				if !more {
					_, _ = to.Write(p.Late()) // nobody may read any more
					_ = to.CloseWithError(failed)
					return
				}
				var wait time.Duration
				if pass, wait = p.Take(piece, time.Now()); wait > 0 {
					late = time.After(wait)
				} else {
					late = nil
				}
			case <-late:
				pass, late = p.Late(), nil
			case <-ctx.Done():
				return
			}
			if _, err := to.Write(pass); err != nil {
				return
			}
		}
	})
	return from
}
