package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrExists is the error of Init where there is a config file already.
var ErrExists = errors.New("is there already and stays as it is")

// Init writes a config file with every setting as a comment, where Load would
// look for it, and returns its path. It never overwrites: what is there stays.
func Init(o Options) (string, error) {
	l := newLoader(o)
	path := l.configPath(l.lookup(find("config")).text)
	if path == "" {
		return "", errors.New("write the config file: there is no home directory for it; --config FILE names one")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("write the config file: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return path, fmt.Errorf("%s %w", plain(path), ErrExists)
	}
	if err != nil {
		return "", fmt.Errorf("write the config file: %w", err)
	}
	_, err = f.WriteString(Example())
	if err := errors.Join(err, f.Close()); err != nil {
		return "", fmt.Errorf("write the config file: %w", err)
	}
	return path, nil
}
