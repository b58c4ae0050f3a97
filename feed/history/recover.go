package history

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
	"optflow/model/session"
)

// store is where the feed's days are.
func (o *Options) store() Store {
	name := o.Named()
	if name == "" {
		name = o.Feeds[0]
		latest := time.Time{}
		for _, feed := range o.Feeds { // as it was the last time
			if info, err := os.Stat(filepath.Join(o.Root, feed)); err == nil && info.ModTime().After(latest) {
				name, latest = feed, info.ModTime()
			}
		}
	}
	return Store{filepath.Join(o.Root, name)}
}

// today is the log of the date that is shown now: of today or, while the market
// has not opened, of the last session. It has no files where there is none.
func (o *Options) today() (found Day, store Store, err error) {
	now := o.Now()
	latest := time.Time{}
	for date := model.TradingDate(now); isPresent(date, now) && len(found.Files) == 0; date-- {
		for _, feed := range o.Feeds {
			s := Store{filepath.Join(o.Root, feed)}
			day, err := s.Day(date)
			if err != nil {
				return found, store, err
			}
			if len(day.Files) == 0 {
				continue
			}
			if info, err := os.Stat(day.Files[len(day.Files)-1].Path); err == nil && info.ModTime().After(latest) {
				found, store, latest = day, s, info.ModTime()
			}
		}
	}
	return found, store, nil
}

// isPresent reports whether a date's log may be the one that is shown at a market
// time: it is of that day or, while the market has not opened, not before the last
// session.
func isPresent(date model.Date, now int64) bool {
	return date <= model.TradingDate(now) && date >= (*session.Calendar)(nil).At(now, session.Statement{}).Date
}

// since leaves out what stands before the last file whose book began empty. It is
// daylog.ErrNewer where a file cannot be read by this version.
func (d Day) since() (Day, error) {
	for i := len(d.Files) - 1; i >= 0; i-- {
		h, err := headerOf(d.Files[i].Path)
		if errors.Is(err, daylog.ErrNewer) {
			return d, err
		}
		if err == nil && h.Fresh {
			d.Files = slices.Clone(d.Files[i:])
			d.Size = 0
			for _, f := range d.Files {
				d.Size += f.Size
			}
			return d, nil
		}
	}
	return d, nil
}

// headerOf reads the first line of a file.
func headerOf(path string) (Header, error) {
	file, err := os.Open(path)
	if err != nil {
		return Header{}, fmt.Errorf("reading the history: %w", err)
	}
	defer func() { _ = file.Close() }() // nothing was written
	s := scan{from: file}
	if err := s.begin(); err != nil {
		return s.Header, fmt.Errorf("reading %s: %w", path, err)
	}
	return s.Header, nil
}

// Recover tells a new book what was written down of the date that is shown now. It
// returns the market time in ms up to which the feed had brought something, 0
// where there is no log, and the last state that was shown. After each block it says
// how far it is. What cannot be read it tells the book as Lost. Where the rest needs a
// newer optflow (daylog.ErrNewer), or cannot be read, the book has what came before
// that. It comes before Begin.
func (r *Recorder) Recover(ctx context.Context, b *book.Book, show func(done, total int64)) (until int64, last *model.State, err error) {
	if r.o.Anew {
		return 0, nil, nil
	}
	day, store, err := r.o.today()
	if err == nil {
		day, err = day.since()
	}
	if err != nil || len(day.Files) == 0 {
		return 0, nil, err
	}
	r.disk.store = store
	var (
		d         daylog.Decoder
		now, late int64
		done      int64
		bad       bool  // until the next key
		good      int64 // ms: start of the last block that is not
	)
	to := daylog.Reader{Input: func(in book.Input) {
		b.Apply(in)
		switch in := in.(type) {
		case *book.Tick:
			now = in.Now
		case *book.Delay:
			late = in.Delay
		}
	}, State: func(s *model.State) { last = s }}
	for block, failed := range day.Blocks(ctx, func(at, _ int64) { done = at }) {
		if failed != nil {
			err = failed
			break
		}
		if bad && !block.Key {
			continue
		}
		if bad {
			from := cmp.Or(good, block.Start)
			to.Input(&book.Lost{From: from, To: max(from, block.Start), Reason: model.GapLost, Clock: true})
		}
		if err = d.Ops(block.Unpacked, to); errors.Is(err, daylog.ErrNewer) {
			break
		}
		if bad, err = err != nil, nil; !bad {
			good = block.Start
		}
		show(done, day.Size)
	}
	if err == nil {
		r.disk.known[day.Date], err = lastOp(day)
	}
	if err != nil { // the log goes on with a book that begins there
		r.carries, r.enters = true, true
	}
	if now == 0 {
		return 0, last, err
	}
	return now - late, last, err
}

// GoOn is Recover for a book that another program's log was told up to an op of a
// day. Tell is told what was written down behind that, if the log here is the same.
// It comes before Begin.
func (r *Recorder) GoOn(ctx context.Context, date model.Date, next uint64, tell func(b *daylog.Block, ops []byte) error) error {
	day, store, err := r.o.today()
	if err != nil || len(day.Files) == 0 || day.Date != date {
		return err
	}
	r.disk.store = store
	for b, failed := range day.Blocks(ctx, nil) {
		if err = failed; err != nil || b.First > next {
			break
		}
		if b.First < next {
			continue
		}
		if err = tell(&b.Block, b.Unpacked); err != nil {
			break
		}
		next += uint64(b.Ops)
	}
	r.disk.known[date] = next
	return err
}
