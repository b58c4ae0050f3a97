package textfile

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestFilesAreReadUpToAMegabyte(t *testing.T) {
	dir := t.TempDir()
	fits, long := filepath.Join(dir, "fits"), filepath.Join(dir, "long")
	for path, size := range map[string]int{fits: Max, long: Max + 1} {
		if err := os.WriteFile(path, make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if text, err := Read(fits); err != nil || len(text) != Max {
		t.Errorf("%d bytes, %v", len(text), err)
	}
	paths := []string{long}
	if _, err := os.Stat("/dev/zero"); err == nil {
		paths = append(paths, "/dev/zero")
	}
	for _, path := range paths {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Read(path)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, ErrTooLong) || !strings.Contains(err.Error(), "longer than 1 MiB") {
			t.Errorf("%s: %v", path, err)
		}
		if cost := after.TotalAlloc - before.TotalAlloc; cost > 8*Max {
			t.Errorf("%s: %d MB", path, cost>>20)
		}
	}
	if _, err := Read(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
