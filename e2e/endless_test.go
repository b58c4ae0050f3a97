//go:build unix

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"optflow/feed/faults"
)

// A file that never ends is refused at once, whichever it is, in words.
func TestFault68EndlessFiles(t *testing.T) {
	t.Parallel()
	faults.OpenReal(t, 68)
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip("no /dev/zero here")
	}
	linked := t.TempDir()
	if err := os.Symlink("/dev/zero", filepath.Join(linked, ".env")); err != nil {
		t.Fatal(err)
	}
	binary(t) // built before times are taken
	for _, c := range []struct {
		dir  string
		args []string
		says string
		code int
	}{
		{"", []string{"config", "--config", "/dev/zero"}, "longer than 1 MiB", exitUsage},
		{"", []string{"tail", "--config", "/dev/zero", "--for", "1ms"}, "longer than 1 MiB", exitUsage},
		{"", []string{"sim", "--script", "/dev/zero"}, "longer than 1 MiB", exitUsage},
		{"", []string{"config", "--api-key-file", "/dev/zero"}, "/dev/zero", exitUsage},
		{linked, []string{"config"}, "", exitFine},
	} {
		dir := c.dir
		if dir == "" {
			dir = t.TempDir()
		}
		began := time.Now()
		r := runIn(t, dir, nil, c.args...)
		if took := time.Since(began); took > 5*time.Second { // at once, and what a busy machine adds
			t.Errorf("%q took %v", c.args, took)
		}
		if r.code != c.code || !strings.Contains(r.stderr, c.says) || strings.Count(r.stderr, "\n") > 3 {
			t.Errorf("%q: code %d, %q", c.args, r.code, r.stderr)
		}
	}
}
