package state

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"

	"optflow/config/textfile"
)

// Running marks that a program on this machine streams on a key: a file of the
// state folder, locked until the program ends, however it ends.
type Running struct {
	lock *flock.Flock
}

// NewRunning is the mark for a key and the URL of its stream, nil without a state
// folder. Its name holds a hash of the key.
func NewRunning(statePath string, key, url string) *Running {
	if statePath == "" || key == "" {
		return nil
	}
	sum := sha256.Sum256([]byte("optflow streams on " + key + " at " + url))
	return &Running{flock.New(beside(statePath, "running-"+hex.EncodeToString(sum[:4])+".lock"), flock.SetPermissions(0o600))}
}

// Claim sets the mark. If another program has it, mine is false and holder that
// program's process number, 0 if it cannot be read.
func (r *Running) Claim() (mine bool, holder int, err error) {
	if err := os.MkdirAll(filepath.Dir(r.lock.Path()), 0o700); err != nil {
		return false, 0, fmt.Errorf("mark the key as in use: %w", err)
	}
	mine, err = r.lock.TryLock()
	if err != nil {
		return false, 0, fmt.Errorf("mark the key as in use: %w", err)
	}
	if mine {
		if err := os.WriteFile(r.lock.Path(), []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600); err != nil {
			return true, 0, fmt.Errorf("mark the key as in use: %w", err)
		}
		return true, 0, nil
	}
	content, err := textfile.Read(r.lock.Path())
	if err != nil {
		return false, 0, nil // where a lock keeps readers out as well
	}
	holder, err = strconv.Atoi(strings.TrimSpace(string(content)))
	if err != nil || holder < 0 {
		holder = 0
	}
	return false, holder, nil
}

// Release takes the mark away. The file stays, since another program may be
// waiting for it.
func (r *Running) Release() error {
	if err := r.lock.Unlock(); err != nil {
		return fmt.Errorf("release the key: %w", err)
	}
	return nil
}
