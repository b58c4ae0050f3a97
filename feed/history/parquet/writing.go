package parquet

import (
	"context"
	"os"
	"path/filepath"
	"strings"
)

// writing is the files of a day under way.
type writing struct {
	ctx      context.Context
	progress func(done, total int64)
	of       *collector

	windows, bursts *file[line] // nil: not wanted
	minutes         *file[minuteRow]
	row             line
	done, total     int64
}

func (w *writing) create(dir string, all bool, said map[string]string) (err error) {
	w.minutes, err = create(filepath.Join(dir, Minutes), minuteColumns, said)
	w.of.minutes.to = w.minutes
	if err != nil || !all {
		return err
	}
	if w.windows, err = create(filepath.Join(dir, Windows), columnsOf(false), said); err != nil {
		return err
	}
	w.bursts, err = create(filepath.Join(dir, Bursts), columnsOf(true), said)
	return err
}

// step counts a row that is done.
func (w *writing) step() error {
	if w.done++; w.done&(1<<13-1) == 0 {
		w.progress(3*w.total+w.done, 4*w.total)
	}
	return w.ctx.Err()
}

// window takes the next window or gap. One without contracts was taken back, or
// filled, and is no row.
func (w *writing) window(r *record) error {
	if r.Size == 0 {
		return w.step()
	}
	of := w.of.contracts[r.Contract]
	if err := w.of.minutes.add(r, of); err != nil {
		return err
	}
	if w.windows == nil {
		return w.step()
	}
	if r.gap() { // which stands among the bursts as well
		if err := w.of.joined.add(r); err != nil {
			return err
		}
	}
	w.row.Row = r.of(of)
	w.row.FirstKnown, w.row.Burst.Windows = 0, 0
	if err := w.windows.add(&w.row); err != nil {
		return err
	}
	return w.step()
}

func (w *writing) burst(r *record) error {
	w.row.Row = r.of(w.of.contracts[r.Contract])
	if err := w.bursts.add(&w.row); err != nil {
		return err
	}
	return w.step()
}

// finish gives the files their names, the minutes last: where they are, the day is
// done.
func (w *writing) finish() error {
	if w.windows != nil {
		if err := w.windows.finish(); err != nil {
			return err
		}
		if err := w.bursts.finish(); err != nil {
			return err
		}
	}
	return w.minutes.finish()
}

// drop deletes what did not get its name.
func (w *writing) drop() {
	w.windows.drop()
	w.bursts.drop()
	w.minutes.drop()
}

// tidy deletes what a program left that was ended while it wrote.
func tidy(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return // as will be said when it is written to
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), temporary) {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}
