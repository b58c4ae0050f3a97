package serving

import (
	"log/slog"
	"os"
	"sync"
	"time"

	"optflow/config/viewers"
)

// file is the viewers file as it stands. It may be used from any goroutine.
type file struct {
	path string
	log  *slog.Logger

	mu   sync.Mutex
	list *viewers.List
	at   time.Time // of its last change
	size int64
}

func (f *file) read() (*viewers.List, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at, f.size = f.stamp()
	list, err := viewers.Read(f.path)
	if err != nil {
		f.list = viewers.Parse("") // nobody, rather than whoever was in it
		return nil, err
	}
	f.list = list
	return list, nil
}

func (f *file) stamp() (time.Time, int64) {
	info, err := os.Stat(f.path)
	if err != nil {
		return time.Time{}, -1
	}
	return info.ModTime(), info.Size()
}

// now is the list, read anew where the file has changed.
func (f *file) now() *viewers.List {
	f.mu.Lock()
	list, at, size := f.list, f.at, f.size
	f.mu.Unlock()
	if now, is := f.stamp(); list != nil && now.Equal(at) && is == size {
		return list
	}
	list, err := f.read()
	if err != nil {
		f.log.Error("nobody gets in", "err", err)
		return viewers.Parse("")
	}
	for _, p := range list.Wrong {
		f.log.Warn("a line of the viewers file lets nobody in", "line", p.String())
	}
	return list
}
