//go:build unix

package logs

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What holds a writer up, or is no log at all, is refused at once.
func TestFileRefusesWhatIsNone(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	for _, path := range []string{dir, pipe, filepath.Join(pipe, "below"), os.DevNull} {
		if f, err := Open(path); err == nil {
			t.Errorf("%s was opened: %v", path, f.Close())
		} else if !strings.HasPrefix(err.Error(), "open the log: ") {
			t.Error(err)
		}
	}
}
