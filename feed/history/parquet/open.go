package parquet

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	pq "github.com/parquet-go/parquet-go"

	"optflow/feed/history"
)

// opened is a file that is read.
type opened struct {
	*pq.File
	on *os.File
}

func (o *opened) close() { _ = o.on.Close() } // nothing was written

var errDamaged = errors.New("the file is damaged")

// damaged turns a panic into an error: parquet-go trusts what stands in a file.
func damaged(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%w: %v", errDamaged, r)
	}
}

func open(path string) (o *opened, err error) {
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
	return &opened{f, on}, nil
}

// File is a file of windows or bursts that is open.
type File struct {
	*opened
	path string
}

// Look opens the bursts of a day with what they say of themselves, nil where they
// do not stand (see Stands).
func Look(root string, day history.Day) (*File, About) {
	path := filepath.Join(Dir(root, day.Feed, day.Date), Bursts)
	f, err := open(path)
	if err != nil {
		return nil, About{}
	}
	about, err := f.about()
	if err != nil || !about.stands(day) {
		f.close()
		return nil, about
	}
	return &File{f, path}, about
}

// Close closes it.
func (f *File) Close() { f.close() }
