package alerts

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

// writeTime is how long a file is left alone after a change: an editor writes it
// in several steps.
const writeTime = 100 * time.Millisecond

// Watch calls again after each change of one of some files, until ctx ends. The
// system says when: nothing is looked at while nothing changes. Folders are
// watched, since editors put a new file in an old one's place.
func Watch(ctx context.Context, files []string, again func()) error {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch the rules: %w", err)
	}
	defer func() { _ = watcher.Close() }()
	var folders []string
	for _, file := range files {
		if dir := filepath.Dir(file); !slices.Contains(folders, dir) {
			folders = append(folders, dir)
			_ = watcher.Add(dir) // one that is not there has no rules
		}
	}
	settled := time.NewTimer(0)
	defer settled.Stop()
	<-settled.C
	for {
		select {
		case <-ctx.Done():
			return nil
		case e, open := <-watcher.Events:
			if !open {
				return nil
			}
			if slices.Contains(files, filepath.Clean(e.Name)) && !e.Has(fsnotify.Chmod) {
				settled.Reset(writeTime)
			}
		case _, open := <-watcher.Errors:
			if !open {
				return nil
			}
			settled.Reset(writeTime) // events were lost
		case <-settled.C:
			again()
		}
	}
}
