package history

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"optflow/model"
)

// lookEvery is how often a file is looked at of which nobody says that more is
// written.
const lookEvery = 250 * time.Millisecond

// Following reads a day while it is written, and the days after it. It has its
// own place in the files, so that whoever is slow delays nobody. It belongs to
// one goroutine.
type Following struct {
	store Store
	date  model.Date // where it begins
	from  uint64     // the first op that is wanted of it
	// Written is closed once there is more. nil: it has to be looked for.
	written func() <-chan struct{}
	// After is the file that follows one, or the first; "" there is none yet.
	after func(path string) (string, error)
	left  func() // told once it is closed; nil: nobody is

	file  *os.File
	scan  scan
	first bool // nothing of the file has been read
	reading
}

// Follow reads a day from an op on, and goes on with what is appended.
func (s Store) Follow(date model.Date, from uint64) *Following {
	f := &Following{store: s, date: date, from: from}
	f.after = f.later
	return f
}

// Next is the next block, packed as it is: Unpacked is not set. It waits for one
// until ctx ends.
func (f *Following) Next(ctx context.Context) (Block, error) {
	for {
		var written <-chan struct{}
		var look <-chan time.Time
		if f.written != nil {
			written = f.written() // before looking, so that nothing is missed
		}
		b, err := f.look()
		if err != io.EOF {
			return b, err
		}
		if written == nil {
			look = time.After(lookEvery)
		}
		select {
		case <-written:
		case <-look:
		case <-ctx.Done():
			return Block{}, ctx.Err()
		}
	}
}

// Close ends the reading.
func (f *Following) Close() {
	f.leave()
	if f.left != nil {
		f.left()
		f.left = nil
	}
}

// leave leaves the file.
func (f *Following) leave() {
	if f.file != nil {
		_ = f.file.Close() // nothing was written
		f.file = nil
	}
}

// look is the next block that is there, io.EOF where there is none yet.
func (f *Following) look() (Block, error) {
	for {
		if f.file != nil {
			b, err := f.more()
			if err != io.EOF {
				return b, err
			}
		}
		path := ""
		if f.file != nil {
			path = f.file.Name()
		}
		next, err := f.after(path)
		if err != nil {
			return Block{}, err
		}
		if next == "" {
			return Block{}, io.EOF
		}
		if f.file != nil { // it may have grown before the next one was begun
			if b, err := f.more(); err != io.EOF {
				return b, err
			}
			f.leave()
		}
		if filepath.Dir(next) != filepath.Dir(path) {
			f.reading.next = 0 // a day counts its ops anew
		}
		if f.file, err = os.Open(next); err != nil {
			return Block{}, fmt.Errorf("reading the history: %w", err)
		}
		f.scan, f.first = scan{from: f.file, mem: f.scan.mem}, true
	}
}

// more is the next block of the file at hand.
func (f *Following) more() (Block, error) {
	f.scan.end = nil // it may have grown
	if f.first && f.scan.at == 0 {
		switch err := f.scan.begin(); {
		case errors.Is(err, errNoHeader):
			return Block{}, io.EOF
		case err != nil:
			return Block{}, fmt.Errorf("reading %s: %w", f.file.Name(), err)
		}
	}
	for {
		b, err := f.scan.next()
		if f.scan.bad {
			f.why = whyDamaged
		}
		if err != nil {
			return Block{}, err
		}
		first := f.first
		f.first = false
		if !f.admit(&b) {
			continue
		}
		out := f.seal(b, &f.scan.Header, first)
		if f.scan.Header.Date == f.date.String() && f.reading.next <= f.from {
			continue
		}
		return out, nil
	}
}

// later is the file behind another in its folder, or the first of a day after it.
func (f *Following) later(path string) (string, error) {
	dir := f.date.String()
	if path != "" {
		dir = filepath.Base(filepath.Dir(path))
	}
	entries, err := folder(f.store.Dir)
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		date, err := model.ParseDate(e.Name())
		if err != nil || e.Name() < dir {
			continue
		}
		day, err := f.store.Day(date)
		if err != nil {
			return "", err
		}
		for _, file := range day.Files {
			if e.Name() > dir || path == "" || behind(file.Path, path) {
				return file.Path, nil
			}
		}
	}
	return "", nil
}

// behind reports whether a file of a folder was begun after another one of it.
func behind(path, than string) bool {
	if len(path) != len(than) {
		return len(path) > len(than)
	}
	return path > than
}
