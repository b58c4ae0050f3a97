package parquet

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	pq "github.com/parquet-go/parquet-go"
)

const (
	// groupRows is how many rows a row group has. Its least and greatest values
	// are what a search leaves groups out by.
	groupRows = 32_768
	// pageRows is how many rows a page of each column has, so that a search reads
	// the pages of those rows only that it found.
	pageRows = 4096
	// pageBytes is more than a page of those has before it is packed, so that it is
	// cut by rows alone: 13 bytes a value at most.
	pageBytes = 16 * pageRows
	// valuesRows is how many rows are turned into values at a time.
	valuesRows = 128
)

// file is a file of T that is being written. It has its name once it is whole.
type file[T any] struct {
	path    string
	on      *os.File
	columns []column[T]
	writer  *pq.GenericWriter[any]
	waiting []T
	values  []pq.Value
	page    int // rows in the present page
	group   int // and in the present group
	rows    int64
	done    bool
}

// create begins a file. What is said of it as a whole stands in its metadata.
func create[T any](path string, columns []column[T], said map[string]string) (*file[T], error) {
	packs, err := newCodec()
	if err != nil {
		return nil, err
	}
	on, err := os.CreateTemp(filepath.Dir(path), temporary+filepath.Base(path)+"-*")
	if err != nil {
		return nil, fmt.Errorf("beginning %s: %w", filepath.Base(path), err)
	}
	options := []pq.WriterOption{
		schemaOf("row", columns), pq.Compression(packs),
		pq.MaxRowsPerRowGroup(groupRows), pq.PageBufferSize(pageBytes), pq.DataPageStatistics(true), pq.CreatedBy("optflow", "1", "0"),
	}
	for key, value := range said {
		options = append(options, pq.KeyValueMetadata(key, value))
	}
	return &file[T]{
		path: path, on: on, columns: columns, writer: pq.NewGenericWriter[any](on, options...),
		waiting: make([]T, 0, valuesRows), values: make([]pq.Value, valuesRows),
	}, nil
}

// add writes a row behind those before.
func (f *file[T]) add(row *T) error {
	f.waiting = append(f.waiting, *row)
	if len(f.waiting) < valuesRows {
		return nil
	}
	return f.failed(f.take())
}

// take writes the rows that wait, a column at a time.
func (f *file[T]) take() error {
	n := len(f.waiting)
	for i, to := range f.writer.ColumnWriters() {
		put := f.columns[i].put
		for k := range f.waiting {
			f.values[k] = put(&f.waiting[k])
		}
		if _, err := to.WriteRowValues(f.values[:n]); err != nil {
			return err
		}
	}
	f.waiting = f.waiting[:0]
	f.page, f.group, f.rows = f.page+n, f.group+n, f.rows+int64(n)
	if f.page >= pageRows {
		f.page = 0
		for _, c := range f.writer.ColumnWriters() {
			if err := c.Flush(); err != nil {
				return err
			}
		}
	}
	if f.group >= groupRows {
		f.group = 0
		if err := f.writer.Flush(); err != nil {
			return err
		}
	}
	return nil
}

func (f *file[T]) failed(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("writing %s: %w", filepath.Base(f.path), err)
}

// finish writes what is left and gives the file its name, once it is on the
// disk.
func (f *file[T]) finish() error {
	err := f.take()
	if err == nil {
		err = f.writer.Close()
	}
	if err == nil {
		err = f.on.Sync()
	}
	if bad := f.on.Close(); err == nil {
		err = bad
	}
	if err == nil {
		err = os.Rename(f.on.Name(), f.path)
	}
	f.done = err == nil
	return f.failed(err)
}

func (f *file[T]) count() int64 {
	if f == nil {
		return 0
	}
	return f.rows
}

// drop leaves no trace of a file that is not finished.
func (f *file[T]) drop() {
	if f == nil || f.done {
		return
	}
	_ = f.on.Close()
	_ = os.Remove(f.on.Name())
}

// columnsOf are those of windows or bursts.
func columnsOf(bursts bool) []column[line] {
	all := slices.Clone(windowColumns)
	if bursts {
		all = append(all, burstColumns...)
	}
	return append(all, moreColumns...)
}
