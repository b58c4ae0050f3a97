package state

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"time"

	"github.com/gofrs/flock"
)

const (
	lockName  = "state.lock"
	lockWait  = 2 * time.Second // a write takes milliseconds, on a busy disk more
	lockRetry = 5 * time.Millisecond
	// brokenSuffix is added to the name of a file that cannot be read, before it
	// is written anew, so that the user can look at it.
	brokenSuffix = ".broken"
)

// locked runs f while no other copy of the program writes to the folder of path.
// It makes the folder if there is none.
func locked(path string, f func() error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	lock := flock.New(beside(path, lockName), flock.SetPermissions(0o600))
	ctx, cancel := context.WithTimeout(context.Background(), lockWait)
	defer cancel()
	switch ok, err := lock.TryLockContext(ctx, lockRetry); {
	case errors.Is(err, context.DeadlineExceeded):
		return errors.New("another optflow is writing to " + filepath.Dir(path))
	case err != nil:
		return err
	case !ok:
		return errors.New("another optflow holds " + lockName)
	}
	defer func() { _ = lock.Close() }()
	return f()
}

// kept is a file of the state folder. Several copies of the program may share
// it: each writes what it changed since it last read or wrote, and keeps what the
// others changed meanwhile.
type kept[T any] struct {
	path  string
	what  string // in an error: "keep the tabs"
	read  func(path string) (T, error)
	save  func(path string, value T) error
	merge func(known, ours, theirs T) T // does to theirs what turned known into ours
	known T                             // as last read or written here
}

// recall reads it. No file, or a path of "", is no error.
func (k *kept[T]) recall() (T, error) {
	value, err := k.read(k.path)
	k.known = value
	return value, err
}

// remember writes ours, merged with what other copies of the program changed
// since: whole or not at all, readable by the user only. A path of "" keeps
// nothing, which is no error. Calls must not overlap, and ours must not change
// afterwards.
func (k *kept[T]) remember(ours T) error {
	if k.path == "" {
		return nil
	}
	err := locked(k.path, func() error {
		theirs, err := k.read(k.path)
		if err != nil {
			// It is of no use as it stands, but it is somebody's.
			if info, err := os.Lstat(k.path); err == nil && info.Mode().IsRegular() {
				err = os.Rename(k.path, k.path+brokenSuffix)
				if err != nil {
					return err
				}
			}
		}
		return k.save(k.path, k.merge(k.known, ours, theirs))
	})
	if err != nil {
		return fmt.Errorf("%s: %w", k.what, err)
	}
	k.known = ours
	return nil
}

// mergeLists merges lists of items that have a key each. Where two changed one
// item, join makes one of both; nil takes ours.
func mergeLists[L ~[]T, T any](key func(T) string, join func(ours, theirs T) T) func(known, ours, theirs L) L {
	find := func(list L, item T) int {
		return slices.IndexFunc(list, func(t T) bool { return key(t) == key(item) })
	}
	return func(known, ours, theirs L) L {
		merged := slices.DeleteFunc(slices.Clone(theirs), func(t T) bool { return find(ours, t) < 0 && find(known, t) >= 0 })
		for _, o := range ours {
			before, at := find(known, o), find(merged, o)
			changed := before < 0 || !reflect.DeepEqual(known[before], o)
			switch {
			case at >= 0 && changed && join != nil:
				merged[at] = join(o, merged[at])
			case at >= 0 && changed:
				merged[at] = o
			case changed:
				merged = append(merged, o)
			}
		}
		return merged
	}
}
