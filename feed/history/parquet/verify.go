package parquet

import (
	"context"
	"fmt"
	"iter"
	"math"
	"os"
	"path/filepath"
	"time"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
)

// Verified is what a recorded day turned out to be.
type Verified struct {
	Blocks  int
	Ops     uint64
	Damaged []daylog.Hole // what cannot be read, or is not there
	Holes   []daylog.Hole // what was not recorded, and says so
	Older   bool          // it was recorded under other rules than ours: it may come to other rows
	Stands  bool          // there are files, which were compared
	Stale   bool          // those that are there lack some of the log, or are damaged
	Earlier bool          // they were made before the log ended
	Rows    int64         // windows and bursts that were
	Differs []string      // in what the files are not what the log comes to: the first of each
}

// Fine reports whether the day is what was recorded, as far as can be told.
func (v *Verified) Fine() bool {
	return len(v.Damaged) == 0 && (v.Older || v.Earlier || len(v.Differs) == 0)
}

// Verify reads all blocks of a day, whose checksums have to be right, and goes
// through it anew for the files of Parquet: what it comes to now has to be what
// stands in them.
func Verify(ctx context.Context, q Request) (v Verified, err error) {
	if err := v.read(ctx, &q); err != nil {
		return v, err
	}
	stand := Dir(q.History, q.Day.Feed, q.Day.Date)
	if !Stands(q.History, q.Day, true) {
		_, err := os.Stat(filepath.Join(stand, Windows))
		v.Stale = err == nil
		return v, nil
	}
	about, err := ReadAbout(filepath.Join(stand, Windows))
	if err != nil {
		return v, err
	}
	v.Earlier = about.Bytes != q.Day.Size
	if q.To, err = os.MkdirTemp("", "optflow-verify-"); err != nil {
		return v, fmt.Errorf("making a folder to compare with: %w", err)
	}
	defer func() { _ = os.RemoveAll(q.To) }() // the system tidies up after us
	asked := q
	q.Progress = func(done, total int64) { asked.tell(total+9*done, 10*total) } // reading was a tenth of it
	if _, err = Derive(ctx, q); err != nil {
		return v, err
	}
	v.Stands = true
	for _, name := range []string{Windows, Bursts} {
		if err := v.compare(ctx, name, filepath.Join(stand, name), filepath.Join(q.To, name)); err != nil {
			return v, err
		}
	}
	return v, nil
}

// read goes through the blocks.
func (v *Verified) read(ctx context.Context, q *Request) error {
	for b, err := range q.Day.Blocks(ctx, func(done, total int64) { q.tell(done, 10*total) }) {
		if err != nil {
			return err
		}
		v.Blocks++
		v.Ops += uint64(b.Ops)
		if b.Hole != nil {
			v.Damaged = append(v.Damaged, *b.Hole)
		}
		if b.Header != nil && b.Header.Rules != book.Rules {
			v.Older = true
		}
		known := b.Hole != nil // the first one that the ops have is that
		var d daylog.Decoder
		if err := d.Ops(b.Unpacked, daylog.Reader{Hole: func(h daylog.Hole) {
			if !known {
				v.Holes = append(v.Holes, h)
			}
			known = false
		}}); err != nil {
			return fmt.Errorf("op %d of %s and on: %w", b.First, q.Day.Date, err)
		}
	}
	return nil
}

// compare holds two files against each other, row by row.
func (v *Verified) compare(ctx context.Context, name, stands, anew string) error {
	var failed [2]error
	next, end := iter.Pull(rowsOf(ctx, stands, &failed[0]))
	defer end()
	other, over := iter.Pull(rowsOf(ctx, anew, &failed[1]))
	defer over()
	for n := int64(1); ; n++ {
		a, one := next()
		b, two := other()
		switch {
		case failed[0] != nil:
			return failed[0]
		case failed[1] != nil:
			return failed[1]
		case !one && !two:
			return nil
		case one != two:
			v.Differs = append(v.Differs, fmt.Sprintf("%s: one of them ends before row %d", name, n))
			return nil
		case a.Of.Symbol != b.Of.Symbol || a.FirstKnown != b.FirstKnown || alike(a) != alike(b):
			v.Differs = append(v.Differs, fmt.Sprintf("%s: row %d is %s of %s, and comes to %s of %s", name, n, a.Of.Symbol, timeOf(a), b.Of.Symbol, timeOf(b)))
			return nil
		}
		v.Rows++
	}
}

func rowsOf(ctx context.Context, path string, failed *error) iter.Seq[*Row] {
	return func(yield func(*Row) bool) { *failed = Scan(ctx, path, nil, yield) }
}

func timeOf(r *Row) string { return time.UnixMilli(r.Start).In(model.NewYork).Format(time.TimeOnly) }

// alike is a row of which unknown values are equal, without its file's number of
// the contract.
func alike(r *Row) model.Burst {
	b := r.Burst
	b.Row.Contract = 0
	for _, v := range [...]*float32{&b.Open, &b.High, &b.Low, &b.Close, &b.Vwap, &b.Prints, &b.Spot, &b.IV, &b.Delta, &b.Bid, &b.Ask, &b.Rank} {
		if *v != *v {
			*v = -math.MaxFloat32
		}
	}
	return b
}
