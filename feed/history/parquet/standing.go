package parquet

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"optflow/feed/history"
	"optflow/model"
	"optflow/model/session"
)

// Settles is how long after the close of a session its rows may still change:
// bars are corrected for 15 minutes.
const Settles = 20 * time.Minute

// Stands reports whether the files of a day are there and have all that its log
// has, or all that counts: what was recorded after its session had settled is no
// row any more.
func Stands(root string, day history.Day, all bool) bool {
	names := []string{Minutes}
	if all {
		names = []string{Minutes, Windows, Bursts}
	}
	for _, name := range names {
		a, err := ReadAbout(filepath.Join(Dir(root, day.Feed, day.Date), name))
		if err != nil || !a.stands(day) {
			return false
		}
	}
	return true
}

func (a *About) stands(day history.Day) bool {
	return a.Bytes == day.Size || a.Until >= Settled(day.Date)
}

// Settled is the market time, in ms, from which on a day's rows stand still.
func Settled(date model.Date) int64 {
	var calendar session.Calendar
	last := date.At(16, 15).UnixMilli()
	if hours, trades := calendar.Hours(date); trades {
		last = hours.Late
	}
	return last + Settles.Milliseconds()
}

// Lacking are the days before a date, oldest first, whose files do not stand.
func Lacking(root string, store history.Store, before model.Date, all bool) (lacking []history.Day, err error) {
	days, err := store.Days()
	for _, day := range days {
		if day.Date < before && !Stands(root, day, all) {
			lacking = append(lacking, day)
		}
	}
	return lacking, err
}

// Make makes the files of a day, unless somebody else has just done so. One
// program at a time makes files of a feed; the others wait.
func Make(ctx context.Context, q Request) (Made, error) {
	if q.To != "" {
		return Derive(ctx, q)
	}
	dir := Root(q.History, q.Day.Feed)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Made{}, fmt.Errorf("making the folder of %s: %w", q.Day.Date, err)
	}
	lock := flock.New(filepath.Join(dir, ".lock"), flock.SetPermissions(0o600))
	waited := false
	for {
		locked, err := lock.TryLock()
		if err != nil {
			return Made{}, fmt.Errorf("waiting for another program: %w", err)
		}
		if locked {
			break
		}
		waited = true
		select {
		case <-ctx.Done():
			return Made{}, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	defer func() { _ = lock.Unlock() }()
	if waited && Stands(q.History, q.Day, !q.MinutesOnly) {
		return Made{Dir: Dir(q.History, q.Day.Feed, q.Day.Date)}, nil
	}
	return Derive(ctx, q)
}
