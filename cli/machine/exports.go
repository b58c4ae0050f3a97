package machine

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Exports writes files to a directory; "" is the working directory.
type Exports struct{ Directory string }

// Write has fill write a file and returns its full path. Without a name it
// chooses one that begins with prefix. It leaves no half file behind, and
// overwrites only if over is set; else the error is fs.ErrExist.
func (x Exports) Write(name, prefix string, over bool, fill func(io.Writer) error) (string, error) {
	path, err := fullPath(x.Directory, name)
	if err != nil {
		return "", err
	}
	if over {
		return path, replace(path, fill)
	}
	var f *os.File
	if name == "" {
		f, err = createIn(path, prefix)
	} else {
		f, err = create(path)
	}
	if err != nil {
		return "", err
	}
	return f.Name(), finish(f, fill)
}

// exportNames is how many names are tried before an export without one gives up.
const exportNames = 1000

// exportMode: only the user may read an export, the data is licensed to one
// person.
const exportMode = 0o600

// create opens a file that was not there.
func create(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, exportMode)
}

// createIn opens a file whose name is not taken yet in a directory.
func createIn(dir, prefix string) (*os.File, error) {
	for n := 1; n <= exportNames; n++ {
		name := prefix
		if n > 1 {
			name = fmt.Sprintf("%s-%d", name, n)
		}
		f, err := create(filepath.Join(dir, name+".csv"))
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
	return nil, fmt.Errorf("%s has %d exports of this second already", dir, exportNames)
}

// replace writes a file beside the old one and renames it.
func replace(path string, fill func(io.Writer) error) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	if err := finish(f, fill); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		_ = os.Remove(f.Name())
		return err
	}
	return nil
}

// finish fills a file and closes it; if that fails it removes the file.
func finish(f *os.File, fill func(io.Writer) error) error {
	w := bufio.NewWriter(f)
	if err := cmp.Or(fill(w), w.Flush(), f.Sync(), f.Close()); err != nil { // all are done, the first error counts
		_ = os.Remove(f.Name())
		return fmt.Errorf("writing %s: %w", f.Name(), err)
	}
	return nil
}

// fullPath is the absolute path of a name as typed; ~ is the home directory, and
// no name the directory itself.
func fullPath(dir, name string) (string, error) {
	if rest, ok := strings.CutPrefix(name, "~"); ok && (rest == "" || rest[0] == '/' || rest[0] == filepath.Separator) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("where ~ is: %w", err)
		}
		name = home + rest
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(dir, name)
	}
	path, err := filepath.Abs(name)
	if err != nil {
		return "", fmt.Errorf("the working directory is gone, so give %s with its directory: %w", name, err)
	}
	return path, nil
}
