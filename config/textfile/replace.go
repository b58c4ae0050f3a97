package textfile

import (
	"cmp"
	"os"
	"path/filepath"
)

// Replace writes a file beside the old one and puts it in its place, so that
// whoever reads finds the one or the other. Nobody else may read it.
func Replace(path string, text []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(text)
	if err = cmp.Or(err, f.Sync(), f.Close()); err == nil { // all are done, the first error counts
		err = os.Rename(f.Name(), path)
	}
	return err
}
