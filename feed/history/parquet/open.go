package parquet

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	pq "github.com/parquet-go/parquet-go"

	"optflow/feed/history"
)

// File is a file that is read.
type File struct {
	*pq.File
	on *os.File
}

// Close closes it.
func (f *File) Close() { _ = f.on.Close() } // nothing was written

var errDamaged = errors.New("the file is damaged")

// damaged turns a panic into an error: parquet-go trusts what stands in a file.
func damaged(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%w: %v", errDamaged, r)
	}
}

func open(path string) (_ *File, err error) {
	on, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = on.Close()
		}
	}()
	defer damaged(&err)
	info, err := on.Stat()
	if err != nil {
		return nil, err
	}
	f, err := pq.OpenFile(on, info.Size(), pq.SkipBloomFilters(true), pq.ReadBufferSize(64<<10))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	return &File{f, on}, nil
}

// Look opens the bursts of a day with what they say of themselves, nil where they
// do not stand (see Stands).
func Look(root string, day history.Day) (*File, About) {
	f, err := open(filepath.Join(Dir(root, day.Feed, day.Date), Bursts))
	if err != nil {
		return nil, About{}
	}
	about, err := f.about()
	if err != nil || !about.stands(day) {
		f.Close()
		return nil, about
	}
	return f, about
}
