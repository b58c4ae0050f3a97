// Package textfile reads what people and programs write into files: bounded, and
// line by line.
package textfile

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unicode"
)

// Max bounds what is read of a file, in bytes.
const Max = 1 << 20

// ErrTooLong says that a file is longer than any that could be meant.
var ErrTooLong = errors.New("the file is longer than 1 MiB")

// Read is os.ReadFile for files of up to 1 MiB; longer ones are ErrTooLong: a
// device, or a mistyped name, may never end.
func Read(path string) ([]byte, error) {
	f, err := os.Open(path) // #nosec G304 -- the user names it
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, Max+1))
	if err == nil && len(text) > Max {
		err = fmt.Errorf("read %s: %w", path, ErrTooLong)
	}
	if err != nil {
		return nil, err
	}
	return text, nil
}

// Absent reports whether a file is not there, be it that a folder on the way to
// it is none.
func Absent(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// ReadRegular reads a file of at most Max bytes. A pipe is read only
// when the user named it.
func ReadRegular(path string, named bool) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() || !named && !info.Mode().IsRegular() {
		return nil, errors.New("not a file")
	}
	if info.Size() > Max {
		return nil, errors.New("too large")
	}
	return Read(path)
}

// OneLine refuses what no line of text holds.
func OneLine(text string) error {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return errors.New("holds a control character")
	}
	return nil
}

// Replace writes a file beside the old one and puts it in its place, so that
// whoever reads finds the one or the other. Nobody else may read it.
func Replace(path string, text []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(text)
	if err = cmp.Or(err, f.Sync(), f.Close()); err == nil { // all are done, the first error counts
		err = os.Rename(f.Name(), path)
	}
	return err
}
