package followup

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"optflow/model"
	"optflow/model/ledger"
	"optflow/model/termsafe"
)

// files are the ledger's, a month each, which are only appended to.
type files struct {
	dir  string
	name string // of the one that is open
	file *os.File
	size int64
	line []byte
}

// errFull says that a month's file takes no more.
var errFull = errors.New("full")

func (f *files) append(date model.Date, r ledger.Record) error {
	if err := f.open(ledger.File(date)); err != nil {
		return err
	}
	line, err := ledger.Append(f.line[:0], r)
	if err != nil {
		return err
	}
	if f.line = line; f.size+int64(len(line)) > ledger.Most {
		return errFull
	}
	n, err := f.file.Write(line)
	f.size += int64(n)
	if err != nil {
		f.close() // it may end within a line
		return fmt.Errorf("append to %s: %w", f.name, err)
	}
	return nil
}

// open turns to a file. A last line that is torn gets an end, so that the next
// one is not lost with it.
func (f *files) open(name string) error {
	if f.file != nil && f.name == name {
		return nil
	}
	f.close()
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Join(f.dir, name), os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	size, err := file.Seek(0, io.SeekEnd)
	if err == nil && size > 0 {
		last := []byte{0}
		if _, err = file.ReadAt(last, size-1); err == nil && last[0] != '\n' {
			_, err = file.Write([]byte{'\n'})
			size++
		}
	}
	if err != nil {
		_ = file.Close()
		return fmt.Errorf("open %s: %w", name, err)
	}
	f.name, f.file, f.size = name, file, size
	return nil
}

func (f *files) close() {
	if f.file != nil {
		_ = f.file.Close()
		f.file = nil
	}
}

// Read reads a ledger's files, the oldest first. No folder is an empty ledger.
func Read(dir string) (book *ledger.Ledger, skipped ledger.Skipped, err error) {
	book = ledger.New()
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return book, skipped, nil
	}
	if err != nil {
		return nil, skipped, err
	}
	var names []string
	for _, e := range entries {
		if name := e.Name(); strings.HasSuffix(name, ".jsonl") && e.Type().IsRegular() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		content, err := readMost(filepath.Join(dir, name))
		if err != nil {
			return nil, skipped, fmt.Errorf("read %s: %w", name, err)
		}
		s := ledger.Read(content, func(r ledger.Record) {
			if a, is := r.(*ledger.Alert); is { // whoever wrote it
				a.Rule, a.Underlying = termsafe.String(a.Rule, nameMost), termsafe.String(a.Underlying, nameMost)
			}
			book.Add(r)
		})
		skipped.Torn += s.Torn
		skipped.Wrong += s.Wrong
		skipped.Newer += s.Newer
	}
	return book, skipped, nil
}

// nameMost is how many letters of a name are shown.
const nameMost = 40

// readMost reads a file, as far as we would have written it.
func readMost(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(io.LimitReader(file, ledger.Most))
}
