package config

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// ErrTooLong says that a file is longer than any that could be meant.
var ErrTooLong = errors.New("the file is longer than 1 MiB")

// ReadFile is os.ReadFile for files of up to 1 MiB; longer ones are ErrTooLong: a
// device, or a mistyped name, may never end.
func ReadFile(path string) ([]byte, error) {
	f, err := os.Open(path) // #nosec G304 -- the user names it
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, largestFile+1))
	if err == nil && len(text) > largestFile {
		err = fmt.Errorf("read %s: %w", path, ErrTooLong)
	}
	if err != nil {
		return nil, err
	}
	return text, nil
}
