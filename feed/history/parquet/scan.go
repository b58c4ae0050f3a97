package parquet

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"

	pq "github.com/parquet-go/parquet-go"

	"optflow/model"
)

// Condition is what a value of a column must be for its row to be read: between
// Min and Max, both included, or one of the texts In. Dates count in days since
// 1970, times in ms, true is 1. A value that is not known meets no condition.
type Condition struct {
	Column   string
	Min, Max float64
	In       []string
}

// AtLeast is the condition of a column of numbers that has no upper end.
func AtLeast(column string, least float64) Condition {
	return Condition{Column: column, Min: least, Max: math.Inf(1)}
}

// Scan reads the rows of a file of windows or bursts that meet all conditions,
// in the order of the file, until yield is false or the context ends. Of
// columns that conditions speak of only pages are read that can have such a
// row, of the others only those that have one. A row is good until yield
// returns; its contract, of which each is told by one pointer, for longer.
func Scan(ctx context.Context, path string, conditions []Condition, yield func(*Row) bool) error {
	f, err := open(path)
	if err != nil {
		return fmt.Errorf("reading %s: %w", filepath.Base(path), err)
	}
	defer f.Close()
	return f.Scan(ctx, conditions, yield)
}

// Scan is Scan of an open file.
func (f *File) Scan(ctx context.Context, conditions []Condition, yield func(*Row) bool) error {
	if err := f.scan(ctx, conditions, yield); err != nil && !errors.Is(err, errEnough) {
		return fmt.Errorf("reading %s: %w", filepath.Base(f.on.Name()), err)
	}
	return nil
}

var errEnough = errors.New("enough")

// scanner reads one file.
type scanner struct {
	columns   []column[line]
	leaf      []int // where a column is in the file; -1: it has none
	asked     []asked
	contracts map[string]*model.Contract
	lines     []line
	chosen    []bool // of the rows of a page
	found     []int  // the numbers of those
	yield     func(*Row) bool
}

// asked is a condition and its column.
type asked struct {
	Condition
	leaf int
}

func (f *File) scan(ctx context.Context, conditions []Condition, yield func(*Row) bool) (err error) {
	defer damaged(&err)
	s := &scanner{contracts: make(map[string]*model.Contract), yield: yield}
	for _, c := range columnsOf(true) {
		leaf, found := f.Schema().Lookup(c.name)
		if !found {
			continue // of a window, or added since
		}
		s.columns, s.leaf = append(s.columns, c), append(s.leaf, leaf.ColumnIndex)
	}
	for _, c := range conditions {
		leaf, found := f.Schema().Lookup(c.Column)
		if !found {
			return fmt.Errorf("no column %q", c.Column)
		}
		s.asked = append(s.asked, asked{c, leaf.ColumnIndex})
	}
	for _, group := range f.RowGroups() {
		if err := s.group(ctx, group); err != nil {
			return err
		}
	}
	return nil
}

// group reads the rows of a row group.
func (s *scanner) group(ctx context.Context, group pq.RowGroup) error {
	chunks := group.ColumnChunks()
	for _, c := range s.asked {
		if chunk, is := chunks[c.leaf].(*pq.FileColumnChunk); is {
			if least, most, ok := chunk.Bounds(); ok && !c.within(least, most) {
				return nil
			}
		}
	}
	readers := make(map[int]*pages)
	defer func() {
		for _, p := range readers {
			p.release()
			_ = p.Close()
		}
	}()
	of := func(leaf int) *pages {
		p := readers[leaf]
		if p == nil {
			p = &pages{Pages: chunks[leaf].Pages()}
			readers[leaf] = p
		}
		return p
	}
	for from := int64(0); from < group.NumRows(); from += pageRows {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.rows(of, from, int(min(pageRows, group.NumRows()-from))); err != nil {
			return err
		}
	}
	return nil
}

// rows reads n rows of a group, which are one page of each column.
func (s *scanner) rows(of func(leaf int) *pages, from int64, n int) error {
	s.chosen = slices.Grow(s.chosen[:0], n)[:n]
	for i := range s.chosen {
		s.chosen[i] = true
	}
	for i := range s.asked {
		page, err := of(s.asked[i].leaf).at(from, n)
		if err != nil {
			return err
		}
		if !s.asked[i].choose(page, s.chosen) {
			return nil
		}
	}
	s.lines, s.found = s.lines[:0], s.found[:0]
	for row, is := range s.chosen {
		if is {
			s.lines, s.found = append(s.lines, line{}), append(s.found, row)
		}
	}
	if len(s.lines) == 0 {
		return nil
	}
	for i, c := range s.columns {
		page, err := of(s.leaf[i]).at(from, n)
		if err != nil {
			return err
		}
		s.column(c.take, page)
	}
	for i := range s.lines {
		l := &s.lines[i]
		if l.Of = s.contract(&l.terms); l.Of == nil {
			return fmt.Errorf("%.40q is no contract", l.terms.symbol)
		}
		if !s.yield(&l.Row) {
			return errEnough
		}
	}
	return nil
}

// pages reads the pages of one column of a group in order, over those that are
// not asked for.
type pages struct {
	pq.Pages
	page pq.Page
	from int64
	next int64
}

// at is the page with the n rows that begin at from.
func (p *pages) at(from int64, n int) (pq.Page, error) {
	if p.page != nil && p.from == from {
		return p.page, nil
	}
	if p.next != from {
		if err := p.SeekToRow(from); err != nil {
			return nil, err
		}
	}
	p.release()
	page, err := p.ReadPage()
	if err != nil {
		return nil, err
	}
	if page.NumRows() != int64(n) {
		return nil, errors.New("its pages are not ours")
	}
	p.page, p.from, p.next = page, from, from+int64(n)
	return page, nil
}

func (p *pages) release() {
	if p.page != nil {
		pq.Release(p.page)
		p.page = nil
	}
}

// contract is the one of those terms.
func (s *scanner) contract(t *terms) *model.Contract {
	c := s.contracts[string(t.symbol)]
	if c != nil && c.Underlying == string(t.underlying) && c.Shares == t.shares && c.Adjusted() == t.adjusted {
		return c
	}
	made, err := model.ParseContract(string(t.symbol))
	if err != nil {
		return nil
	}
	made.Underlying, made.Shares = string(t.underlying), t.shares
	made.More = made.Adjusted() != t.adjusted
	s.contracts[made.Symbol] = &made
	return &made
}
