package history

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"optflow/model"
	"optflow/model/daylog"
)

var (
	errTaken = errors.New("another program records this day")
	errFull  = errors.New("there is no room for more history")
)

// lockName is the file of a day's folder that whoever writes there has locked.
const lockName = "lock"

// disk is the file that is written.
type disk struct {
	o     *Options
	store Store // "" before the first file
	date  model.Date
	lock  *flock.Flock
	file  *os.File // nil: none is open
	size  int64
	dirty bool // not all is on the disk for certain

	next  uint64 // op of the next block
	known map[model.Date]uint64
	went  bool // a file was begun in this run
	// Strange says that the day has something that the book was not told.
	strange bool

	mu    sync.Mutex
	files []string // begun in this run
}

func (d *disk) open() bool { return d.file != nil }

// begin begins a file of a date.
func (d *disk) begin(date model.Date) error {
	d.close()
	if err := d.room(); err != nil {
		return err
	}
	if d.store.Dir == "" {
		d.store = d.o.store()
	}
	day, err := d.take(date)
	if err != nil {
		return err
	}
	d.next = d.known[date]
	h := d.o.Header
	h.Version, h.Feed, h.Date, h.Sim = daylog.Version, d.store.Feed(), date.String(), d.o.Sim()
	h.Fresh = d.strange && !d.went
	line, err := h.line()
	if err != nil {
		return fmt.Errorf("writing the history: %w", err)
	}
	path, err := d.create(day)
	if err != nil {
		return err
	}
	if err := d.append(line, 0); err != nil {
		return err
	}
	d.went = true
	d.mu.Lock()
	d.files = append(d.files, path)
	d.mu.Unlock()
	return nil
}

// take locks the folder of a date, and lists it.
func (d *disk) take(date model.Date) (day Day, err error) {
	dir := filepath.Join(d.store.Dir, date.String())
	if err := os.MkdirAll(dir, folderOf); err != nil {
		return day, fmt.Errorf("writing the history: %w", err)
	}
	if d.lock != nil && d.date == date {
		return d.store.Day(date)
	}
	lock := flock.New(filepath.Join(dir, lockName), flock.SetPermissions(fileOf))
	mine, err := lock.TryLock()
	if err != nil {
		return day, fmt.Errorf("writing the history: %w", err)
	}
	if !mine {
		return day, errTaken
	}
	d.release()
	d.lock, d.date = lock, date
	if day, err = d.store.Day(date); err != nil {
		return day, err
	}
	next, err := lastOp(day)
	d.strange = next != d.known[date]
	d.known[date] = next
	return day, err
}

// release lets others write the day.
func (d *disk) release() {
	if d.lock != nil {
		_ = d.lock.Unlock() // the end of the program does so as well
		d.lock = nil
	}
}

// create makes the next file of a day.
func (d *disk) create(day Day) (path string, err error) {
	n := 1
	if len(day.Files) > 0 {
		last := filepath.Base(day.Files[len(day.Files)-1].Path)
		if before, err := strconv.Atoi(strings.TrimSuffix(last, fileEnd)); err == nil {
			n = before + 1
		}
	}
	path = filepath.Join(day.Dir, fmt.Sprintf("%04d%s", n, fileEnd))
	d.file, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, fileOf)
	if err != nil {
		return "", fmt.Errorf("writing the history: %w", err)
	}
	d.size = 0
	return path, nil
}

// append writes data, which has so many ops, in one piece: who reads along sees
// all of it or none, or what is torn.
func (d *disk) append(data []byte, ops uint32) error {
	n, err := d.file.Write(data)
	d.size += int64(n)
	d.dirty = true
	if err != nil {
		return fmt.Errorf("writing the history: %w", err)
	}
	d.next += uint64(ops)
	d.known[d.date] = d.next
	return nil
}

// sync waits until all is on the disk.
func (d *disk) sync() error {
	if !d.dirty || d.file == nil {
		return nil
	}
	d.dirty = false
	if err := d.file.Sync(); err != nil {
		return fmt.Errorf("writing the history: %w", err)
	}
	return nil
}

// close ends the file. What cannot be written to the end any more is found by
// whoever reads it.
func (d *disk) close() {
	if d.file == nil {
		return
	}
	_ = d.sync()
	_ = d.file.Close()
	d.file = nil
}

// end leaves the history.
func (d *disk) end() {
	d.close()
	d.release()
}

// began are the files of this run.
func (d *disk) began() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.files[:len(d.files):len(d.files)]
}

// room deletes what the limits say, and is errFull where there is too little room
// all the same.
func (d *disk) room() error {
	if d.o.Keep == (Keep{}) {
		return nil
	}
	// An invented market has a time of its own, and deletes nothing of the real day.
	_, err := Prune(d.o.Root, d.o.Keep, d.o.Now(), time.Now().UnixMilli())
	return err
}

// lastOp is the op behind the last one of a day that is whole.
func lastOp(day Day) (next uint64, err error) {
	for i := len(day.Files) - 1; i >= 0; i-- {
		found, err := lastOf(day.Files[i].Path)
		if err != nil {
			return 0, err
		}
		if next = max(next, found); next > 0 {
			return next, nil
		}
	}
	return 0, nil
}

func lastOf(path string) (next uint64, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("reading the history: %w", err)
	}
	defer func() { _ = file.Close() }() // nothing was written
	s := scan{from: file}
	if err := s.begin(); err != nil {
		return 0, nil // whose ops nobody can read
	}
	for {
		b, err := s.next()
		if err != nil {
			return next, nil
		}
		next = max(next, b.First+uint64(b.Ops))
	}
}
