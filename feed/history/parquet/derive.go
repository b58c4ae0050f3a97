package parquet

import (
	"context"
	"fmt"
	"os"

	"optflow/feed/history"
	"optflow/feed/history/rerun"
	"optflow/model/daylog"
)

// Request says of which day files are wanted.
type Request struct {
	Day     history.Day
	History string // the folder of all history
	To      string // the folder of the files; "" is their place in the history
	// MinutesOnly leaves the day's windows and bursts out.
	MinutesOnly bool
	Version     string                  // of optflow, for the files
	Progress    func(done, total int64) // nil: nobody is told
}

// Made is what there is of a day.
type Made struct {
	Dir             string
	Windows, Bursts int64 // rows
	Minutes         int64
	Holes           []daylog.Hole // in the recording
}

// Derive goes through a day and writes its files, all or none of them. It needs
// the memory of another book beside some 15 MB, so it is not for a program that
// keeps one.
func Derive(ctx context.Context, q Request) (made Made, err error) {
	made.Dir = q.To
	if made.Dir == "" {
		made.Dir = Dir(q.History, q.Day.Feed, q.Day.Date)
	}
	if err := os.MkdirAll(made.Dir, 0o700); err != nil {
		return made, fmt.Errorf("making the folder of %s: %w", q.Day.Date, err)
	}
	tidy(made.Dir)
	c := newCollector(made.Dir, q.Day.Date, !q.MinutesOnly)
	defer c.close()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	reading := func(done, total int64) { q.tell(3*done, 4*total) } // it takes three quarters of the time
	err = rerun.Day(ctx, q.Day, reading, rerun.Face{Begins: c.begins, Input: c.input, State: c.state, Hole: c.hole, File: c.file, Tick: func(now int64) {
		if c.tick(now); c.failed != nil {
			cancel(c.failed)
		}
	}})
	if c.failed != nil {
		return made, c.failed
	}
	if err != nil {
		return made, err
	}
	c.settle()
	if c.failed != nil {
		return made, c.failed
	}
	return q.write(ctx, c, made)
}

func (q *Request) tell(done, total int64) {
	if q.Progress != nil {
		q.Progress(done, total)
	}
}

// write puts what was collected into files, which get their names together.
func (q *Request) write(ctx context.Context, c *collector, made Made) (Made, error) {
	w := writing{ctx: ctx, progress: q.tell, of: c, total: c.windows.n + c.joined.n}
	defer w.drop()
	err := w.create(made.Dir, !q.MinutesOnly, q.about(c).said())
	if err == nil {
		err = c.windows.each(w.window)
	}
	if err == nil {
		err = c.minutes.finish()
	}
	if err == nil && w.bursts != nil {
		err = c.joined.each(w.burst)
	}
	if err == nil {
		err = w.finish()
	}
	made.Windows, made.Bursts, made.Minutes, made.Holes = w.windows.count(), w.bursts.count(), w.minutes.count(), c.holes
	return made, err
}
