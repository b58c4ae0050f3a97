// Package logs keeps the program's log: one JSON object a line, one line for
// each thing that changed, in a file that neither grows without bound nor is
// readable by others. It promises that no key that it was told of is in it, and
// that a log that cannot be written never stops the program.
package logs

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
)

const (
	// largest is how many bytes a file takes before the next one is begun: some
	// weeks of a bad network.
	largest = 1 << 20
	// older is how many files are kept besides the one that is written.
	older = 2
)

// File is a log file that makes room for itself: once it is full it becomes
// NAME.1, that one NAME.2, and the oldest is given up. Several programs may
// write to one; it may be used from any goroutine.
type File struct {
	path string
	most int64

	mu   sync.Mutex
	file *os.File
	size int64
}

// Open opens a log file to append to and makes its folder. It is readable by its
// user only. What is no regular file is refused: a pipe that nobody reads would
// hold the program up.
func Open(path string) (*File, error) {
	f := &File{path: path, most: largest}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	if err := f.open(); err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	return f, nil
}

func (f *File) open() error {
	file, err := os.OpenFile(f.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY|syscall.O_NONBLOCK, 0o600)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &os.PathError{Op: "open", Path: f.path, Err: errors.New("is no regular file")}
	}
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		err = file.Chmod(0o600)
	}
	if err != nil {
		return errors.Join(err, file.Close())
	}
	f.file, f.size = file, info.Size()
	return nil
}

// Write appends one line, whole. After Close it fails.
func (f *File) Write(line []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		return 0, os.ErrClosed
	}
	if f.size > 0 && f.size+int64(len(line)) > f.most {
		if err := f.rotate(); err != nil {
			return 0, err
		}
	}
	n, err := f.file.Write(line)
	f.size += int64(n)
	return n, err
}

// rotate begins a new file. Where another program did so first, that one's file
// is gone on with.
func (f *File) rotate() error {
	ours, err := f.file.Stat()
	if err != nil {
		return err
	}
	if err := f.file.Close(); err != nil {
		return err
	}
	f.file = nil
	if there, err := os.Stat(f.path); err == nil && os.SameFile(ours, there) {
		for n := older; n > 0; n-- {
			from := f.path
			if n > 1 {
				from = numbered(f.path, n-1)
			}
			if err := os.Rename(from, numbered(f.path, n)); err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
		}
	}
	return f.open()
}

func numbered(path string, n int) string { return path + "." + strconv.Itoa(n) }

// Close ends the log.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		return nil
	}
	err := f.file.Close()
	f.file = nil
	return err
}

// New is a logger that writes JSON lines without the keys that the redactor
// knows. Control characters of what it is given are escaped by the encoding.
func New(w io.Writer, r *Redactor) *slog.Logger {
	return slog.New(slog.NewJSONHandler(redacting{w, r}, &slog.HandlerOptions{
		Level: slog.LevelInfo,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			a.Key = r.Redact(a.Key)
			switch v := a.Value; v.Kind() {
			case slog.KindString:
				a.Value = slog.StringValue(r.Redact(v.String()))
			case slog.KindAny:
				if err, is := v.Any().(error); is {
					a.Value = slog.StringValue(r.Redact(err.Error()))
				}
			}
			return a
		},
	}))
}

// redacting takes out of every line what the attributes' own redaction cannot
// see: keys inside of other values.
type redacting struct {
	to io.Writer
	r  *Redactor
}

func (w redacting) Write(line []byte) (int, error) {
	if _, err := io.WriteString(w.to, w.r.Redact(string(line))); err != nil {
		return 0, err
	}
	return len(line), nil
}
