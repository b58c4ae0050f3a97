package parquet

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// runRecords is how many records are sorted in memory; what is more goes to a
// temporary file in between, run by run.
const runRecords = 16_384

// spillBytes are written at once.
const spillBytes = 64 << 10

// sorter puts records in order, each identity in its last version, whatever
// order they come in: corrections and what was asked for afterwards come late.
type sorter struct {
	dir  string
	run  []record
	file *os.File // nil: all are in run
	runs []int64  // where each begins in the file
	size int64
	buf  []byte
	n    int64 // records that came
}

func (s *sorter) add(r *record) error {
	s.run = append(s.run, *r)
	s.n++
	if len(s.run) < runRecords {
		return nil
	}
	return s.spill()
}

// tidy sorts the present run and leaves the last version of each.
func (s *sorter) tidy() {
	slices.SortStableFunc(s.run, func(a, b record) int { return a.compare(&b) })
	kept := s.run[:0]
	for i := range s.run {
		if n := len(kept); n > 0 && kept[n-1].compare(&s.run[i]) == 0 {
			kept[n-1].replace(&s.run[i])
		} else {
			kept = append(kept, s.run[i])
		}
	}
	s.run = kept
}

func (s *sorter) spill() (err error) {
	if s.tidy(); len(s.run) > runRecords/2 && s.file == nil {
		if s.file, err = os.CreateTemp(s.dir, temporary+"rows-*"); err != nil {
			return fmt.Errorf("sorting the day: %w", err)
		}
	}
	if len(s.run) <= runRecords/2 {
		return nil // mostly versions of each other
	}
	s.runs = append(s.runs, s.size)
	for i := range s.run {
		if s.buf = s.run[i].append(s.buf); len(s.buf) < spillBytes && i < len(s.run)-1 {
			continue
		}
		if _, err := s.file.Write(s.buf); err != nil {
			return fmt.Errorf("sorting the day: %w", err)
		}
		s.size += int64(len(s.buf))
		s.buf = s.buf[:0]
	}
	s.run = s.run[:0]
	return nil
}

// each goes over the records in order, until yield fails.
func (s *sorter) each(yield func(*record) error) error {
	s.tidy()
	var all []*run // of equal records that of the earlier run comes first
	for i, at := range s.runs {
		end := s.size
		if i+1 < len(s.runs) {
			end = s.runs[i+1]
		}
		all = append(all, &run{order: i, from: bufio.NewReaderSize(io.NewSectionReader(s.file, at, end-at), recordSize*128)})
	}
	all = append(all, &run{order: len(all), held: s.run})
	s.buf = nil
	var m []*run // those that have more, by their next records
	for _, r := range all {
		more, err := r.next()
		if err != nil {
			return err
		}
		if more {
			m = append(m, r)
		}
	}
	slices.SortFunc(m, (*run).compareRun)
	var waiting record
	any := false
	for len(m) > 0 {
		r, others := m[0], m[1:]
		switch {
		case any && waiting.compare(&r.record) == 0:
			waiting.replace(&r.record)
		default:
			if any {
				if err := yield(&waiting); err != nil {
					return err
				}
			}
			waiting, any = r.record, true
		}
		more, err := r.next()
		if err != nil {
			return err
		}
		if !more {
			m = others
			continue
		}
		at, _ := slices.BinarySearchFunc(others, r, (*run).compareRun)
		copy(m, others[:at])
		m[at] = r
	}
	if any {
		return yield(&waiting)
	}
	return nil
}

// close deletes what was put on the disk.
func (s *sorter) close() {
	if s.file != nil {
		_ = s.file.Close()
		_ = os.Remove(s.file.Name())
	}
}

// run is one sorted run as it is read.
type run struct {
	record
	order int
	from  *bufio.Reader // nil: held
	held  []record
	raw   [recordSize]byte
}

func (r *run) next() (more bool, err error) {
	if r.from == nil {
		if len(r.held) == 0 {
			return false, nil
		}
		r.record, r.held = r.held[0], r.held[1:]
		return true, nil
	}
	if _, err := io.ReadFull(r.from, r.raw[:]); errors.Is(err, io.EOF) {
		return false, nil
	} else if err != nil {
		return false, fmt.Errorf("sorting the day: %w", err)
	}
	r.read(r.raw[:])
	return true, nil
}

// compareRun orders runs by their next records.
func (r *run) compareRun(o *run) int {
	return cmp.Or(r.compare(&o.record), cmp.Compare(r.order, o.order))
}
