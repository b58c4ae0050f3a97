// Package history keeps the day log of a feed in files: what the book was told,
// in blocks (model/daylog), a folder for each trading date. It writes them
// without ever making the feed wait, reads them whatever has happened to them,
// and deletes the oldest. Blocks are packed here.
//
// What it cannot read or could not write it says as a hole. A program that is
// killed loses what its open second brought, and no more.
package history

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"optflow/model"
)

const (
	fileEnd  = ".oflog"
	folderOf = 0o700 // whose data it is, nobody else reads it
	fileOf   = 0o600
)

// Store is where the days of one feed are kept, HISTORY/<feed>.
type Store struct{ Dir string }

// Feed is whose days they are: realtime, delayed, sim or the name of a host.
func (s Store) Feed() string { return filepath.Base(s.Dir) }

// Stores are those of all feeds below a folder of history, by name.
func Stores(root string) ([]Store, error) {
	entries, err := folder(root)
	if err != nil {
		return nil, err
	}
	var all []Store
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && e.Name() != "parquet" {
			all = append(all, Store{filepath.Join(root, e.Name())})
		}
	}
	return all, nil
}

// Day is the log of one trading date.
type Day struct {
	Feed  string
	Date  model.Date
	Dir   string
	Files []File // in the order of their writing
	Size  int64  // bytes of the files together
}

// File is a file of a day. One is begun at each start, each hour, after a hole
// and where the last one is large.
type File struct {
	Path string
	Size int64 // bytes
}

// Days are the days there are, oldest first.
func (s Store) Days() ([]Day, error) {
	entries, err := folder(s.Dir)
	if err != nil {
		return nil, err
	}
	var days []Day
	for _, e := range entries {
		date, err := model.ParseDate(e.Name())
		if err != nil || !e.IsDir() {
			continue
		}
		day, err := s.Day(date)
		if err != nil {
			return nil, err
		}
		if len(day.Files) > 0 {
			days = append(days, day)
		}
	}
	return days, nil // ReadDir sorts by name, and so by date
}

// Day is the log of a date. It has no files where there is none.
func (s Store) Day(date model.Date) (Day, error) {
	d := Day{Feed: s.Feed(), Date: date, Dir: filepath.Join(s.Dir, date.String())}
	entries, err := folder(d.Dir)
	if err != nil {
		return d, err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || filepath.Ext(e.Name()) != fileEnd {
			continue
		}
		d.Files = append(d.Files, File{filepath.Join(d.Dir, e.Name()), info.Size()})
		d.Size += info.Size()
	}
	// Past 9999 a name is longer than those before.
	slices.SortStableFunc(d.Files, func(a, b File) int { return cmp.Compare(len(a.Path), len(b.Path)) })
	return d, nil
}

// folder lists a folder by name; one that is not there is empty.
func folder(dir string) ([]fs.DirEntry, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		return nil, fmt.Errorf("reading the history: %w", err)
	}
	return entries, nil
}
