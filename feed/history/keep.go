package history

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/gofrs/flock"
)

// Keep says how much is kept. What is 0 has no limit.
type Keep struct {
	Sessions int   // days of each feed
	Size     int64 // bytes of all that is there
	Free     int64 // bytes that stay free on the disk
}

// FreeLeast is what history leaves free on the disk, in bytes.
const FreeLeast = 500 << 20

// parquetDir has what was derived from the days, a folder for each feed and date.
const parquetDir = "parquet"

// keptForEver is the part of that which is small and stays.
const keptForEver = "minutes.parquet"

// Prune deletes the oldest days until all is within the limits. A day that some
// program writes stays, and one that a start at any of the times, in ms, would
// recover; where that leaves too much, it is an error.
func Prune(root string, k Keep, now ...int64) (gone []Day, err error) {
	stores, err := Stores(root)
	if err != nil {
		return nil, err
	}
	var days []Day // which may go, oldest first
	for _, s := range stores {
		all, err := s.Days()
		if err != nil {
			return nil, err
		}
		for i, d := range all {
			if slices.ContainsFunc(now, func(ms int64) bool { return isPresent(d.Date, ms) }) {
				continue
			}
			if k.Sessions > 0 && i < len(all)-k.Sessions {
				if err := d.remove(root); err == nil {
					gone = append(gone, d)
				} else if !errors.Is(err, errTaken) {
					return gone, err
				}
				continue
			}
			days = append(days, d)
		}
	}
	slices.SortStableFunc(days, func(a, b Day) int { return int(a.Date - b.Date) })
	for {
		over, err := k.over(root)
		if err != nil || !over {
			return gone, err
		}
		if len(days) == 0 {
			return gone, errFull
		}
		d := days[0]
		days = days[1:]
		if err := d.remove(root); err == nil {
			gone = append(gone, d)
		} else if !errors.Is(err, errTaken) {
			return gone, err
		}
	}
}

// over reports whether there is too much.
func (k Keep) over(root string) (bool, error) {
	if k.Size > 0 {
		size, err := sizeOf(root)
		if err != nil || size > k.Size {
			return err == nil, err
		}
	}
	if k.Free > 0 {
		free, err := freeBytes(root)
		if err != nil {
			return false, nil // where nobody can tell, writing shows
		}
		return free < k.Free, nil
	}
	return false, nil
}

// sizeOf is how many bytes the files below a folder have.
func sizeOf(root string) (size int64, err error) {
	err = filepath.WalkDir(root, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return skipGone(err)
		}
		if info, err := e.Info(); err == nil {
			size += info.Size()
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("measuring the history: %w", err)
	}
	return size, nil
}

func skipGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// remove deletes a day, and what was derived from it but for what is kept for
// ever. It is errTaken where a program writes it.
func (d Day) remove(root string) error {
	lock := flock.New(filepath.Join(d.Dir, lockName), flock.SetPermissions(fileOf))
	mine, err := lock.TryLock()
	switch {
	case err == nil && !mine:
		return errTaken
	case err != nil && !isFull(err): // who has locked it nobody can tell; where there is no room for the file, it is not there
		return fmt.Errorf("deleting the history of %s: %w", d.Date, err)
	}
	err = nil
	for _, f := range d.Files {
		err = errors.Join(err, os.Remove(f.Path))
	}
	_ = lock.Unlock() // the folder goes, and some systems delete nothing that is locked
	if err = errors.Join(err, os.RemoveAll(d.Dir)); err != nil {
		return fmt.Errorf("deleting the history of %s: %w", d.Date, err)
	}
	derived := filepath.Join(root, parquetDir, "feed="+d.Feed, "date="+d.Date.String())
	entries, err := folder(derived)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == keptForEver {
			continue
		}
		if err := os.RemoveAll(filepath.Join(derived, e.Name())); err != nil {
			return fmt.Errorf("deleting the history of %s: %w", d.Date, err)
		}
	}
	return nil
}
